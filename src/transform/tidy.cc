// SPDX-License-Identifier: Apache-2.0
#include "tidemill/transform/tidy.h"

#include <algorithm>

#include "tidemill/base/text.h"

#include "area_codes.h"
#include "binding_error.h"
#include "checks.h"
#include "edition_frame.h"
#include "facts.h"
#include "geo_code.h"
#include "levels.h"
#include "lock.h"
#include "repeats.h"
#include "support.h"
#include "tidy_workbook.h"
#include "witness.h"

namespace tidemill::transform {
namespace {

using base::ErrorCode;
using recipe::Captures;
using recipe::ColumnSpec;
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
        findings_(input.edition, input.file) {}

  base::Result<TidyEdition> Run();

 private:
  base::Status Specialise();
  base::Result<PickedSheet> Pick() const;
  base::Status ReadOtherSheets();
  base::Result<TidyEdition> ReadPicked(const workbook::Sheet& sheet);
  void AddIssues(const std::vector<workbook::Issue>& issues);
  AxisReader MakeAxisReader(const ColumnSpec& spec) const;
  base::Status ReadNotes(Grid& grid, Table& table, bool& trailing);
  base::Status SettleResidues(const Grid& grid, Table& table, bool& trailing);
  void ClaimAround(Grid& grid, const Table& table);
  void NestByCode(const Binding& binding, std::vector<BodyRow>& rows);
  base::Status FindCodes(const Grid& grid, const Binding& binding, const Table& table, Body& body);
  base::Result<TidyEdition> Finish(const Grid& grid, const Table& table, const Binding& binding, const Body& body);
  int EditionYear() const;
  std::string Place(std::string_view sheet) const { return fmt::format("{}, '{}'", input_.file, sheet); }

