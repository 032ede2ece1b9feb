// SPDX-License-Identifier: Apache-2.0
#include "vintage_name.h"

#include <algorithm>

#include <fmt/format.h>

#include "tidemill/base/date.h"
#include "tidemill/base/text.h"

#include "query_problem.h"

namespace tidemill::data_api {

bool IsDate(std::string_view name) {
  return base::ParseDate(name).has_value();
}

Problem NoSuchVintage(const LoadedDataset& newest, std::string_view name) {
  return {"no-vintage",
          fmt::format("{} has no version {}; expected a number up to {}, latest, or a date", newest.id,
                      base::Quoted(name), newest.vintage),
          {{"valid", base::JsonString(newest.Url() + "/vintages")}}};
}

Problem OneFileOnly(const LoadedDataset& newest) {
  return {"no-vintage", newest.id + " is one file, not a table with versions", {}};
}

tl::expected<std::int64_t, Problem> FindVintage(const LoadedDataset& newest, std::string_view name) {
  if (!newest.vintages) return tl::unexpected(OneFileOnly(newest));
  if (name == "latest") return newest.vintage;
  const auto versions = newest.vintages->List();
  if (!versions) return tl::unexpected(ToProblem(versions.error()));
  const auto number = base::ParseInt(name);
  const dataset::Version* best = nullptr;
  for (const dataset::Version& version : **versions) {
    const bool fits = number ? version.number == *number : IsDate(name) && ReleasedOf(version) <= name;
    if (fits && (best == nullptr || ReleasedOf(version) >= ReleasedOf(*best))) best = &version;
  }
  if (best == nullptr) return tl::unexpected(NoSuchVintage(newest, name));
  return best->number;
}

}  // namespace tidemill::data_api
