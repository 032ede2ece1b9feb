// SPDX-License-Identifier: Apache-2.0
#include "tidemill/transform/tidy.h"

#include <algorithm>

#include "edition_frame.h"
#include "sheet_tidier.h"
#include "support.h"
#include "tidy_workbook.h"
#include "witness.h"

namespace tidemill::transform {
namespace {

using base::ErrorCode;
using recipe::Captures;
using recipe::Spec;

// The reader does not know the workbook's name; whoever reads its complaint must.
base::Error InFile(const EditionInput& input, base::Error error) {
  error.place = error.place.empty() ? input.file : input.file + ", " + error.place;
  return error;
}

// Works through one edition; each step needs those before it.
class Tidier {
 public:
  Tidier(const workbook::Workbook& book, const recipe::Recipe& recipe, const EditionInput& input,
         const Register& geography, std::stop_token stop, Witness* witness)
      : book_(book),
        recipe_(recipe),
        input_(input),
        geography_(geography),
        stop_(std::move(stop)),
        witness_(witness),
        captures_(input.captures),
        findings_(input.edition, input.file),
        parts_(input) {}

  base::Result<TidyEdition> Run();

 private:
  base::Result<Spec> SpecFor(const Captures& captures);
  base::Result<std::vector<PickedSheet>> Pick() const;
  base::Result<PickedSheet> PickAsked() const;
  base::Status ReadOtherSheets(const std::vector<PickedSheet>& picked);
  void CountSheet(const workbook::Sheet& sheet);
  base::Status FindFactsOfBook(const std::vector<PickedSheet>& picked);
  base::Status ReadPicked(const PickedSheet& picked);
  base::Result<TidyEdition> Finish() &&;
  void AddIssues(const std::vector<workbook::Issue>& issues);

