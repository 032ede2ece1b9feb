// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <set>

#include "tidemill/base/text.h"
#include "tidemill/transform/tidy.h"

#include "output.h"

namespace tidemill::transform {
namespace {

using base::ErrorCode;

// Lineage stands last, in the order in which an edition has it.
void PutLineageLast(Frame& stacked) {
  std::ranges::stable_partition(stacked.columns, [](const Column& column) {
    const auto role = column.metadata.find("tidemill.role");
    return role == column.metadata.end() || role->second != "lineage";
  });
}

base::Result<Frame> StackFrames(const std::vector<TidyEdition>& editions) {
  std::vector<const TidyEdition*> ordered;
  for (const TidyEdition& edition : editions) ordered.push_back(&edition);
  std::ranges::stable_sort(ordered, {},
                           [](const TidyEdition* edition) -> const std::string& { return edition->edition; });
  Frame stacked;
  for (const TidyEdition* edition : ordered) {
    if (edition->table == nullptr) {
      return base::Fail(ErrorCode::kInternal, "edition {} has no table", base::Quoted(edition->edition));
    }
    TIDEMILL_ASSIGN(Frame frame, FromArrow(*edition->table));
    if (stacked.columns.empty()) {
      stacked = std::move(frame);
    } else {
      TIDEMILL_CHECK(AppendFrame(stacked, frame, "edition " + edition->edition));
    }
  }
  PutLineageLast(stacked);
  return stacked;
}

std::vector<base::Period> PeriodsOf(const Frame& frame) {
  std::set<base::Period> periods;
  for (const Column& column : frame.columns) {
    const auto role = column.metadata.find("tidemill.role");
    if (!column.is_text() || role == column.metadata.end() || role->second != "time") continue;
    for (const std::string& word : column.words) {
      if (const auto period = base::ParsePeriod(word)) periods.insert(*period);
    }
  }
  return {periods.begin(), periods.end()};
}

}  // namespace

base::Result<Stacked> Stack(const std::vector<TidyEdition>& editions, const recipe::Spec& spec) {
  if (editions.empty()) return base::Fail(ErrorCode::kInvalid, "no edition to stack");
  TIDEMILL_ASSIGN(const Frame stacked, StackFrames(editions));
  Findings findings({}, {});
  Stacked result;
  for (const recipe::OutputSpec& output : spec.outputs) {
    if (!output.compat.empty() && output.compat != "deaths-data-v1") {
      return base::Fail(ErrorCode::kUnsupported, "recipe key output.compat = {} is not supported; supported is {}",
                        base::Quoted(output.compat), "\"deaths-data-v1\"");
    }
    TIDEMILL_ASSIGN(const Frame made, output.compat.empty() ? MakeOutput(stacked, output, spec, findings)
                                                            : MakeDeathsDataV1(stacked, output, spec));
    TIDEMILL_ASSIGN(auto table, ToArrow(made));
    result.outputs.push_back({.spec = output, .table = std::move(table), .periods = PeriodsOf(made)});
    if (output.compat.empty()) result.outputs.back().spec.key = KeyOf(stacked, output, spec);
  }
  result.findings = std::move(findings).Finish();
  return result;
}

}  // namespace tidemill::transform
