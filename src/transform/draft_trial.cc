// SPDX-License-Identifier: Apache-2.0
#include "draft_trial.h"

#include <algorithm>

#include "tidemill/base/text.h"

#include "tidy_workbook.h"

namespace tidemill::transform {
namespace {

bool HoldsNotes(std::string_view name) {
  const std::string plain = recipe::Normalise(name);
  return plain.starts_with("note") || plain.starts_with("footnote");
}

}  // namespace

bool TrialBook::has_notes() const {
  return std::ranges::any_of(book_.sheets(), [](const workbook::SheetEntry& sheet) { return HoldsNotes(sheet.name); });
}

base::Result<workbook::Sheet> TrialBook::Read(std::size_t index, workbook::RowSink* rows, std::stop_token stop,
                                              const workbook::ReadOptions& options) const {
  workbook::Sheet sheet;
  if (index == index_) {
    sheet = sheet_;
  } else if (HoldsNotes(sheets()[index].name)) {
    TIDEMILL_ASSIGN(sheet, book_.ReadSheet(index, std::move(stop), options));
  } else {
    sheet.name = sheets()[index].name;
  }
  return rows == nullptr ? std::move(sheet) : workbook::GiveRows(std::move(sheet), *rows);
}

std::int64_t Trial::Failed(std::string_view slug) const {
  const auto at = failed.find(slug);
  return at == failed.end() ? 0 : at->second;
}

base::Result<Trial> TryPlan(const TrialBook& book, const Plan& plan, const EditionInput& input,
                            const Register& geography, std::stop_token stop) {
  Trial trial;
  const auto recipe = recipe::Recipe::Parse(ToToml(plan), "the draft");
  if (!recipe) {
    trial.error = recipe.error();
    return trial;
  }
  auto tidy = TidyWorkbook(book, *recipe, input, geography, std::move(stop));
  if (!tidy) {
    if (tidy.error().code == base::ErrorCode::kCancelled) return tl::unexpected(std::move(tidy).error());
    trial.error = std::move(tidy).error();
    return trial;
  }
  std::vector<TidyEdition> editions;
  editions.push_back(*std::move(tidy));
  trial.findings = editions.front().findings;
  const auto stacked = Stack(editions, recipe->base());
  if (stacked) {
    trial.findings.insert(trial.findings.end(), stacked->findings.begin(), stacked->findings.end());
  } else {
    trial.error = stacked.error();
  }
  trial.tidy = std::move(editions.front());
  for (const Finding& finding : trial.findings) {
    if (finding.severity == FindingSeverity::kFail) ++trial.failed[finding.slug];
  }
  return trial;
}

}  // namespace tidemill::transform
