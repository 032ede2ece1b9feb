// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "tidemill/base/result.h"
#include "tidemill/extract/sources.h"

namespace tidemill::extract {

// The text of STORE/_sources/<sha256>.json.
std::string ToJson(const Source& source);
base::Result<Source> ParseSource(std::string_view json);

// What is known of a page that is kept, in STORE/_sources/_pages/<sha256 of its address>.json.
struct KeptPage {
  std::string url;        // that was asked for
  std::string final_url;  // after redirects
  std::string etag;
  std::string last_modified;
  std::string sha256;  // of the HTML that this belongs to
  base::Time fetched;
};
std::string ToJson(const KeptPage& page);
base::Result<KeptPage> ParseKeptPage(std::string_view json);

}  // namespace tidemill::extract
