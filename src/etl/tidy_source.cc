// SPDX-License-Identifier: Apache-2.0
#include "tidy_source.h"

#include <utility>

#include <fmt/format.h>

#include "tidemill/base/date.h"
#include "tidemill/base/text.h"

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
  const auto captured = [&source](const char* name) {
    const auto found = source.captures.find(name);
    return found == source.captures.end() ? std::string() : found->second;
  };
  const std::string day = captured("released");
  if (base::ParseDate(day)) return day;
  const auto year = base::ParseInt(captured("year"));
  const auto month = base::ParseInt(captured("month"));
  const auto of_month = base::ParseInt(captured("day"));
  if (!year || !month || !of_month) return {};
  const auto date = base::ParseDate(fmt::format("{:04}-{:02}-{:02}", *year, *month, *of_month));
  return date ? base::ToText(*date) : std::string();
}

}  // namespace tidemill::etl
