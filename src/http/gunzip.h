// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "tidemill/base/result.h"

namespace tidemill::http {

// A gzip file decoded, all its members. kTooLarge beyond `most_bytes`, kMalformed where it is none or broken.
base::Result<std::string> Gunzip(std::string_view bytes, std::uint64_t most_bytes);

}  // namespace tidemill::http
