// SPDX-License-Identifier: Apache-2.0
#include "tidemill/transform/explained.h"

#include <algorithm>
#include <filesystem>

#include <gmock/gmock.h>

#include "tidemill/recipe/testing/test_files.h"
#include "tidemill/transform/explained_formats.h"
#include "tidemill/transform/testing/grid_text.h"

#include "tidy_workbook.h"

// The cases of tests/explain, and what the formats promise.
namespace tidemill::transform {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

const std::filesystem::path kCases = TIDEMILL_SOURCE_DIR "/tests/explain";

Explained ExplainCase(const std::string& name, const ExplainOptions& options = {}) {
  const auto text = [&](const char* file) { return recipe::testing::FileText((kCases / name / file).string()); };
  const auto recipe = recipe::Recipe::Parse(text("recipe.toml"), "recipe.toml");
  EXPECT_TRUE(recipe.has_value()) << recipe.error().ToText();
  const EditionInput input{.edition = "e",
                           .captures = {{"ext", "xlsx"}},
                           .final = true,
                           .file = name + ".xlsx",
                           .url = {},
                           .sha256 = {},
                           .today = base::ParseDate("2026-01-01").value()};
  auto explained =
      ExplainWorkbook(testing::WorkbookOfText(text("workbook.txt")), *recipe, input, options, Register(), {});
  EXPECT_TRUE(explained.has_value()) << explained.error().ToText();
  return *std::move(explained);
}

TEST(Explained, CasesReadAsExpected) {
  std::size_t cases = 0;
  for (const auto& entry : std::filesystem::directory_iterator(kCases)) {
    if (!entry.is_directory()) continue;
    ++cases;
    SCOPED_TRACE(entry.path());
    EXPECT_EQ(ToText(ExplainCase(entry.path().filename().string()), {}),
              recipe::testing::FileText((entry.path() / "expected.txt").string()));
  }
  EXPECT_GE(cases, 5U);
}

TEST(Explained, ColoursAreBesideTheLettersAndEndWhereTheyBegan) {
  const std::string text = ToText(ExplainCase("bound"), {.colour = true, .columns = 100});
  EXPECT_THAT(text, HasSubstr("\x1B[32mv\x1B[0m"));
  std::string plain;
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (text[at] == '\x1B')
      at = text.find('m', at);
    else
      plain += text[at];
  }
  EXPECT_EQ(plain, ToText(ExplainCase("bound"), {.columns = 100}));
}

TEST(Explained, TheSheetThatIsAskedForIsTakenWhateverTheRecipePicks) {
  const Explained asked = ExplainCase("sheet_missing", {.sheet = "Marriages"});
  EXPECT_FALSE(asked.error) << asked.error->ToText();
  EXPECT_THAT(asked.text, HasSubstr("\"Marriages\"     as asked for"));
}

TEST(Explained, EveryCellOfABoundSheetIsDrawnWithWhatItBecame) {
  const Explained explained = ExplainCase("bound");
  ASSERT_EQ(explained.pictures.size(), 1U);
  const Picture& picture = explained.pictures.front();
  EXPECT_EQ(static_cast<std::int64_t>(picture.cells.size()), explained.accounting.cells());
  const auto cell = [&](std::uint32_t row, std::uint16_t column) {
    return *std::ranges::find_if(picture.cells,
                                 [&](const PictureCell& one) { return one.row + 1 == row && one.column == column; });
  };
  EXPECT_EQ(cell(4, 2).became, "60");
  EXPECT_EQ(cell(9, 3).became, "null, x");
  EXPECT_EQ(cell(3, 2).became, "2020-Q1");
  EXPECT_EQ(cell(7, 1).became, "Yorkshire and The Humber");
  EXPECT_EQ(cell(4, 5).cell_class, CellClass::kTotal);
  EXPECT_EQ(picture.row_keys.at(3), "E92000001, England");
  EXPECT_EQ(picture.column_keys.at(2), "2020-Q1");
}

TEST(Explained, ThePageLoadsNothingAndEscapesEverything) {
  for (const auto& entry : std::filesystem::directory_iterator(kCases)) {
    if (!entry.is_directory()) continue;
    SCOPED_TRACE(entry.path());
    const std::string html = ToHtml(ExplainCase(entry.path().filename().string()));
    for (const char* outside : {"http:", "https:", "//", "url(", "@import", "src=\"", "<img", "<link"}) {
      const std::string body = html.substr(html.find("<h1>"), html.find("<script>") - html.find("<h1>"));
      EXPECT_THAT(body, Not(HasSubstr(outside)));
      EXPECT_THAT(html.substr(0, html.find("<style>")), Not(HasSubstr(outside)));
    }
    EXPECT_EQ(std::ranges::count(html, '\x1B'), 0);
    EXPECT_THAT(html, HasSubstr("default-src 'none'"));
    EXPECT_EQ(html.find("<script"), html.rfind("<script")) << "one script, its own";
  }
  const std::string hostile = ToHtml(ExplainCase("hostile_texts"));
  EXPECT_THAT(hostile, HasSubstr("&lt;script&gt;alert(&#39;title&#39;)&lt;/script&gt;"));
  EXPECT_THAT(hostile, HasSubstr("&quot;&gt;&lt;img src=x"));
}

TEST(Explained, ThePagesPolicyNamesItsStyleAndScriptByTheirHashes) {
  const std::string html = ToHtml(ExplainCase("bound"));
  // Of the texts between the tags; known from another tool: openssl dgst -sha256 -binary | base64.
  EXPECT_THAT(html, HasSubstr("style-src 'sha256-"));
  EXPECT_THAT(html, HasSubstr("script-src 'sha256-"));
  const std::size_t at = html.find("script-src 'sha256-") + 19;
  EXPECT_EQ(html.substr(at, html.find('\'', at) - at).size(), 44U);
}

TEST(Explained, AFindingIsLinkedToItsCellAndTheCellNamesIt) {
  const std::string html = ToHtml(ExplainCase("bound"));
  EXPECT_THAT(html, HasSubstr("href=\"#s0-D8\""));
  EXPECT_THAT(html, HasSubstr("id=\"s0-D8\""));
  EXPECT_THAT(html, HasSubstr("fail unknown-marker: "));
  EXPECT_THAT(html, HasSubstr("id=\"s0-D10\"")) << "a finding at a blank cell is drawn too";
}

TEST(Explained, JsonHasEveryCell) {
  const std::string json = ToJson(ExplainCase("bound"));
  EXPECT_THAT(json, HasSubstr(R"({"cell":"C4","class":"value","text":"60","became":"60"})"));
  EXPECT_THAT(json, HasSubstr(R"("bound":true)"));
  EXPECT_THAT(ToJson(ExplainCase("column_missing")), HasSubstr(R"("what":"column kind","sheet":"Table_A")"));
}

}  // namespace
}  // namespace tidemill::transform
