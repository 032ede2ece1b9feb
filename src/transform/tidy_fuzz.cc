// SPDX-License-Identifier: Apache-2.0
// Input: five bytes a cell (row, column, kind, text, number). Whatever the sheet holds, binding ends, every cell with
// content is counted once, and a table without a failing finding has no cell unaccounted for.
#include <algorithm>
#include <array>
#include <bit>
#include <cstdint>
#include <cstdlib>

#include "tidy_workbook.h"

namespace {

using namespace tidemill;

constexpr std::string_view kRecipe = R"toml(recipe = 1
name = "fuzz/deaths"
title = "Fuzz"
source = { file = "x.xls" }
facts.released = { label = "Released:*", type = "date" }
sheet.pick = "Figures for {year}"
table.anchor = "Area*"
table.skip = "Former*"
table.repeats = "equal"
columns.geo_code = { role = "code", system = "gss", split = "," }
columns.place_name = { role = "label", levels = ["upper", "bold", "*"] }
columns.period = { role = "axis", axis = "month", must = "2018", year = "{year}" }
columns.deaths = { role = "value", type = "int32", blank = "missing" }
markers.base = "gss"
notes = { refs = ["script", "bracket", "trailing"], status = { "*provisional*" = "p" } }
[codes]
"ENGLAND" = "E92000001"
[checks]
values = ">= 0"
sums = ["E92000001 = sum(E12*)", "each *: it = sum(children)"]
[[output]]
table = "t"
)toml";

constexpr auto kTexts = std::to_array<std::string_view>({"",
                                                         " ",
                                                         "Area",
                                                         "Jan-18",
                                                         "Feb-18",
                                                         "March 2018",
                                                         "Jan-183",
                                                         "Dec-17",
                                                         "E92000001",
                                                         "E12000001",
                                                         "E06000047 ",
                                                         "K04000001, J99000001",
                                                         "ENGLAND",
                                                         "NORTH EAST",
                                                         "Darlington 1,2",
                                                         "Former districts of",
                                                         "Footnotes:",
                                                         "1 Figures are provisional",
                                                         "[note 2] text",
                                                         "Released: 27 August 2019",
                                                         "[x]",
                                                         "[note 1]",
                                                         "12 [p]",
                                                         "-",
                                                         "1,234"});

class OneSheet final : public workbook::Workbook {
 public:
  explicit OneSheet(workbook::Sheet sheet) : sheet_(std::move(sheet)), entries_{{.name = sheet_.name}} {}
  workbook::Format format() const override { return workbook::Format::kXls; }
  const std::vector<workbook::SheetEntry>& sheets() const override { return entries_; }
  const std::vector<workbook::DefinedName>& names() const override { return names_; }
  const std::vector<workbook::Issue>& issues() const override { return issues_; }
  bool date1904() const override { return false; }

 private:
  base::Result<workbook::Sheet> Read(std::size_t /*index*/, workbook::RowSink* rows, std::stop_token /*stop*/,
                                     const workbook::ReadOptions& /*options*/) const override {
    return rows == nullptr ? sheet_ : workbook::GiveRows(sheet_, *rows);
  }

  workbook::Sheet sheet_;
  std::vector<workbook::SheetEntry> entries_;
  std::vector<workbook::DefinedName> names_;
  std::vector<workbook::Issue> issues_;
};

workbook::Sheet SheetOf(const std::uint8_t* data, std::size_t size) {
  auto strings = std::make_shared<workbook::StringTable>();
  for (const std::string_view text : kTexts) strings->Add(text);
  const std::array<workbook::TextRun, 2> runs = {workbook::TextRun{},
                                                 {.start = 6, .script = workbook::Script::kSuperscript}};
  const workbook::StringId scripted = strings->Add("Jan-183", runs);
  auto styles = std::make_shared<std::vector<workbook::Style>>(2);
  (*styles)[1].bold = true;
  workbook::SheetBuilder builder("Figures for 2018", strings, styles);
  for (; size >= 5; data += 5, size -= 5) {
    workbook::Cell cell;
    cell.column = data[1] % 20;
    cell.style = data[2] / 128;
    cell.kind = static_cast<workbook::CellKind>(data[2] % 7);
    if (cell.kind == workbook::CellKind::kString) {
      cell.payload = data[3] == 255 ? scripted : data[3] % kTexts.size();
    } else if (cell.is_numeric()) {
      cell.payload = std::bit_cast<std::uint64_t>(data[4] / 4.0 - 8);
    } else {
      cell.payload = data[4] % 2;
    }
    builder.Add(data[0] % 64, cell);
  }
  return std::move(builder).Finish();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const recipe::Recipe kParsed = recipe::Recipe::Parse(kRecipe, "fuzz.toml").value();
  const OneSheet book(SheetOf(data, size));
  const transform::EditionInput input{.edition = "2018",
                                      .captures = {{"year", "2018"}, {"ext", "xls"}},
                                      .final = true,
                                      .file = "x.xls",
                                      .url = {},
                                      .sha256 = "00",
                                      .today = base::ParseDate("2020-01-01").value()};
  const auto tidy = transform::TidyWorkbook(book, kParsed, input, transform::Register(), {});
  if (!tidy) return 0;
  std::int64_t filled = 0;
  const auto sheet = book.ReadSheet(0);
  for (std::size_t row = 0; row < sheet->rows().size(); ++row) {
    for (const workbook::Cell& cell : sheet->CellsOf(row)) {
      const bool blank = cell.kind == workbook::CellKind::kBlank ||
                         (cell.kind == workbook::CellKind::kString &&
                          sheet->Text(cell).find_first_not_of(' ') == std::string_view::npos);
      filled += blank ? 0 : 1;
    }
  }
  if (tidy->accounting.cells() != filled) std::abort();
  const bool failed = std::ranges::any_of(tidy->findings, [](const transform::Finding& finding) {
    return finding.severity == transform::FindingSeverity::kFail;
  });
  if (!failed && tidy->accounting.unaccounted != 0) std::abort();
  return 0;
}
