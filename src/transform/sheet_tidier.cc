// SPDX-License-Identifier: Apache-2.0
#include "sheet_tidier.h"

#include <algorithm>

#include "tidemill/base/text.h"

#include "area_codes.h"
#include "binding_error.h"
#include "levels.h"
#include "repeats.h"
#include "surroundings.h"
#include "table_axis.h"
#include "witness.h"

namespace tidemill::transform {
namespace {

using base::ErrorCode;
using recipe::Captures;
using recipe::ColumnSpec;
using recipe::Role;

class SheetTidier {
 public:
  SheetTidier(const SheetJob& job, Grid& grid, EditionParts& parts)
      : job_(job), grid_(grid), parts_(parts), markers_(job.spec.markers) {}
  base::Status Run();

 private:
  void MakeReaders();
  AxisReader MakeReader(const ColumnSpec& spec) const;
  base::Status SettleResidues(Table& table, bool& trailing);
  base::Status TidyTable(const TableSearch& search, Table& table, const Binding& binding);
  int YearOf(const Table& table, const Binding& binding, const Body& body) const;
  base::Status FindCodes(const Binding& binding, const Table& table, Body& body);
  void NestByCode(const Binding& binding, std::vector<BodyRow>& rows);
  void WarnOfCoordinates(const Table& table);
  int EditionYear() const;
  std::string Place() const { return fmt::format("{}, '{}'", job_.input.file, grid_.sheet().name); }

