// SPDX-License-Identifier: Apache-2.0
#include "tidemill/transform/draft.h"

#include <algorithm>
#include <filesystem>

#include "tidemill/base/text.h"

#include "draft_choice.h"
#include "draft_columns.h"
#include "draft_markers.h"
#include "draft_names.h"
#include "draft_others.h"
#include "draft_report.h"
#include "draft_roles.h"
#include "draft_sheet.h"
#include "draft_sums.h"
#include "draft_trial.h"
#include "draft_values.h"
#include "draft_workbook.h"
#include "draft_year.h"

namespace tidemill::transform {
namespace {

using base::Result;
using recipe::Role;
using workbook::Cell;

constexpr std::size_t kMostSkipped = 12;   // texts of rows without values that are listed
constexpr std::size_t kShortestTitle = 8;  // bytes; "Contents" and the like are no titles

// Makes one draft, step by step. A decision that is not sure ends it.
class Drafter {
 public:
  Drafter(const workbook::Workbook& book, const DraftOptions& options, const Register& geography, std::stop_token stop)
      : book_(book), options_(options), geography_(geography), stop_(std::move(stop)) {
    input_ = {.edition = "draft",
              .captures = options.captures,
              .final = true,
              .file = options.file,
              .url = {},
              .sha256 = {},
              .today = options.today};
  }
  Result<Draft> Run();

 private:
  int NearYear() const;
  bool Decide(Decision decision);
  void TellIssues(const std::vector<workbook::Issue>& issues);
  std::optional<DraftTable> ChooseTable(const std::vector<DraftTable>& tables);
  void LeaveOutBeside(const DraftTable& table);
  void StartPlan(const DraftTable& table);
  std::string Title(const DraftTable& table) const;
  void AddAxis(const DraftTable& table);
  base::Status Bind(const DraftTable& table);
  void AddColumns(const TableSearch& search, const Table& table, const DraftBody& body, DraftRoles roles);
  void SkipLabelRows(const TableSearch& search, const DraftBody& body);
  base::Status Adapt(const DraftBody& body);
  base::Status GroupInsteadOfSkip(Trial& trial);
  base::Status Finish();
  const Grid& grid() const { return *grid_; }

