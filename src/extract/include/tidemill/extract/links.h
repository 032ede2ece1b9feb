// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "tidemill/base/result.h"

namespace tidemill::extract {

// A link as a page shows it.
struct PageLink {
  std::string url;      // absolute: resolved against the page (and its <base>), fragment taken off
  std::string text;     // white space collapsed
  std::string heading;  // the nearest h1–h6 above it in document order; empty where there is none
};

struct Page {
  // In document order; <a href> only. Other schemes than http and https are left out; so is file:, but for pages that
  // are files themselves.
  std::vector<PageLink> links;
  std::string title;
};

inline constexpr std::size_t kMostPageBytes = std::size_t{16} << 20U;

// Reads a page with an HTML5 parser. `page_url` is where it came from. Bytes that are no UTF-8 are taken for
// Windows-1252. Errors: kTooLarge (bytes, memory of the tree, links), kCancelled.
base::Result<Page> ReadPage(std::string_view html, std::string_view page_url, std::stop_token stop = {});

// What a recipe's link pattern is matched on: the URL percent-decoded, without its query, then each decoded query value
// (`/file?uri=/a/b.xls` gives "…/file" and "/a/b.xls").
std::vector<std::string> LinkTargets(std::string_view url);

}  // namespace tidemill::extract
