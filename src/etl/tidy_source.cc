// SPDX-License-Identifier: Apache-2.0
#include "tidy_source.h"

#include <utility>

#include "tidemill/base/date.h"

namespace tidemill::etl {

base::Result<transform::TidyEdition> TidySource(const TidyTools& tools, const EditionSource& source,
                                                const extract::SourceStore& sources, std::stop_token stop) {
  TIDEMILL_ASSIGN(const std::string bytes, sources.ReadBytes(source.source));
  const transform::EditionInput input{
      .edition = source.edition,
      .captures = source.captures,
      .final = source.final,
      .file = source.file,
      .url = source.url,
      .sha256 = source.source.sha256,
      .today = tools.today,
  };
  return transform::Tidy(bytes, tools.recipe, input, tools.geography, tools.limits, std::move(stop));
}

std::string ReleasedOf(const transform::TidyEdition& tidy, const EditionSource& source) {
  if (const auto fact = tidy.facts.find("released"); fact != tidy.facts.end()) return fact->second;
  const auto captured = source.captures.find("released");
  const bool is_day = captured != source.captures.end() && base::ParseDate(captured->second);
  return is_day ? captured->second : std::string();
}

}  // namespace tidemill::etl
