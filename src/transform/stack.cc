// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <set>

#include "tidemill/base/text.h"
#include "tidemill/transform/tidy.h"

#include "append_frame.h"
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

std::vector<const TidyEdition*> InOrder(const std::vector<TidyEdition>& editions) {
  std::vector<const TidyEdition*> ordered;
  for (const TidyEdition& edition : editions) ordered.push_back(&edition);
  std::ranges::stable_sort(ordered, {},
                           [](const TidyEdition* edition) -> const std::string& { return edition->edition; });
  return ordered;
}

base::Result<Frame> StackFrames(const std::vector<TidyEdition>& editions) {
  Frame stacked;
  for (const TidyEdition* edition : InOrder(editions)) {
    if (edition->table == nullptr) {
      return base::Fail(ErrorCode::kInternal, "edition {} has no table", base::Quoted(edition->edition));
    }
    if (stacked.columns.empty()) {
      stacked = *edition->table;
    } else {
      TIDEMILL_CHECK(AppendFrame(stacked, *edition->table, "edition " + edition->edition));
    }
  }
  PutLineageLast(stacked);
  return stacked;
}

// Null where no edition has notes.
base::Result<std::shared_ptr<const Frame>> StackNotes(const std::vector<TidyEdition>& editions) {
  std::shared_ptr<Frame> stacked;
  for (const TidyEdition* edition : InOrder(editions)) {
    if (edition->notes == nullptr) continue;
    if (stacked == nullptr) {
      stacked = std::make_shared<Frame>(*edition->notes);
    } else {
      TIDEMILL_CHECK(AppendFrame(*stacked, *edition->notes, "edition " + edition->edition));
    }
  }
  return std::shared_ptr<const Frame>(std::move(stacked));
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
    TIDEMILL_ASSIGN(Frame made, output.compat.empty() ? MakeOutput(stacked, output, spec, findings)
                                                      : MakeDeathsDataV1(stacked, output, spec));
    auto periods = PeriodsOf(made);
    result.outputs.push_back(
        {.spec = output, .table = std::make_shared<const Frame>(std::move(made)), .periods = std::move(periods)});
    if (output.compat.empty()) result.outputs.back().spec.key = KeyOf(stacked, output, spec);
  }
  TIDEMILL_ASSIGN(result.notes, StackNotes(editions));
  result.findings = std::move(findings).Finish();
  return result;
}

}  // namespace tidemill::transform