  const workbook::Workbook& book_;
  const recipe::Recipe& recipe_;
  const EditionInput& input_;
  const Register& geography_;
  std::stop_token stop_;
  Witness* witness_;
  Captures captures_;
  Findings findings_;
  Spec spec_;
  std::vector<int> whens_;  // the [[when]] blocks in it
  PickedSheet picked_;
  NoteBook notes_;
  std::map<std::string, std::string> facts_;
  std::optional<base::Date> vintage_;
  std::vector<std::pair<std::string, std::int64_t>> others_;
};

// The recipe as it holds for what is known by now.
base::Status Tidier::Specialise() {
  TIDEMILL_ASSIGN(spec_, recipe_.For(captures_, &whens_));
  return CheckSupported(spec_);
}

// The sheet that the recipe picks, or that somebody asked to see.
base::Result<PickedSheet> Tidier::Pick() const {
  if (witness_ != nullptr && !witness_->sheet().empty())
    return PickNamed(book_.sheets(), witness_->sheet(), input_.file);
  auto picked = PickSheet(book_.sheets(), spec_.sheet, captures_, input_.file);
  if (!picked && witness_ != nullptr) witness_->SawNoSheet(book_, spec_.sheet, captures_);
  return picked;
}

int Tidier::EditionYear() const {
  for (const std::string& text :
       {captures_.contains("year") ? captures_.find("year")->second : std::string(), input_.edition}) {
    if (const auto year = base::ParseInt(std::string_view(text).substr(0, 4)); year && *year >= 1800 && *year < 2200) {
      return static_cast<int>(*year);
    }
  }
  return static_cast<int>(std::chrono::year_month_day(input_.today).year());
}

AxisReader Tidier::MakeAxisReader(const ColumnSpec& spec) const {
  const std::string beside = Expand(spec.year.empty() ? spec.must : spec.year, captures_);
  std::optional<int> year;
  if (const auto number = base::ParseInt(beside); number && *number >= 1800 && *number < 2200) {
    year = static_cast<int>(*number);
  }
  return AxisReader(spec.axis.value_or(recipe::AxisKind::kText), spec.parse, year, EditionYear());
}

// Sheets of notes are read, all others counted.
base::Status Tidier::ReadOtherSheets() {
  for (std::size_t i = 0; i < book_.sheets().size(); ++i) {
    if (i == picked_.index || book_.sheets()[i].type != workbook::SheetType::kWorksheet) continue;
    const std::string& name = book_.sheets()[i].name;
    auto sheet = book_.ReadSheet(i, stop_);
    if (!sheet) {
      if (sheet.error().code == ErrorCode::kCancelled) return tl::unexpected(std::move(sheet).error());
      findings_.SetSheet(name);
      findings_.Warn("sheet-unread", {}, sheet.error().message);
      others_.emplace_back(name, 0);
      continue;
    }
    std::int64_t filled = 0;
    for (std::size_t row = 0; row < sheet->rows().size(); ++row) {
      for (const workbook::Cell& cell : sheet->CellsOf(row)) filled += IsFilled(*sheet, cell) ? 1 : 0;
    }
    others_.emplace_back(name, filled);
    const bool notes = std::ranges::any_of(
        spec_.notes.sheet, [&](const recipe::Pattern& pattern) { return pattern.Match(name, captures_).has_value(); });
    if (notes) notes_.ReadSheet(*sheet, spec_);
  }
  return {};
}

// What is left of an axis text must be numbers of notes that exist, where the recipe reads such.
base::Status Tidier::SettleResidues(const Grid& grid, Table& table, bool& trailing) {
  for (AxisCell& cell : table.axis) {
    if (cell.value.rest.empty()) continue;
    std::vector<std::string> numbers = NoteNumbers(cell.value.rest);
    const bool known =
        spec_.notes.trailing && !numbers.empty() &&
        std::ranges::all_of(numbers, [&](const auto& number) { return notes_.numbers().contains(number); });
    if (!known) {
      return BindingError("axis-residue", Place(grid.sheet().name) + "!" + grid.A1(table.header_last, *cell.cell),
                          "{} reads as {} by {}, but {} is left over",
                          base::Quoted(grid.sheet().DisplayText(*cell.cell)), cell.value.text,
                          base::Quoted(cell.value.format), base::Quoted(cell.value.rest));
    }
    std::ranges::move(numbers, std::back_inserter(cell.notes));
    cell.value.rest.clear();
    trailing = true;
  }
  return {};
}

// Titles above the table and lines below it; numbers in the columns of values are left for conservation to find.
void Tidier::ClaimAround(Grid& grid, const Table& table) {
  std::set<std::uint32_t> value_columns;
  for (const AxisCell& cell : table.axis) value_columns.insert(cell.column);
  for (std::size_t row = 0; row < table.header_first; ++row) {
    for (const workbook::Cell& cell : grid.Cells(row)) {
      const bool stray = cell.kind == workbook::CellKind::kNumber && value_columns.contains(cell.column);
      if (!stray) grid.Claim(cell, CellClass::kText);
    }
  }
  for (std::size_t row = table.header_first; row <= table.header_last; ++row) {
    for (const workbook::Cell& cell : grid.Cells(row)) {
      if (cell.column >= table.first_column && cell.column <= table.last_column) grid.Claim(cell, CellClass::kHeader);
    }
  }
  for (std::size_t row = table.body_end; row < table.native_end; ++row) {
    for (const workbook::Cell& cell : grid.Cells(row)) grid.Claim(cell, CellClass::kTotal);
  }
  notes_.ReadRows(grid, spec_, table.native_end, grid.row_count(), value_columns);
  for (std::size_t row = 0; row <= table.header_last; ++row) notes_.TouchRow(grid, spec_, row, value_columns);
}

base::Status Tidier::ReadNotes(Grid& grid, Table& table, bool& trailing) {
  ClaimAround(grid, table);
  notes_.FindStatuses(spec_);
  return SettleResidues(grid, table, trailing);
}

base::Status Tidier::FindCodes(const Grid& grid, const Binding& binding, const Table& table, Body& body) {
  if (!binding.code) return {};
  int year = EditionYear();
  if (!table.axis.empty() && table.axis.front().value.period) year = table.axis.front().value.period->year;
  const auto source = std::ranges::find(binding.dimensions, binding.code->spec->from,
                                        [](const BoundColumn& column) { return column.spec->name; });
  std::optional<std::size_t> dimension;
  if (source != binding.dimensions.end()) {
    dimension = static_cast<std::size_t>(source - binding.dimensions.begin());
  }
  TIDEMILL_ASSIGN(vintage_, ResolveCodes({.geography = geography_,
                                          .column = *binding.code,
                                          .dimension = dimension,
                                          .label = binding.label,
                                          .year = year,
                                          .codes = spec_.checks.codes,
                                          .grid = grid,
                                          .place = Place(grid.sheet().name)},
                                         findings_, body.rows));
  return {};
}

void Tidier::NestByCode(const Binding& binding, std::vector<BodyRow>& rows) {
  if (binding.label == nullptr || !binding.label->levels_by_code) return;
  if (vintage_) {
    AssignParentsByCode(geography_, *vintage_, rows);
  } else {
    findings_.Warn("levels-unknown", {}, "levels = \"code\" needs the register of codes; no row has children");
  }
}

base::Result<TidyEdition> Tidier::Finish(const Grid& grid, const Table& table, const Binding& binding,
                                         const Body& body) {
  const BoundEdition edition{.spec = spec_,
                             .input = input_,
                             .grid = grid,
                             .sheet = picked_,
                             .table = table,
                             .binding = binding,
                             .body = body,
                             .notes = notes_,
                             .facts = facts_,
                             .geography = geography_,
                             .captures = captures_,
                             .vintage = vintage_,
                             .whens = whens_};
  if (witness_ != nullptr) witness_->SawBound(edition);
  TidyEdition tidy;
  tidy.edition = input_.edition;
  tidy.accounting = grid.Account();
  tidy.accounting.sheets_not_picked = others_;
  TIDEMILL_ASSIGN(const CheckReport report, RunChecks(edition, findings_));
  CheckConservation(edition, findings_, tidy.accounting);
  notes_.Report(findings_);
  tidy.facts = facts_;
  tidy.lock_toml = LockToml(edition, tidy.accounting);
  tidy.explained = Explain(edition, tidy.accounting, report.codes_valid, report.exceptions, report.sums_checked);
  tidy.sums_checked = report.sums_checked;
  for (const AxisCell& cell : table.axis) {
    if (!cell.published) tidy.unpublished.push_back(cell.value.text);
  }
  tidy.table = std::make_shared<const frame::Frame>(ToFrame(edition));
  if (!notes_.notes().empty()) tidy.notes = std::make_shared<const frame::Frame>(NotesFrame(edition));
  tidy.findings = std::move(findings_).Finish();
  return tidy;
}

// What the reader found odd may have changed a value: a person looks first.
void Tidier::AddIssues(const std::vector<workbook::Issue>& issues) {
  for (const workbook::Issue& issue : issues) {
    findings_.Add(FindingSeverity::kHold, "reader", issue.cell, fmt::format("{}: {}", issue.code, issue.message));
  }
}

base::Result<TidyEdition> Tidier::ReadPicked(const workbook::Sheet& sheet) {
  AddIssues(book_.issues());
  findings_.SetSheet(sheet.name);
  AddIssues(sheet.issues);
  Grid grid(sheet);
  facts_ = ReadFacts(grid, spec_, captures_, findings_);
  for (const auto& [name, value] : facts_) captures_.try_emplace(name, value);
  if (!facts_.empty()) TIDEMILL_CHECK(Specialise());
  const MarkerSet markers(spec_.markers);
  const auto axis_spec = std::ranges::find_if(spec_.columns, [](const ColumnSpec& column) {
    return column.role == recipe::Role::kAxis || (column.role == recipe::Role::kDimension && column.axis.has_value());
  });
  std::optional<AxisReader> axis;
  if (axis_spec != spec_.columns.end()) axis = MakeAxisReader(*axis_spec);
  const bool across = axis_spec != spec_.columns.end() && axis_spec->role == recipe::Role::kAxis;
  const TableSearch find{.grid = grid,
                         .spec = spec_,
                         .bound = captures_,
                         .axis = across ? &*axis : nullptr,
                         .markers = markers,
                         .place = Place(sheet.name)};
  auto found = FindTable(find);
  if (!found && witness_ != nullptr) witness_->SawNoTable(find);
  TIDEMILL_ASSIGN(Table table, std::move(found));
  auto bound = BindColumns(find, table);
  if (!bound && witness_ != nullptr) witness_->SawNoColumns(find, table);
  TIDEMILL_ASSIGN(const Binding binding, std::move(bound));
  bool trailing = false;
  auto noted = ReadNotes(grid, table, trailing);
  if (!noted && witness_ != nullptr) witness_->SawNoColumns(find, table);
  TIDEMILL_CHECK(std::move(noted));
  TableSearch read = find;
  read.axis = axis ? &*axis : nullptr;
  TIDEMILL_ASSIGN(Body body, ReadBody({.search = read,
                                       .grid = grid,
                                       .table = table,
                                       .binding = binding,
                                       .notes = notes_,
                                       .status_of_all = input_.final ? std::string() : spec_.source.not_final,
                                       .findings = findings_}));
  body.found_trailing |= trailing;
  for (const AxisCell& cell : table.axis) {
    const CleanText clean = grid.Clean(*cell.cell, spec_.notes);
    body.found_script |= clean.script;
    body.found_bracket |= clean.bracket;
  }
  if (stop_.stop_requested()) return base::Fail(ErrorCode::kCancelled, "stopped");
  if (binding.label != nullptr && !binding.label->levels.empty()) {
    AssignLevels(grid, *binding.label, binding, findings_, body.rows);
  }
  TIDEMILL_CHECK(FindCodes(grid, binding, table, body));
  NestByCode(binding, body.rows);
  ResolveRepeats(spec_.table.repeats, grid, body, findings_);
  return Finish(grid, table, binding, body);
}

base::Result<TidyEdition> Tidier::Run() {
  TIDEMILL_CHECK(Specialise());
  TIDEMILL_ASSIGN(picked_, Pick());
  for (const auto& [name, value] : picked_.captures) captures_.try_emplace(name, value);
  captures_.insert_or_assign("sheet", book_.sheets()[picked_.index].name);
  TIDEMILL_CHECK(Specialise());
  TIDEMILL_CHECK(ReadOtherSheets());
  auto sheet = book_.ReadSheet(picked_.index, stop_);
  if (!sheet) return tl::unexpected(InFile(input_, std::move(sheet).error()));
  return ReadPicked(*sheet);
}

}  // namespace

base::Result<TidyEdition> TidyWorkbook(const workbook::Workbook& book, const recipe::Recipe& recipe,
                                       const EditionInput& input, const Register& geography, std::stop_token stop,
                                       Witness* witness) {
  return Tidier(book, recipe, input, geography, std::move(stop), witness).Run();
}

base::Result<TidyEdition> Tidy(std::string_view bytes, const recipe::Recipe& recipe, const EditionInput& input,
                               const Register& geography, const workbook::Limits& limits, std::stop_token stop) {
  auto book = workbook::OpenWorkbook(bytes, limits);
  if (!book) return tl::unexpected(InFile(input, std::move(book).error()));
  return TidyWorkbook(**book, recipe, input, geography, std::move(stop));
}

}  // namespace tidemill::transform