  const workbook::Workbook& book_;
  const DraftOptions& options_;
  const Register& geography_;
  std::stop_token stop_;
  EditionInput input_;
  std::optional<TrialBook> trial_book_;
  std::optional<Grid> grid_;
  Plan plan_;
  std::string other_axis_;  // what the cells of the axis read as too
  std::set<std::string> taken_;
  Draft draft_;
};

int Drafter::NearYear() const {
  const auto year = options_.captures.find("year");
  if (year != options_.captures.end()) {
    if (const auto number = base::ParseInt(year->second); number && *number >= 1800 && *number < 2200) {
      return static_cast<int>(*number);
    }
  }
  return static_cast<int>(std::chrono::year_month_day(options_.today).year());
}

bool Drafter::Decide(Decision decision) {
  draft_.decisions.push_back(std::move(decision));
  return draft_.decisions.back().sure();
}

void Drafter::TellIssues(const std::vector<workbook::Issue>& issues) {
  for (const workbook::Issue& issue : issues) {
    draft_.unread.push_back(
        fmt::format("{}{}{}: {}", issue.cell, issue.cell.empty() ? "" : ": ", issue.code, issue.message));
  }
}

std::optional<DraftTable> Drafter::ChooseTable(const std::vector<DraftTable>& tables) {
  if (!Decide(TableDecision(grid(), tables))) return std::nullopt;
  for (const DraftTable& other : tables) {
    const bool axis = other.kind && other.kind != tables[0].kind && other.header_row == tables[0].header_row;
    if (axis && other_axis_.empty()) other_axis_ = fmt::format("axis {}", ToText(*other.kind));
  }
  return tables[0];
}

// The first text above the header that is long enough to say what the table holds.
std::string Drafter::Title(const DraftTable& table) const {
  for (std::size_t row = 0; row < table.header_row; ++row) {
    for (const Cell& cell : grid().Cells(row)) {
      if (cell.kind != workbook::CellKind::kString || !grid().HasContent(cell)) continue;
      const std::string text = grid().Clean(cell, recipe::NoteSpec()).text;
      const std::string plain = recipe::Normalise(text);
      if (text.size() < kShortestTitle || plain.starts_with("back to") || plain.starts_with("return to")) continue;
      if (plain.starts_with("contents")) continue;
      return text;
    }
  }
  return grid().sheet().name;
}

void Drafter::StartPlan(const DraftTable& table) {
  plan_.title = options_.title.empty() ? Title(table) : options_.title;
  plan_.publisher = options_.publisher;
  plan_.source = options_.source.empty() ? fmt::format("source.file = {}\n", TomlText(options_.file)) : options_.source;
  std::set<std::string> none;
  const std::string stem = std::filesystem::path(options_.file).stem().string();
  plan_.output = ColumnNameFrom(stem, "table", none);
  std::string part = plan_.output;
  std::ranges::replace(part, '_', '-');
  plan_.name = options_.name.empty() ? "draft/" + part : options_.name;
  plan_.sheet = SheetPattern(grid().sheet().name, options_);
  if (!table.native.empty()) {
    plan_.table.emplace_back("find", "[\"table\"]");
    if (grid().sheet().tables.size() > 1) plan_.table.emplace_back("name", TomlText(PatternOf(table.native)));
  } else {
    plan_.table.emplace_back("find", table.kind ? "[\"axis\"]" : "[\"header\"]");
  }
  if (table.header_rows > 1) plan_.table.emplace_back("header_rows", std::to_string(table.header_rows));
  if (trial_book_->has_notes()) plan_.notes.emplace_back("sheet", "[\"Note*\", \"Footnote*\"]");
}

void Drafter::AddAxis(const DraftTable& table) {
  const bool ages = table.kind == recipe::AxisKind::kAgeBand;
  PlanColumn axis{.name = ColumnNameFrom(ages ? "age" : "period", "period", taken_),
                  .role = Role::kAxis,
                  .header = {},
                  .keys = {{"axis", TomlText(ToText(*table.kind))}},
                  .comment = fmt::format("{}: {}", NameOf(grid(), table), table.reason),
                  .place = "axis",
                  .confidence = table.confidence,
                  .runner_up = other_axis_.empty() ? "header" : other_axis_};
  if (table.needs_year) axis.comment += "; without a year";
  if (!table.parse.empty()) axis.Set("parse", "[" + TomlText(table.parse.front()) + "]");
  plan_.columns.push_back(std::move(axis));
  plan_.columns.push_back({.name = ColumnNameFrom("value", "value", taken_),
                           .role = Role::kValue,
                           .header = {},
                           .keys = {{"type", "\"float64\""}},
                           .comment = {},
                           .place = "values"});
}

// Until their roles are found: else they are taken for cells of the axis.
void Drafter::LeaveOutBeside(const DraftTable& table) {
  for (const Cell* cell : table.beside) {
    plan_.columns.push_back({.name = fmt::format("beside_{}", base::Lower(workbook::ColumnName(cell->column))),
                             .role = Role::kIgnore,
                             .header = grid().Clean(*cell, recipe::NoteSpec()).text});
  }
}

// Rows without values are passed over by their texts.
void Drafter::SkipLabelRows(const TableSearch& search, const DraftBody& body) {
  std::vector<std::string> texts;
  for (const std::size_t row : body.label_rows) {
    std::string text = PatternOf(search.grid.Clean(*search.grid.FirstOf(row), search.spec.notes).text);
    if (std::ranges::find(texts, text) == texts.end()) texts.push_back(std::move(text));
  }
  if (texts.empty()) return;
  if (texts.size() > kMostSkipped) {
    draft_.left.push_back(fmt::format(
        "{} rows of the body have no values, first {}: list them in table.skip, or a column "
        "of role \"group\" takes them",
        body.label_rows.size(), search.grid.A1(body.label_rows[0], *search.grid.FirstOf(body.label_rows[0]))));
    texts.resize(kMostSkipped);
  }
  std::string list;
  for (const std::string& text : texts) list += (list.empty() ? "" : ", ") + TomlText(text);
  plan_.table.emplace_back("skip", "[" + list + "]");
  draft_.remarks.push_back(fmt::format("{} rows without values are passed over by table.skip", body.label_rows.size()));
}

void Drafter::AddColumns(const TableSearch& search, const Table& table, const DraftBody& body, DraftRoles roles) {
  std::ranges::move(roles.open, std::back_inserter(draft_.left));
  if (table.axis.empty()) {
    plan_.columns = std::move(roles.columns);
    bool negative = false;
    for (const ColumnSketch& sketch : body.columns) negative = negative || sketch.negative;
    if (!negative) plan_.checks.emplace_back("values", "\">= 0\"");
    return;
  }
  plan_.columns.insert(plan_.columns.begin(), std::make_move_iterator(roles.columns.begin()),
                       std::make_move_iterator(roles.columns.end()));
  SetValueType(search, body, plan_, draft_.left);
}

// Finds the body by the axis or the headers alone, as the recipe will, and then the other columns.
base::Status Drafter::Bind(const DraftTable& table) {
  std::vector<std::uint32_t> columns;
  if (table.kind) {
    AddAxis(table);
    LeaveOutBeside(table);
    for (const AxisCell& cell : table.axis) columns.push_back(cell.column);
    if (std::ranges::any_of(table.axis, [](const AxisCell& cell) { return !cell.value.rest.empty(); })) {
      plan_.notes.emplace_back("refs", R"(["script", "bracket", "trailing"])");
    }
  } else {
    for (const Cell& cell : grid().Cells(table.header_row)) {
      if (!grid().HasContent(cell)) continue;
      columns.push_back(cell.column);
      plan_.columns.push_back({.name = ColumnNameFrom("", "c" + base::Lower(workbook::ColumnName(cell.column)), taken_),
                               .role = Role::kValue,
                               .header = grid().Clean(cell, recipe::NoteSpec()).text,
                               .keys = {{"type", "\"float64\""}},
                               .comment = {}});
    }
  }
  FindMarkers(grid(), table.header_row + 1, grid().row_count(), columns, plan_);
  const auto recipe = recipe::Recipe::Parse(ToToml(plan_), "the draft");
  if (!recipe) return tl::unexpected(recipe.error());
  recipe::Spec spec = recipe->base();
  const MarkerSet markers(spec.markers);
  std::optional<AxisReader> axis;
  if (table.kind)
    axis.emplace(*table.kind, table.parse, table.axis.front().value.period ? std::optional(2000) : std::nullopt,
                 NearYear());
  const TableSearch search{.grid = grid(),
                           .spec = spec,
                           .bound = input_.captures,
                           .axis = axis ? &*axis : nullptr,
                           .markers = markers,
                           .place = options_.file};
  TIDEMILL_ASSIGN(const std::vector<Table> tables, FindTables(search));
  const Table& bound = tables.front();
  if (bound.header_last != table.header_row) {
    return base::FailAt(base::ErrorCode::kInvalid, options_.file,
                        "the header in row {} is meant, but that in row {} is found",
                        grid().RowNumber(table.header_row) + 1, grid().RowNumber(bound.header_last) + 1);
  }
  const DraftBody body = SketchBody(search, bound, NearYear());
  std::erase_if(plan_.columns, [](const PlanColumn& column) { return column.role == Role::kIgnore; });
  if (!table.kind) {
    plan_.columns.clear();
    taken_.clear();
  }
  DraftRoles roles = FindRoles(search, bound, body, taken_);
  const std::vector<std::uint32_t> label_columns = roles.label_columns;
  AddColumns(search, bound, body, std::move(roles));
  SkipLabelRows(search, body);
  FindMarkers(grid(), bound.body_first, bound.body_end, body.value_columns, plan_);
  auto year = SettleYear({.grid = grid(), .title = Title(table), .sheets = book_.sheets()}, table, options_, plan_);
  if (year && !Decide(*std::move(year))) return {};
  TIDEMILL_CHECK(Adapt(body));
  TIDEMILL_CHECK(FindSums({.book = *trial_book_,
                           .search = search,
                           .body = body,
                           .label_columns = label_columns,
                           .input = input_,
                           .geography = geography_,
                           .stop = stop_},
                          plan_, draft_.remarks));
  if (!table.kind) std::ranges::move(ColumnSums(search, body), std::back_inserter(draft_.remarks));
  return {};
}

// Where rows repeat and headings stand between them, the headings tell them apart.
base::Status Drafter::GroupInsteadOfSkip(Trial& trial) {
  const auto skip = std::ranges::find(plan_.table, "skip", &TomlKeys::value_type::first);
  if (trial.Failed("key-repeated") == 0 || skip == plan_.table.end()) return {};
  Plan grouped = plan_;
  std::erase_if(grouped.table, [](const auto& key) { return key.first == "skip"; });
  std::set<std::string> taken = taken_;
  grouped.columns.insert(grouped.columns.begin(), {.name = ColumnNameFrom("", "section", taken),
                                                   .role = Role::kGroup,
                                                   .header = {},
                                                   .keys = {},
                                                   .comment = "headings between the rows tell them apart",
                                                   .place = "headings",
                                                   .confidence = 0.85,
                                                   .runner_up = "table.skip"});
  TIDEMILL_ASSIGN(Trial again, TryPlan(*trial_book_, grouped, input_, geography_, stop_));
  if (again.error || again.Failed("key-repeated") > 0) return {};
  plan_ = std::move(grouped);
  taken_ = std::move(taken);
  trial = std::move(again);
  return {};
}

// Tries the plan and mends what has one way to be mended.
base::Status Drafter::Adapt(const DraftBody& /*body*/) {
  TIDEMILL_ASSIGN(Trial trial, TryPlan(*trial_book_, plan_, input_, geography_, stop_));
  if (const std::int64_t blanks = trial.Failed("blank-value"); blanks > 0) {
    const auto first = std::ranges::find(trial.findings, "blank-value", &Finding::slug);
    for (PlanColumn& column : plan_.columns) {
      if (column.role == Role::kValue) column.Set("blank", "\"missing\"");
    }
    draft_.remarks.push_back(
        fmt::format("{} cells of the body are blank, first {}: they are null", base::Thousands(blanks), first->cell));
    TIDEMILL_ASSIGN(trial, TryPlan(*trial_book_, plan_, input_, geography_, stop_));
  }
  return GroupInsteadOfSkip(trial);
}

base::Status Drafter::Finish() {
  TIDEMILL_ASSIGN(const Trial trial, TryPlan(*trial_book_, plan_, input_, geography_, stop_));
  Leave(trial, draft_);
  std::vector<Decision> decisions = DecisionsOf(plan_);
  for (const Decision& decision : decisions) {
    if (!decision.sure()) draft_.left.push_back(ToLine(decision));
  }
  if (!trial.error) TIDEMILL_CHECK(TryOthers(ToToml(plan_), options_, geography_, stop_, draft_));
  WriteRemarks(draft_, options_.file, plan_);
  for (std::string& remark : plan_.remarks) remark = base::CollapseSpace(remark).empty() ? "" : remark;
  draft_.toml = ToToml(plan_);
  std::ranges::move(decisions, std::back_inserter(draft_.decisions));
  return {};
}

Result<Draft> Drafter::Run() {
  TIDEMILL_ASSIGN(DraftSheet sheet, ChooseDraftSheet(book_, options_, NearYear(), stop_));
  trial_book_.emplace(book_, sheet.index, std::move(sheet.sheet));
  grid_.emplace(trial_book_->sheet());
  TellIssues(book_.issues());
  TellIssues(grid().sheet().issues);
  if (!Decide(std::move(sheet.decision))) return std::move(draft_);
  const std::vector<DraftTable> tables = TablesAsAsked(grid(), options_, NearYear());
  if (tables.empty()) {
    return base::FailAt(base::ErrorCode::kInvalid,
                        fmt::format("{}, {}", options_.file, base::Quoted(grid().sheet().name)),
                        "no table as asked for: a row of periods or of headers over numbers");
  }
  const auto table = ChooseTable(tables);
  if (!table) return std::move(draft_);
  StartPlan(*table);
  if (const auto bound = Bind(*table); !bound) {
    if (bound.error().code == base::ErrorCode::kCancelled) return tl::unexpected(bound.error());
    draft_.left.push_back(bound.error().ToText());
  }
  if (!draft_.decisions.back().sure()) return std::move(draft_);
  TIDEMILL_CHECK(Finish());
  return std::move(draft_);
}

}  // namespace

base::Result<Draft> DraftWorkbook(const workbook::Workbook& book, const DraftOptions& options,
                                  const Register& geography, std::stop_token stop) {
  return Drafter(book, options, geography, std::move(stop)).Run();
}

base::Result<Draft> DraftRecipe(std::string_view bytes, const DraftOptions& options, const Register& geography,
                                const workbook::Limits& limits, std::stop_token stop) {
  const auto book = workbook::OpenWorkbook(bytes, limits);
  if (!book) {
    base::Error error = book.error();
    error.place = error.place.empty() ? options.file : options.file + ", " + error.place;
    return tl::unexpected(std::move(error));
  }
  return DraftWorkbook(**book, options, geography, std::move(stop));
}

}  // namespace tidemill::transform
