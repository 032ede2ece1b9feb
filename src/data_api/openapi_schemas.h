// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

// The parts of the OpenAPI document that no dataset changes.
namespace tidemill::data_api {

extern const std::string_view kTags;
extern const std::string_view kComponents;
extern const std::string_view kValidationError;  // the 422 answer of the area-and-year route
extern const std::string_view kProblemParameter;

}  // namespace tidemill::data_api
