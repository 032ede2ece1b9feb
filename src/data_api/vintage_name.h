// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include <tl/expected.hpp>

#include "loaded_dataset.h"
#include "problem.h"

// Versions as paths and `against` name them: a number, "latest", or a date.
namespace tidemill::data_api {

bool IsDate(std::string_view name);
// The number that the name stands for; of a date the version that was the published one then. Errors: no-vintage.
tl::expected<std::int64_t, Problem> FindVintage(const LoadedDataset& newest, std::string_view name);

Problem NoSuchVintage(const LoadedDataset& newest, std::string_view name);
Problem OneFileOnly(const LoadedDataset& newest);

}  // namespace tidemill::data_api
