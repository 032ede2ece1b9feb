// SPDX-License-Identifier: Apache-2.0
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "tidemill/base/text.h"
#include "tidemill/extract/links.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace tidemill;
  const std::string_view html(reinterpret_cast<const char*>(data), size);
  const auto page = extract::ReadPage(html, "https://stats.example/a/b?c");
  if (!page) return 0;
  for (const extract::PageLink& link : page->links) {
    if (!link.url.starts_with("http") || link.url.find('#') != std::string::npos) std::abort();
    if (!base::IsValidUtf8(link.text) || !base::IsValidUtf8(link.heading)) std::abort();
    if (extract::LinkTargets(link.url).empty()) std::abort();
  }
  return 0;
}
