// SPDX-License-Identifier: Apache-2.0
#include "tidemill/transform/explained.h"

#include <algorithm>

#include "candidates.h"
#include "picture.h"
#include "tidy_workbook.h"
#include "witness.h"

namespace tidemill::transform {
namespace {

constexpr std::size_t kSheetsDrawn = 2;  // of several that might be meant

}  // namespace

void Witness::Add(std::vector<Candidate> candidates) {
  std::ranges::move(candidates, std::back_inserter(explained_.candidates));
}

void Witness::DrawOnly(Picture picture) {
  explained_.pictures.clear();
  explained_.pictures.push_back(std::move(picture));
}

void Witness::SawNoSheet(const workbook::Workbook& book, const recipe::SheetSpec& spec, const recipe::Captures& bound) {
  std::vector<Candidate> candidates = SheetCandidates(book.sheets(), spec, bound);
  const auto read = [&](const Candidate& candidate) {
    const auto at = std::ranges::find(book.sheets(), candidate.sheet, &workbook::SheetEntry::name);
    return book.ReadSheet(static_cast<std::size_t>(at - book.sheets().begin()));
  };
  if (std::ranges::none_of(candidates, [](const Candidate& candidate) { return candidate.score > 0; })) {
    for (Candidate& candidate : candidates) {
      if (candidate.never) continue;
      if (const auto sheet = read(candidate)) ScoreByLooks(*sheet, candidate);
    }
    std::ranges::stable_sort(candidates, std::ranges::greater(), &Candidate::score);
  }
  for (std::size_t i = 0; i < candidates.size() && i < kSheetsDrawn && !candidates[i].never; ++i) {
    if (i > 0 && candidates[i].score <= 0) break;
    if (const auto sheet = read(candidates[i])) explained_.pictures.push_back(DrawUnbound(Grid(*sheet)));
  }
  Add(std::move(candidates));
}

void Witness::SawNoTable(const TableSearch& search) {
  DrawOnly(DrawUnbound(search.grid));
  Add(TableCandidates(search));
}

void Witness::SawNoColumns(const TableSearch& search, const Table& table) {
  DrawOnly(DrawUnbound(search.grid, HeaderRange(search.grid, table)));
  Add(ColumnCandidates(search, table));
}

void Witness::SawBound(const BoundEdition& edition) {
  std::vector<Picture>& pictures = explained_.pictures;
  if (pictures.empty()) {
    pictures.push_back(Draw(edition));
  } else if (pictures.front().sheet == edition.grid.sheet().name) {
    AddTable(pictures.front(), Draw(edition));
  }
}

base::Result<Explained> ExplainWorkbook(const workbook::Workbook& book, const recipe::Recipe& recipe,
                                        const EditionInput& input, const ExplainOptions& options,
                                        const Register& geography, std::stop_token stop) {
  Witness witness(options);
  auto tidy = TidyWorkbook(book, recipe, input, geography, std::move(stop), &witness);
  Explained& explained = witness.explained();
  explained.recipe = recipe.base().name;
  explained.file = input.file;
  explained.edition = input.edition;
  if (tidy) {
    explained.text = std::move(tidy->explained);
    explained.accounting = std::move(tidy->accounting);
    explained.findings = std::move(tidy->findings);
  } else if (tidy.error().verdict == base::Verdict::kCheckFailed) {
    explained.error = std::move(tidy).error();
  } else {
    return tl::unexpected(std::move(tidy).error());
  }
  return std::move(explained);
}

base::Result<Explained> ExplainBinding(std::string_view bytes, const recipe::Recipe& recipe, const EditionInput& input,
                                       const ExplainOptions& options, const Register& geography,
                                       const workbook::Limits& limits, std::stop_token stop) {
  TIDEMILL_ASSIGN(const auto book, OpenEdition(bytes, recipe, input, limits));
  return ExplainWorkbook(*book, recipe, input, options, geography, std::move(stop));
}

}  // namespace tidemill::transform
