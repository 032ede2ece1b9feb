// SPDX-License-Identifier: Apache-2.0
#pragma once

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
  std::vector<PageLink> links;  // in document order; <a href> only; other schemes than http, https, file are left out
  std::string title;
};

// Reads a page with an HTML5 parser. `page_url` is where it came from. Errors: kTooLarge (depth or size).
base::Result<Page> ReadPage(std::string_view html, std::string_view page_url);

// `reference` resolved against `base` (RFC 3986, section 5).
base::Result<std::string> ResolveUrl(std::string_view base, std::string_view reference);

// What a recipe's link pattern is matched on: the URL percent-decoded, without its query, then each decoded query value
// (`/file?uri=/a/b.xls` gives "…/file" and "/a/b.xls").
std::vector<std::string> LinkTargets(std::string_view url);

}  // namespace tidemill::extract
