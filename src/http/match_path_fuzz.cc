// SPDX-License-Identifier: Apache-2.0
// Paths against the patterns of the service: never a crash, and a match gives as many sound values as the pattern asks.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "tidemill/base/text.h"
#include "tidemill/http/router.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view path(reinterpret_cast<const char*>(data), size);
  for (const std::string_view pattern : {"/", "/{a}", "/year/{year}/geo_code/{geo_code}", "/v1/datasets/{dataset}"}) {
    const auto values = tidemill::http::MatchPath(pattern, path);
    if (!values) continue;
    if (!tidemill::http::PathIsSound(path)) std::abort();
    if (values->size() != static_cast<std::size_t>(std::count(pattern.begin(), pattern.end(), '{'))) std::abort();
    for (const auto& value : *values) {
      if (value.empty() || !tidemill::base::IsValidUtf8(value)) std::abort();
    }
  }
  return 0;
}
