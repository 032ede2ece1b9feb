// SPDX-License-Identifier: Apache-2.0
#include "draft_others.h"

#include <algorithm>

#include "tidemill/base/text.h"

namespace tidemill::transform {

base::Status TryOthers(const std::string& toml, const DraftOptions& options, const Register& geography,
                       std::stop_token stop, Draft& draft) {
  if (options.others.empty()) return {};
  TIDEMILL_ASSIGN(const recipe::Recipe recipe, recipe::Recipe::Parse(toml, "the draft"));
  for (const OtherEdition& other : options.others) {
    const EditionInput input{.edition = other.file,
                             .captures = other.captures,
                             .final = true,
                             .file = other.file,
                             .url = {},
                             .sha256 = {},
                             .today = options.today};
    const auto tidy = Tidy(other.bytes, recipe, input, geography, {}, stop);
    if (!tidy) {
      if (tidy.error().code == base::ErrorCode::kCancelled) return tl::unexpected(tidy.error());
      draft.left.push_back("another edition does not bind: " + tidy.error().ToText());
      continue;
    }
    const auto stops = [](const Finding& finding) { return finding.severity != FindingSeverity::kWarn; };
    const auto first = std::ranges::find_if(tidy->findings, stops);
    if (first == tidy->findings.end()) {
      draft.remarks.push_back(fmt::format("{} reads the same way: {} values, unaccounted {}", other.file,
                                          base::Thousands(tidy->accounting.value), tidy->accounting.unaccounted));
    } else {
      draft.left.push_back(fmt::format("another edition: {} findings, first {}: {}",
                                       std::ranges::count_if(tidy->findings, stops), first->slug, first->ToText()));
    }
  }
  return {};
}

}  // namespace tidemill::transform
