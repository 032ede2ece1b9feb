// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include <tl/expected.hpp>

#include "sdmx_data.h"

// What a request under /sdmx/2.1 asks for (SDMX REST 1.5).
namespace tidemill::data_api {

// A refusal as SDMX-ML has it: a code of its list (100 nothing found, 140 syntax, 150 semantic, 501 not implemented).
struct SdmxError {
  int status = 400;
  int code = 140;
  std::string text;
};

struct SdmxPath {
  std::string resource;  // "data", "dataflow" …
  std::string agency = "all", id = "all", version = "latest";
  std::string key = "all";  // of data
};
// `path` is what follows /sdmx/2.1/, still percent-encoded; a slash at its end does not count.
tl::expected<SdmxPath, SdmxError> ParseSdmxPath(std::string_view path);

// The parts of a key, as many as `ids`; "all" is any of each.
tl::expected<std::vector<std::vector<std::string>>, SdmxError> ParseSdmxKey(std::string_view key,
                                                                            const std::vector<std::string>& ids);

// Parameters that SDMX does not know are ignored, as it asks.
tl::expected<SdmxDataQuery, SdmxError> ParseSdmxDataQuery(std::string_view raw_query);

}  // namespace tidemill::data_api
