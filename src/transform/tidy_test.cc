// SPDX-License-Identifier: Apache-2.0
#include "tidemill/transform/tidy.h"

#include <fstream>
#include <sstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tidemill/recipe/lock.h"
#include "tidemill/transform/testing/cell_text.h"
#include "tidemill/transform/testing/editable_workbook.h"
#include "tidemill/transform/testing/spoils.h"

#include "tidy_workbook.h"

namespace tidemill::transform {
namespace {

using testing::CellText;
using testing::EditableSheet;
using testing::EditableWorkbook;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::StartsWith;

// The recipe of the project, for a table of 13 rows, with changes.
recipe::Recipe DeathsRecipe(const std::vector<std::pair<std::string, std::string>>& changes = {}) {
  std::ifstream file(std::string(TIDEMILL_SOURCE_DIR) + "/recipes/ons/deaths-monthly.toml");
  std::stringstream stream;
  stream << file.rdbuf();
  std::string text = std::move(stream).str();
  std::vector<std::pair<std::string, std::string>> all = {{"\"340..440\"", "\"10..20\""}};
  all.insert(all.end(), changes.begin(), changes.end());
  for (const auto& [from, to] : all) {
    const std::size_t at = text.find(from);
    EXPECT_NE(at, std::string::npos) << from;
    if (at != std::string::npos) text.replace(at, from.size(), to);
  }
  auto recipe = recipe::Recipe::Parse(text, "deaths-monthly.toml");
  EXPECT_TRUE(recipe.has_value()) << recipe.error().ToText();
  return *recipe;
}

EditionInput Input2018(bool final = true) {
  return {.edition = "2018",
          .captures = {{"year", "2018"}, {"ext", "xls"}, {"file", "publishedannual2018"}},
          .final = final,
          .file = "publishedannual2018.xls",
          .url = "https://publisher.example/2018/publishedannual2018.xls",
          .sha256 = std::string(64, 'a'),
          .today = base::ParseDate("2019-08-27").value()};
}

base::Result<TidyEdition> TidyOne(const EditableWorkbook& book, const recipe::Recipe& recipe = DeathsRecipe(),
                                  const EditionInput& input = Input2018()) {
  return TidyWorkbook(book, recipe, input, Register(), {});
}

recipe::LockEdition BlockOf(const TidyEdition& tidy) {
  return recipe::ParseLock("lock = 1\n" + tidy.lock_toml, "lock.toml").value().editions.front();
}

std::vector<std::string> Slugs(const TidyEdition& tidy) {
  std::vector<std::string> slugs;
  for (const Finding& finding : tidy.findings) slugs.push_back(finding.slug);
  return slugs;
}

std::string AllText(const TidyEdition& tidy) {
  std::string text = tidy.explained;
  for (const Finding& finding : tidy.findings) text += finding.Id() + "  " + finding.ToText() + "\n";
  return text;
}

bool SameTables(const TidyEdition& a, const TidyEdition& b) {
  const auto without_lineage = [](frame::Frame table) {
    table.columns.resize(table.columns.size() - 2);
    return table;
  };
  return without_lineage(*a.table) == without_lineage(*b.table);
}

TEST(Tidy, ReadsTheLayoutOf2018) {
  const auto tidy = TidyOne(testing::SmallDeathsWorkbook());
  ASSERT_TRUE(tidy.has_value()) << tidy.error().ToText();
  EXPECT_THAT(tidy->findings, IsEmpty()) << AllText(*tidy);
  EXPECT_EQ(tidy->table->num_rows(), 13 * 12);
  EXPECT_EQ(CellText(*tidy->table, "geo_code", 0), "K04000001_J99000001");
  EXPECT_EQ(CellText(*tidy->table, "place_name", 0), "ENGLAND, WALES AND ELSEWHERE");
  EXPECT_EQ(CellText(*tidy->table, "period", 1), "2018-02");
  EXPECT_EQ(CellText(*tidy->table, "deaths", 0), "698");
  EXPECT_EQ(CellText(*tidy->table, "deaths_status", 0), "null");
  EXPECT_EQ(CellText(*tidy->table, "edition", 0), "2018");
  EXPECT_EQ(CellText(*tidy->table, "geo_vintage", 0), "null") << "without a register";
  EXPECT_EQ(CellText(*tidy->table, "released", 0), "2019-08-27");
  EXPECT_EQ(CellText(*tidy->table, "src", 0), std::string(64, 'a') + " Figures for 2018");
  EXPECT_EQ(CellText(*tidy->table, "src_row", 13), "8");
  EXPECT_EQ(CellText(*tidy->table, "src_col", 13), "4");
}

TEST(Tidy, AccountsForEveryCell) {
  const auto tidy = TidyOne(testing::SmallDeathsWorkbook());
  ASSERT_TRUE(tidy.has_value()) << tidy.error().ToText();
  const Accounting& cells = tidy->accounting;
  EXPECT_EQ(cells.value, 156);
  EXPECT_EQ(cells.code, 13);
  EXPECT_EQ(cells.label, 13);
  EXPECT_EQ(cells.header, 13);
  EXPECT_EQ(cells.text, 5);
  EXPECT_EQ(cells.note, 2);
  EXPECT_EQ(cells.fact, 2);
  EXPECT_EQ(cells.unaccounted, 0);
  EXPECT_EQ(cells.cells(), 204);
  EXPECT_THAT(cells.sheets_not_picked, ElementsAre(std::pair<std::string, std::int64_t>("Contents", 1)));
}

TEST(Tidy, WritesTheLockAndTheExplanation) {
  const auto tidy = TidyOne(testing::SmallDeathsWorkbook());
  ASSERT_TRUE(tidy.has_value()) << tidy.error().ToText();
  EXPECT_EQ(
      tidy->lock_toml,
      "[[edition]]\n"
      "edition = \"2018\"\n"
      "state = \"final\"\n"
      "url = \"https://publisher.example/2018/publishedannual2018.xls\"\n"
      "sha256 = \"" +
          std::string(64, 'a') +
          "\"\n"
          "facts = { released = 2019-08-27 }\n"
          "sheet = \"Figures for 2018\"\n"
          "layout = { find = \"axis\", header = \"4\", body = \"C6:N25\", stub = [\"A geo_code\", \"B place_name\"], "
          "axis = \"month %b-%y\", levels = 3, notes = [\"script\"], unit = \"deaths\" }\n"
          "counts = { rows = 13, levels = [6, 3, 4], periods = 12, values = 156, markers = {}, text = 5, notes = 2, "
          "facts = 2 }\n"
          "sum = { deaths = 64005 }\n");
  EXPECT_EQ(tidy->explained,
            "sheet    \"Figures for 2018\"     pattern 1 of 3, exact; \"Contents\" excluded\n"
            "table    axis month in C4:N4    12 cells, all by %b-%y; anchor A4 'Area of usual residence'; body C6:N25, "
            "ended by A27 'Footnotes:'\n"
            "column   geo_code A, place_name B; 13 rows, 13 codes valid by form (no register), 1 labels trimmed\n"
            "notes    1 at A29 (1 cells), 2 at A31 (0 cells)\n"
            "facts    released = 2019-08-27\n"
            "cells    204 with content = 156 values + 13 codes + 13 labels + 13 header + 5 text + 2 notes + 2 facts; "
            "unaccounted 0; sum 64,005 = sum of output\n"
            "checks   72 sums; exceptions: 2018-01 by 18 because so published; 2018-02 by 3 because so published\n");
}

TEST(Tidy, EverySpoiltCopyIsFound) {
  for (const testing::Spoil& spoil : testing::Spoils()) {
    SCOPED_TRACE(spoil.name);
    EditableWorkbook book = testing::SmallDeathsWorkbook();
    EditableSheet& sheet = book.sheet("Figures for 2018");
    if (!testing::Applies(spoil, sheet)) continue;
    spoil.spoil(book, sheet);
    const auto tidy = TidyOne(book);
    if (!tidy) {
      EXPECT_THAT(tidy.error().message, StartsWith(spoil.slug));
      EXPECT_EQ(tidy.error().verdict, base::Verdict::kCheckFailed);
      EXPECT_THAT(tidy.error().place, HasSubstr("publishedannual2018.xls"));
      continue;
    }
    EXPECT_THAT(Slugs(*tidy), ::testing::Contains(spoil.slug)) << AllText(*tidy);
    const auto finding = std::ranges::find(tidy->findings, spoil.slug, &Finding::slug);
    if (finding != tidy->findings.end()) {
      EXPECT_EQ(finding->severity, spoil.severity);
    }
  }
}

TEST(Tidy, BlankRowsAndColumnsChangeNothingButLineage) {
  const auto before = TidyOne(testing::SmallDeathsWorkbook());
  EditableWorkbook book = testing::SmallDeathsWorkbook();
  EditableSheet& sheet = book.sheet("Figures for 2018");
  sheet.InsertRows(20, 2);
  sheet.InsertRows(4, 3);
  sheet.InsertRows(2, 1);
  sheet.InsertColumns(5, 1);
  sheet.InsertColumns(2, 1);
  sheet.InsertColumns(0, 2);
  const auto after = TidyOne(book);
  ASSERT_TRUE(before.has_value());
  ASSERT_TRUE(after.has_value()) << after.error().ToText();
  EXPECT_THAT(after->findings, IsEmpty()) << AllText(*after);
  EXPECT_TRUE(SameTables(*before, *after));
  EXPECT_TRUE(recipe::CompareLayouts(BlockOf(*before), BlockOf(*after)).empty());
}

// What the old pipeline got wrong, each by its cause.

TEST(OldPipeline, CodesWereKnownByNineCharactersSoTheCompoundTotalAndTrailingBlanksWereLost) {
  const auto tidy = TidyOne(testing::SmallDeathsWorkbook());
  ASSERT_TRUE(tidy.has_value());
  EXPECT_EQ(CellText(*tidy->table, "geo_code", 0), "K04000001_J99000001");
  EXPECT_EQ(CellText(*tidy->table, "geo_code", 5 * 12), "E06000005") << "published with two blanks behind";
}

TEST(OldPipeline, ARowThatWasLostWasNotNoticed) {
  EditableWorkbook book = testing::SmallDeathsWorkbook();
  EditableSheet& sheet = book.sheet("Figures for 2018");
  sheet.EraseRow(sheet.FindText("Gwynedd")->row);
  const auto tidy = TidyOne(book);
  ASSERT_TRUE(tidy.has_value());
  EXPECT_THAT(Slugs(*tidy), ::testing::Each("sum"));
  EXPECT_EQ(tidy->findings.size(), 12U) << "Wales in every month";
}

TEST(OldPipeline, SheetsWereComparedByDifflibWhichCrashedOnFiguresFor2006Revised) {
  EditableWorkbook book = testing::SmallDeathsWorkbook();
  book.Rename("Figures for 2018", "Figures for 2018 revised");
  const auto tidy = TidyOne(book);
  ASSERT_TRUE(tidy.has_value()) << tidy.error().ToText();
  EXPECT_THAT(tidy->explained, HasSubstr("pattern 3 of 3, score"));
}

TEST(OldPipeline, ASheetNamed1WonWhateverItHeld) {
  EditableWorkbook book = testing::SmallDeathsWorkbook();
  book.Remove("Figures for 2018");
  book.Add(EditableSheet("1")).Text("A1", "This sheet holds no table");
  const auto tidy = TidyOne(book);
  ASSERT_FALSE(tidy.has_value());
  EXPECT_THAT(tidy.error().message, StartsWith("table-missing"));
}

TEST(OldPipeline, MonthsWereCountedFromJanuarySoAnotherOrderWasNotSeen) {
  EditableWorkbook book = testing::SmallDeathsWorkbook();
  for (auto& cell : book.sheet("Figures for 2018").cells) {
    if (cell.row >= 3 && cell.row <= 24 && cell.cell.column >= 2) {
      cell.cell.column = static_cast<std::uint16_t>(15 - cell.cell.column);
    }
  }
  const auto tidy = TidyOne(book);
  ASSERT_TRUE(tidy.has_value()) << tidy.error().ToText();
  EXPECT_THAT(tidy->findings, IsEmpty()) << AllText(*tidy);
  EXPECT_EQ(CellText(*tidy->table, "period", 0), "2018-12");
  EXPECT_EQ(CellText(*tidy->table, "deaths", 11), "698") << "January's count stays January's";
}

TEST(OldPipeline, MonthsWereCountedSoAGapInTheMonthsWasNotSeen) {
  EditableWorkbook book = testing::SmallDeathsWorkbook();
  std::erase_if(book.sheet("Figures for 2018").cells, [](const testing::EditableCell& cell) {
    return cell.cell.column == 4 && cell.row >= 3 && cell.row <= 24;
  });
  const auto tidy = TidyOne(book);
  ASSERT_TRUE(tidy.has_value()) << tidy.error().ToText();
  EXPECT_THAT(Slugs(*tidy), ElementsAre("periods", "periods")) << AllText(*tidy);
}

TEST(OldPipeline, MonthsWereCountedSoAStubColumnMoreInventedAMonth) {
  EditableWorkbook book = testing::SmallDeathsWorkbook();
  EditableSheet& sheet = book.sheet("Figures for 2018");
  sheet.InsertColumns(2, 1);
  for (std::uint32_t row = 5; row < 25; ++row) {
    if (sheet.Find(workbook::A1(row, 0)) != nullptr) sheet.Text(workbook::A1(row, 2), "an area");
  }
  const auto tidy = TidyOne(book);
  ASSERT_TRUE(tidy.has_value()) << tidy.error().ToText();
  EXPECT_THAT(Slugs(*tidy), ::testing::Each("two-labels")) << AllText(*tidy);
  EXPECT_EQ(CellText(*tidy->table, "period", 11), "2018-12");
}

TEST(OldPipeline, TheHeaderWasTheFirstRowWithThreeFilledCells) {
  EditableWorkbook book = testing::SmallDeathsWorkbook();
  EditableSheet& sheet = book.sheet("Figures for 2018");
  for (const std::string_view cell : {"B2", "C2", "D2", "E2"}) sheet.Text(cell, "a line of the title");
  const auto tidy = TidyOne(book);
  ASSERT_TRUE(tidy.has_value()) << tidy.error().ToText();
  EXPECT_THAT(tidy->findings, IsEmpty()) << AllText(*tidy);
}

TEST(OldPipeline, AMarkerEndedTheWholeRunInATypeError) {
  EditableWorkbook book = testing::SmallDeathsWorkbook();
  EditableSheet& sheet = book.sheet("Figures for 2018");
  sheet.Text("C18", "[x]");
  const auto unknown = TidyOne(book);
  ASSERT_TRUE(unknown.has_value());
  EXPECT_THAT(Slugs(*unknown), ElementsAre("unknown-marker"));
  EXPECT_EQ(unknown->findings[0].Id(), "unknown-marker@Figures for 2018!C18");
  EXPECT_EQ(unknown->findings[0].ToText(),
            "publishedannual2018.xls, 'Figures for 2018'!C18: '[x]' is neither a number nor a marker of the recipe");

  const recipe::Recipe gss = DeathsRecipe({{"{ \"-\" =", "{ base = \"gss\", \"-\" ="}});
  const auto known = TidyOne(book, gss);
  ASSERT_TRUE(known.has_value()) << known.error().ToText();
  EXPECT_THAT(known->findings, IsEmpty()) << AllText(*known);
  EXPECT_EQ(CellText(*known->table, "deaths", 7 * 12), "null");
  EXPECT_EQ(CellText(*known->table, "deaths_status", 7 * 12), "x");
  EXPECT_EQ(known->accounting.marker, 1);
}

TEST(OldPipeline, UnpublishedMonthsBecameRowsWithoutValues) {
  EditableWorkbook book = testing::SmallDeathsWorkbook();
  std::erase_if(book.sheet("Figures for 2018").cells, [](const testing::EditableCell& cell) {
    return cell.cell.column >= 11 && cell.row > 3 && cell.row <= 24;
  });
  const auto tidy = TidyOne(book, DeathsRecipe(), Input2018(false));
  ASSERT_TRUE(tidy.has_value()) << tidy.error().ToText();
  EXPECT_THAT(tidy->findings, IsEmpty()) << AllText(*tidy);
  EXPECT_THAT(tidy->unpublished, ElementsAre("2018-10", "2018-11", "2018-12"));
  EXPECT_EQ(tidy->table->num_rows(), 13 * 9);
  EXPECT_EQ(CellText(*tidy->table, "deaths_status", 0), "p") << "not final";

  const auto final = TidyOne(book, DeathsRecipe(), Input2018(true));
  ASSERT_TRUE(final.has_value());
  EXPECT_THAT(Slugs(*final), ElementsAre("periods")) << "a final edition has twelve months";
}

TEST(OldPipeline, SuperscriptsOnMonthsWereReadAsDigitsOfTheYear) {
  EditableWorkbook book = testing::SmallDeathsWorkbook();
  EditableSheet& sheet = book.sheet("Figures for 2018");
  sheet.Scripted("C4", "Jan-182", 1);
  const auto tidy = TidyOne(book);
  ASSERT_TRUE(tidy.has_value()) << tidy.error().ToText();
  EXPECT_THAT(tidy->findings, IsEmpty()) << AllText(*tidy);
  EXPECT_EQ(CellText(*tidy->table, "period", 0), "2018-01");
}

TEST(Tidy, AFlattenedRunIsANoteNumberWhereTheNoteExistsAndElseAnError) {
  EditableWorkbook book = testing::SmallDeathsWorkbook();
  EditableSheet& sheet = book.sheet("Figures for 2018");
  sheet.Text("C4", "Jan-182");
  const auto trailing = TidyOne(book);
  ASSERT_TRUE(trailing.has_value()) << trailing.error().ToText();
  EXPECT_EQ(CellText(*trailing->table, "period", 0), "2018-01");
  EXPECT_EQ(BlockOf(*trailing).leaves.at("layout.notes"), "[\"script\", \"trailing\"]") << "a change of layout is held";

  sheet.Text("C4", "Jan-187");
  const auto unknown = TidyOne(book);
  ASSERT_FALSE(unknown.has_value());
  EXPECT_EQ(unknown.error().ToText(),
            "publishedannual2018.xls, 'Figures for 2018'!C4: axis-residue: 'Jan-187' reads as 2018-01 by '%b-%y', but "
            "'7' is left over");
}

TEST(Tidy, ANoteThatIsMissingIsWarnedOf) {
  EditableWorkbook book = testing::SmallDeathsWorkbook();
  book.sheet("Figures for 2018").Erase("A29");
  const auto tidy = TidyOne(book);
  ASSERT_TRUE(tidy.has_value()) << tidy.error().ToText();
  EXPECT_THAT(Slugs(*tidy), ElementsAre("note-missing"));
  EXPECT_EQ(tidy->findings[0].cell, "B6");
  EXPECT_EQ(tidy->findings[0].severity, FindingSeverity::kWarn);
}

TEST(Tidy, ANoteOfTheMonthsGivesItsStatusToTheirValues) {
  EditableWorkbook book = testing::SmallDeathsWorkbook();
  EditableSheet& sheet = book.sheet("Figures for 2018");
  sheet.Text("A31", "2 Figures remain provisional until final annual data are released.");
  sheet.Scripted("C4", "Jan-182", 1);
  const auto tidy = TidyOne(book);
  ASSERT_TRUE(tidy.has_value()) << tidy.error().ToText();
  EXPECT_EQ(CellText(*tidy->table, "deaths_status", 0), "p");
  EXPECT_EQ(CellText(*tidy->table, "deaths_status", 1), "null");
  ASSERT_NE(tidy->notes, nullptr);
  EXPECT_EQ(CellText(*tidy->notes, "touches", 1), "C4");
}

TEST(Tidy, AHeaderMovedDownIntoASpacerChangesNothing) {
  EditableWorkbook book = testing::SmallDeathsWorkbook();
  for (auto& cell : book.sheet("Figures for 2018").cells) {
    if (cell.row == 3) cell.row = 4;
  }
  const auto tidy = TidyOne(book);
  ASSERT_TRUE(tidy.has_value()) << tidy.error().ToText();
  EXPECT_THAT(tidy->findings, IsEmpty()) << AllText(*tidy);
}

TEST(Tidy, MonthsAfterTodayAreRefused) {
  EditionInput input = Input2018();
  input.today = base::ParseDate("2018-11-30").value();
  const auto tidy = TidyOne(testing::SmallDeathsWorkbook(), DeathsRecipe(), input);
  ASSERT_TRUE(tidy.has_value());
  EXPECT_THAT(Slugs(*tidy), ElementsAre("period-in-future"));
}

TEST(Tidy, AKeyThatIsNotBuiltYetIsRefusedByName) {
  const auto refused = [](std::string from, std::string to) {
    const auto tidy = TidyOne(testing::SmallDeathsWorkbook(), DeathsRecipe({{std::move(from), std::move(to)}}));
    EXPECT_FALSE(tidy.has_value());
    if (tidy) return std::string();
    EXPECT_EQ(tidy.error().code, base::ErrorCode::kUnsupported);
    return tidy.error().message;
  };
  EXPECT_THAT(refused("system = \"gss\"", "system = \"gss\", to = \"ons-snac\""), HasSubstr("columns.geo_code.to"));
}

TEST(Tidy, RepeatedRowsAreTakenTogetherWhereTheRecipeAllowsIt) {
  EditableWorkbook book = testing::SmallDeathsWorkbook();
  EditableSheet& sheet = book.sheet("Figures for 2018");
  const std::vector<testing::EditableCell> cells = sheet.cells;
  for (const testing::EditableCell& cell : cells) {
    if (cell.row != 21) continue;  // Isle of Anglesey
    testing::EditableCell copy = cell;
    copy.row = 23;
    sheet.cells.push_back(copy);
  }
  const auto strict = TidyOne(book);
  ASSERT_TRUE(strict.has_value());
  EXPECT_THAT(Slugs(*strict), ::testing::Contains("key-repeated"));
  const auto equal = TidyOne(book, DeathsRecipe({{"[codes]", "table.repeats = \"equal\"\n[codes]"}}));
  ASSERT_TRUE(equal.has_value()) << equal.error().ToText();
  EXPECT_THAT(equal->findings, IsEmpty()) << AllText(*equal);
  EXPECT_EQ(equal->accounting.repeat, 14);
}

}  // namespace
}  // namespace tidemill::transform
