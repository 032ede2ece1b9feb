// SPDX-License-Identifier: Apache-2.0
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "tidemill/http/url.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using tidemill::http::EncodeIllegal;
  using tidemill::http::JoinUrl;
  using tidemill::http::MaskUrl;
  using tidemill::http::SplitUrl;
  const std::string_view url(reinterpret_cast<const char*>(data), size);
  if (JoinUrl(SplitUrl(url)) != url) std::abort();
  const std::string masked = MaskUrl(url);
  if (EncodeIllegal(masked) != masked || MaskUrl(masked) != masked) std::abort();
  tidemill::http::HostAndPort(url);
  return 0;
}