  const workbook::Workbook& book_;
  const recipe::Recipe& recipe_;
  const EditionInput& input_;
  const Register& geography_;
  std::stop_token stop_;
  Witness* witness_;
  Captures captures_;
  Findings findings_;
  EditionParts parts_;
  Spec spec_;  // as it holds before any sheet is picked, then for the first one
  NoteBook notes_;
  Facts book_facts_, facts_;
  std::set<int> whens_;
  std::vector<std::pair<std::string, std::int64_t>> others_;
};

// The recipe as it holds for what is known by now.
base::Result<Spec> Tidier::SpecFor(const Captures& captures) {
  std::vector<int> applied;
  TIDEMILL_ASSIGN(Spec spec, recipe_.For(captures, &applied));
  whens_.insert(applied.begin(), applied.end());
  TIDEMILL_CHECK(CheckSupported(spec));
  return spec;
}

// The sheet that somebody asked to see; its name is captured from where the recipe picks it too.
base::Result<PickedSheet> Tidier::PickAsked() const {
  TIDEMILL_ASSIGN(PickedSheet asked, PickNamed(book_.sheets(), witness_->sheet(), input_.file));
  if (!spec_.sheet.each) return asked;
  const auto picked = PickSheets(book_.sheets(), spec_.sheet, captures_, input_.file);
  if (!picked) return asked;
  const auto same = std::ranges::find(*picked, asked.index, &PickedSheet::index);
  if (same != picked->end()) asked.captures = same->captures;
  return asked;
}

base::Result<std::vector<PickedSheet>> Tidier::Pick() const {
  if (witness_ != nullptr && !witness_->sheet().empty()) {
    TIDEMILL_ASSIGN(PickedSheet asked, PickAsked());
    return std::vector<PickedSheet>{std::move(asked)};
  }
  const auto pick = [&]() -> base::Result<std::vector<PickedSheet>> {
    if (spec_.sheet.each) return PickSheets(book_.sheets(), spec_.sheet, captures_, input_.file);
    TIDEMILL_ASSIGN(PickedSheet picked, PickSheet(book_.sheets(), spec_.sheet, captures_, input_.file));
    return std::vector<PickedSheet>{std::move(picked)};
  };
  auto picked = pick();
  if (!picked && witness_ != nullptr) witness_->SawNoSheet(book_, spec_.sheet, captures_);
  return picked;
}

void Tidier::CountSheet(const workbook::Sheet& sheet) {
  std::int64_t filled = 0;
  for (std::size_t row = 0; row < sheet.rows().size(); ++row) {
    for (const workbook::Cell& cell : sheet.CellsOf(row)) filled += IsFilled(sheet, cell) ? 1 : 0;
  }
  others_.emplace_back(sheet.name, filled);
}

// Sheets of notes and facts of the book are read, all others counted.
base::Status Tidier::ReadOtherSheets(const std::vector<PickedSheet>& picked) {
  const bool facts = std::ranges::any_of(spec_.facts, &recipe::FactSpec::in_book);
  for (std::size_t i = 0; i < book_.sheets().size(); ++i) {
    if (std::ranges::find(picked, i, &PickedSheet::index) != picked.end()) continue;
    if (book_.sheets()[i].type != workbook::SheetType::kWorksheet) continue;
    const std::string& name = book_.sheets()[i].name;
    auto sheet = book_.ReadSheet(i, stop_);
    findings_.SetSheet(name);
    if (!sheet) {
      if (sheet.error().code == ErrorCode::kCancelled) return tl::unexpected(std::move(sheet).error());
      findings_.Warn("sheet-unread", {}, sheet.error().message);
      others_.emplace_back(name, 0);
      continue;
    }
    CountSheet(*sheet);
    const bool notes = std::ranges::any_of(
        spec_.notes.sheet, [&](const recipe::Pattern& pattern) { return pattern.Match(name, captures_).has_value(); });
    if (notes) notes_.ReadSheet(*sheet, spec_);
    if (!facts) continue;
    Grid grid(*sheet);
    ReadFacts(grid, spec_, captures_, true, findings_, book_facts_);
  }
  return {};
}

// Facts of the book that stand on a sheet of figures hold for those before it too.
base::Status Tidier::FindFactsOfBook(const std::vector<PickedSheet>& picked) {
  const auto lacks = [&] {
    return std::ranges::any_of(
        spec_.facts, [&](const recipe::FactSpec& fact) { return fact.in_book && !book_facts_.contains(fact.name); });
  };
  for (std::size_t i = 0; picked.size() > 1 && i < picked.size() && lacks(); ++i) {
    auto sheet = book_.ReadSheet(picked[i].index, stop_);
    if (!sheet) return tl::unexpected(InFile(input_, std::move(sheet).error()));
    Grid grid(*sheet);
    findings_.SetSheet(sheet->name);
    ReadFacts(grid, spec_, captures_, true, findings_, book_facts_);
  }
  return {};
}

// What the reader found odd may have changed a value: a person looks first.
void Tidier::AddIssues(const std::vector<workbook::Issue>& issues) {
  for (const workbook::Issue& issue : issues) {
    findings_.Add(FindingSeverity::kHold, "reader", issue.cell, fmt::format("{}: {}", issue.code, issue.message));
  }
}

base::Status Tidier::ReadPicked(const PickedSheet& picked) {
  Captures captures = captures_;
  for (const auto& [name, value] : picked.captures) captures.try_emplace(name, value);
  captures.insert_or_assign("sheet", book_.sheets()[picked.index].name);
  TIDEMILL_ASSIGN(Spec spec, SpecFor(captures));
  auto sheet = book_.ReadSheet(picked.index, stop_);
  if (!sheet) return tl::unexpected(InFile(input_, std::move(sheet).error()));
  findings_.SetSheet(sheet->name);
  AddIssues(sheet->issues);
  Grid grid(*sheet);
  Facts facts = book_facts_;
  ReadFacts(grid, spec, captures, false, findings_, facts);
  CheckFacts(spec, facts, findings_);
  for (const auto& [name, value] : facts) captures.try_emplace(name, value);
  facts_.insert(facts.begin(), facts.end());
  if (!facts.empty()) {
    TIDEMILL_ASSIGN(spec, SpecFor(captures));
  }
  notes_.BeginSheet();
  const SheetJob job{.input = input_,
                     .geography = geography_,
                     .spec = spec,
                     .picked = picked,
                     .captures = captures,
                     .facts = facts,
                     .notes = notes_,
                     .findings = findings_,
                     .stop = stop_,
                     .witness = witness_};
  return TidySheet(job, grid, parts_);
}

base::Result<TidyEdition> Tidier::Finish() && {
  findings_.SetSheet({});
  CheckCounts counts;
  TIDEMILL_CHECK(CheckWhole(
      {.spec = spec_, .input = input_, .captures = captures_, .periods = parts_.periods(), .frame = parts_.frame()},
      findings_, counts));
  TidyEdition tidy =
      std::move(parts_).Finish({.fact_specs = spec_.facts, .facts = facts_, .whens = whens_, .notes = notes_});
  tidy.checks.merge(counts);
  tidy.accounting.sheets_not_picked = std::move(others_);
  if (!notes_.notes().empty()) {
    tidy.notes = std::make_shared<const frame::Frame>(NotesFrame(notes_, input_.edition));
  }
  tidy.findings = std::move(findings_).Finish();
  return tidy;
}

base::Result<TidyEdition> Tidier::Run() {
  TIDEMILL_ASSIGN(spec_, SpecFor(captures_));
  TIDEMILL_ASSIGN(const std::vector<PickedSheet> picked, Pick());
  Captures first = captures_;
  for (const auto& [name, value] : picked.front().captures) first.try_emplace(name, value);
  first.insert_or_assign("sheet", book_.sheets()[picked.front().index].name);
  TIDEMILL_ASSIGN(spec_, SpecFor(first));
  AddIssues(book_.issues());
  TIDEMILL_CHECK(ReadOtherSheets(picked));
  TIDEMILL_CHECK(FindFactsOfBook(picked));
  for (const PickedSheet& sheet : picked) TIDEMILL_CHECK(ReadPicked(sheet));
  if (picked.size() == 1) captures_ = std::move(first);
  return std::move(*this).Finish();
}

}  // namespace

base::Result<TidyEdition> TidyWorkbook(const workbook::Workbook& book, const recipe::Recipe& recipe,
                                       const EditionInput& input, const Register& geography, std::stop_token stop,
                                       Witness* witness) {
  return Tidier(book, recipe, input, geography, std::move(stop), witness).Run();
}

workbook::OpenOptions OpenOptionsOf(const recipe::Spec& spec, const workbook::Limits& limits) {
  const recipe::CsvOptions& csv = spec.source.csv;
  return {.limits = limits,
          .csv = {.encoding = csv.encoding, .delimiter = csv.delimiter, .quote = csv.quote, .comment = csv.comment}};
}

base::Result<std::unique_ptr<workbook::Workbook>> OpenEdition(std::string_view bytes, const recipe::Recipe& recipe,
                                                              const EditionInput& input,
                                                              const workbook::Limits& limits) {
  auto book = workbook::OpenWorkbook(bytes, OpenOptionsOf(recipe.base(), limits));
  if (!book) return tl::unexpected(InFile(input, std::move(book).error()));
  return book;
}

base::Result<TidyEdition> Tidy(std::string_view bytes, const recipe::Recipe& recipe, const EditionInput& input,
                               const Register& geography, const workbook::Limits& limits, std::stop_token stop) {
  TIDEMILL_ASSIGN(const auto book, OpenEdition(bytes, recipe, input, limits));
  return TidyWorkbook(*book, recipe, input, geography, std::move(stop));
}

}  // namespace tidemill::transform