  const SheetJob& job_;
  Grid& grid_;
  EditionParts& parts_;
  MarkerSet markers_;
  AxisReaders readers_;
  std::optional<base::Date> vintage_;
  SheetSums sums_;
};

int SheetTidier::EditionYear() const {
  const auto captured = job_.captures.find("year");
  for (const std::string& text :
       {captured == job_.captures.end() ? std::string() : captured->second, job_.input.edition}) {
    if (const auto year = base::ParseInt(std::string_view(text).substr(0, 4)); year && *year >= 1800 && *year < 2200) {
      return static_cast<int>(*year);
    }
  }
  return static_cast<int>(std::chrono::year_month_day(job_.input.today).year());
}

AxisReader SheetTidier::MakeReader(const ColumnSpec& spec) const {
  const bool elsewhere = !spec.year.empty() && !spec.year.starts_with('{');
  const std::string beside = elsewhere ? "" : Expand(spec.year.empty() ? spec.must : spec.year, job_.captures);
  std::optional<int> year;
  if (const auto number = base::ParseInt(beside); number && *number >= 1800 && *number < 2200) {
    year = static_cast<int>(*number);
  }
  return AxisReader(spec, year, EditionYear(), elsewhere);
}

void SheetTidier::MakeReaders() {
  for (const ColumnSpec& column : job_.spec.columns) {
    const bool dated = column.role == Role::kAxis || (column.role == Role::kDimension && column.axis);
    if (dated) readers_.Add(column.name, MakeReader(column));
  }
}

// What is left of an axis text must be markers ("2023-24 [p]"), or numbers of notes that exist, where the recipe reads
// such.
base::Status SheetTidier::SettleResidues(Table& table, bool& trailing) {
  const auto settle = [&](AxisValue& value, AxisCell& cell) -> base::Status {
    if (!value.period && job_.spec.notes.trailing) {
      CleanText clean{.text = value.text, .refs = {}};
      TakeOffTrailing(clean, job_.notes.numbers());
      trailing |= clean.trailing;
      value.text = std::move(clean.text);
      std::ranges::move(clean.refs, std::back_inserter(cell.notes));
    }
    if (value.rest.empty()) return {};
    if (auto letters = markers_.ReadAll(recipe::Normalise(value.rest)); !letters.empty()) {
      std::ranges::move(letters, std::back_inserter(cell.statuses));
      value.rest.clear();
      return {};
    }
    std::vector<std::string> numbers = NoteNumbers(value.rest);
    const bool known =
        job_.spec.notes.trailing && !numbers.empty() &&
        std::ranges::all_of(numbers, [&](const auto& number) { return job_.notes.numbers().contains(number); });
    if (!known) {
      return BindingError("axis-residue", Place() + "!" + grid_.A1(table.header_last, *cell.cell),
                          "{} reads as {} by {}, but {} is left over",
                          base::Quoted(grid_.sheet().DisplayText(*cell.cell)), value.text, base::Quoted(value.format),
                          base::Quoted(value.rest));
    }
    std::ranges::move(numbers, std::back_inserter(cell.notes));
    value.rest.clear();
    trailing = true;
    return {};
  };
  for (AxisCell& cell : table.axis) {
    TIDEMILL_CHECK(settle(cell.value, cell));
    for (AxisValue& outer : cell.outer) TIDEMILL_CHECK(settle(outer, cell));
  }
  return {};
}

// The year of the data: of the first period in the header or beside the table, else of the newest in the rows.
int SheetTidier::YearOf(const Table& table, const Binding& binding, const Body& body) const {
  for (const AxisCell& cell : table.axis) {
    if (cell.value.period && !cell.value.needs_year()) return cell.value.period->year;
  }
  for (const ConstantColumn& constant : binding.constants) {
    if (constant.period) return constant.period->year;
  }
  int newest = 0;
  for (const BodyRow& row : body.rows) newest = std::max(newest, row.period ? row.period->year : 0);
  return newest == 0 ? EditionYear() : newest;
}

base::Status SheetTidier::FindCodes(const Binding& binding, const Table& table, Body& body) {
  vintage_.reset();
  if (!binding.code) return {};
  const auto source = std::ranges::find(binding.dimensions, binding.code->spec->from,
                                        [](const BoundColumn& column) { return column.spec->name; });
  std::optional<std::size_t> dimension;
  if (source != binding.dimensions.end()) {
    dimension = static_cast<std::size_t>(source - binding.dimensions.begin());
  }
  TIDEMILL_ASSIGN(vintage_, ResolveCodes({.geography = job_.geography,
                                          .column = *binding.code,
                                          .dimension = dimension,
                                          .label = binding.label,
                                          .year = YearOf(table, binding, body),
                                          .codes = job_.spec.checks.codes,
                                          .grid = grid_,
                                          .place = Place()},
                                         job_.findings, body.rows));
  return {};
}

void SheetTidier::NestByCode(const Binding& binding, std::vector<BodyRow>& rows) {
  if (binding.label == nullptr || !binding.label->levels_by_code) return;
  if (vintage_) {
    AssignParentsByCode(job_.geography, *vintage_, rows);
  } else {
    job_.findings.Warn("levels-unknown", {}, "levels = \"code\" needs the register of codes; no row has children");
  }
}

// Coordinates say where a table lies, not what it is: somebody should know that they are used.
void SheetTidier::WarnOfCoordinates(const Table& table) {
  std::vector<std::string> used;
  if (table.by_range) used.push_back("table.range = " + job_.spec.table.range);
  for (const ColumnSpec& column : job_.spec.columns) {
    if (!column.column.empty()) used.push_back(fmt::format("columns.{}.column = {}", column.name, column.column));
  }
  if (used.empty()) return;
  job_.findings.Warn("coordinates", {}, fmt::format("the recipe says where, not what: {}", base::Join(used, ", ")));
}

base::Status SheetTidier::TidyTable(const TableSearch& search, Table& table, const Binding& binding) {
  bool trailing = false;
  auto settled = SettleResidues(table, trailing);
  if (!settled && job_.witness != nullptr) job_.witness->SawNoColumns(search, table);
  TIDEMILL_CHECK(std::move(settled));
  TIDEMILL_ASSIGN(Body body, ReadBody({.search = search,
                                       .grid = grid_,
                                       .table = table,
                                       .binding = binding,
                                       .notes = job_.notes,
                                       .status_of_all = job_.input.final ? std::string() : job_.spec.source.not_final,
                                       .findings = job_.findings}));
  body.found_trailing |= trailing;
  for (const AxisCell& cell : table.axis) {
    const CleanText clean = grid_.Clean(*cell.cell, job_.spec.notes);
    body.found_script |= clean.script;
    body.found_bracket |= clean.bracket;
  }
  if (job_.stop.stop_requested()) return base::Fail(ErrorCode::kCancelled, "stopped");
  if (binding.label != nullptr && !binding.label->levels.empty()) {
    AssignLevels(grid_, *binding.label, binding, job_.findings, body.rows);
  }
  TIDEMILL_CHECK(FindCodes(binding, table, body));
  NestByCode(binding, body.rows);
  ResolveRepeats(job_.spec.table.repeats, binding, grid_, body, job_.findings);
  Captures captures = job_.captures;
  for (const auto& [name, value] : table.captures) captures.try_emplace(name, value);
  const BoundEdition edition{.spec = job_.spec,
                             .input = job_.input,
                             .grid = grid_,
                             .sheet = job_.picked,
                             .table = table,
                             .binding = binding,
                             .body = body,
                             .notes = job_.notes,
                             .facts = job_.facts,
                             .geography = job_.geography,
                             .captures = std::move(captures),
                             .vintage = vintage_};
  sums_.Add(body);
  if (job_.witness != nullptr) job_.witness->SawBound(edition);
  return parts_.Add(edition, RunChecks(edition, job_.findings));
}

base::Status SheetTidier::Run() {
  MakeReaders();
  const ColumnSpec* inner = InnerAxis(job_.spec);
  const TableSearch search{.grid = grid_,
                           .spec = job_.spec,
                           .bound = job_.captures,
                           .axis = inner == nullptr ? nullptr : readers_.Find(inner->name),
                           .markers = markers_,
                           .place = Place(),
                           .readers = &readers_};
  auto found = FindTables(search);
  if (!found && job_.witness != nullptr) job_.witness->SawNoTable(search);
  TIDEMILL_ASSIGN(std::vector<Table> tables, std::move(found));
  std::vector<Binding> bindings;
  for (Table& table : tables) {
    auto binding = BindColumns(search, table);
    if (!binding && job_.witness != nullptr) job_.witness->SawNoColumns(search, table);
    if (!binding) return tl::unexpected(std::move(binding).error());
    bindings.push_back(*std::move(binding));
  }
  WarnOfCoordinates(tables.front());
  ClaimAround(search, tables, bindings, grid_, job_.notes);
  job_.notes.FindStatuses(job_.spec);
  for (std::size_t i = 0; i < tables.size(); ++i) TIDEMILL_CHECK(TidyTable(search, tables[i], bindings[i]));
  CheckConservation(grid_, sums_, job_.findings);
  job_.notes.Report(job_.findings);
  parts_.AddSheet(grid_);
  return {};
}

}  // namespace

base::Status TidySheet(const SheetJob& job, Grid& grid, EditionParts& parts) {
  return SheetTidier(job, grid, parts).Run();
}

}  // namespace tidemill::transform
