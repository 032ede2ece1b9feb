// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <stop_token>
#include <string>
#include <vector>

#include "tidemill/base/result.h"
#include "tidemill/transform/draft.h"

namespace tidemill::app {

struct DraftSourceArguments {
  std::vector<std::string> where;  // addresses or files
  std::vector<std::string> set;    // "year=2018"
  std::string link;                // pattern
  std::string store = "./tidemill-data";
  std::string contact;
  double pause_seconds = 1;
};

// What a draft is made from: a workbook, and what is known of where it came from.
struct ReadySource {
  std::string bytes;
  transform::DraftOptions options;
  transform::Decision decision;  // about the links of a page; `about` is empty where there was none
};

// Reads files, or a page and its newest two editions, one request at a time; what is fetched is kept in the store. A
// decision about the page's links that is not sure comes without bytes.
base::Result<ReadySource> ReadDraftSource(const DraftSourceArguments& arguments, std::stop_token stop);

// "year=2018" → year, 2018. Errors: kInvalid.
base::Result<recipe::Captures> ParseCaptures(const std::vector<std::string>& set);

// A capture of a name that is none of these would be ignored. Errors: kInvalid.
base::Status RefuseUnknown(const recipe::Captures& set, const std::vector<std::string>& names);

}  // namespace tidemill::app
