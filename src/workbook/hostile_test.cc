// SPDX-License-Identifier: Apache-2.0
// Files made to hurt: each is refused with its reason or read within bounds, within 64 MB and without running away.
#include <atomic>
#include <cstdlib>
#include <ctime>
#include <new>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <malloc.h>

#include "tidemill/workbook/testing/make_files.h"
#include "tidemill/workbook/workbook.h"

namespace {

std::atomic<std::int64_t> allocated = 0;
std::atomic<std::int64_t> most_allocated = 0;

void Count(std::int64_t bytes) {
  const std::int64_t now = allocated.fetch_add(bytes) + bytes;
  if (bytes > 0 && now > most_allocated) most_allocated = now;
}

}  // namespace

// The whole test program counts what it holds.
void* operator new(std::size_t size) {
  void* memory = std::malloc(size);
  if (memory == nullptr) throw std::bad_alloc();
  Count(static_cast<std::int64_t>(malloc_usable_size(memory)));
  return memory;
}
void* operator new(std::size_t size, const std::nothrow_t& /*tag*/) noexcept {
  void* memory = std::malloc(size);
  if (memory != nullptr) Count(static_cast<std::int64_t>(malloc_usable_size(memory)));
  return memory;
}
void operator delete(void* memory) noexcept {
  if (memory != nullptr) Count(-static_cast<std::int64_t>(malloc_usable_size(memory)));
  std::free(memory);
}
void operator delete(void* memory, std::size_t /*size*/) noexcept {
  operator delete(memory);
}
void operator delete(void* memory, const std::nothrow_t& /*tag*/) noexcept {
  operator delete(memory);
}

namespace tidemill::workbook {
namespace {

using ::testing::HasSubstr;
using testing::MakeXlsx;
using testing::MakeZip;
using testing::XlsxMembers;
using testing::XlsxParts;
using testing::ZipMember;

constexpr double kSeconds = 60;  // only what runs away: debug builds and busy machines are slow
constexpr std::int64_t kBytes = 64'000'000;

double CpuSeconds() {
  std::timespec now{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) / 1e9;
}

struct Outcome {
  std::string error;  // of opening, or of the first sheet that could not be read
  std::uint64_t cells = 0;
  std::vector<std::string> issues;
};

class NoRows final : public RowSink {
 public:
  bool Row(const Sheet& /*sheet*/, const Sheet::Row& /*row*/, std::span<const Cell> cells) override {
    count += cells.size();
    return true;
  }
  std::uint64_t count = 0;
};

// Opens and reads all, as a sheet and as a stream, with an eye on the clock and the memory.
Outcome Bounded(const std::string& bytes) {
  Outcome outcome;
  const std::int64_t before = allocated;
  most_allocated = before;
  const double begun = CpuSeconds();
  const auto workbook = OpenWorkbook(bytes);
  if (!workbook) {
    outcome.error = workbook.error().ToText();
  } else {
    for (const Issue& issue : (*workbook)->issues()) outcome.issues.push_back(issue.code);
    for (std::size_t i = 0; i < (*workbook)->sheets().size(); ++i) {
      NoRows rows;
      const auto sheet = (*workbook)->ReadSheet(i);
      const auto streamed = (*workbook)->StreamSheet(i, rows);
      EXPECT_EQ(sheet.has_value(), streamed.has_value());
      if (!sheet && outcome.error.empty()) outcome.error = sheet.error().ToText();
      if (!sheet) continue;
      outcome.cells += sheet->cell_count();
      EXPECT_GE(rows.count, sheet->cell_count());
      for (const Issue& issue : sheet->issues) outcome.issues.push_back(issue.code);
    }
  }
  EXPECT_LT(CpuSeconds() - begun, kSeconds);
  EXPECT_LT(most_allocated - before, kBytes);
  return outcome;
}

std::string Repeated(std::string_view text, std::size_t count) {
  std::string all;
  all.reserve(text.size() * count);
  for (std::size_t i = 0; i < count; ++i) all += text;
  return all;
}

std::string WithPart(const XlsxParts& parts, std::string_view name, const std::string& bytes) {
  std::vector<ZipMember> members = XlsxMembers(parts);
  for (ZipMember& member : members) {
    if (member.name == name) member.bytes = bytes;
  }
  return MakeZip(members);
}

std::string Workbook(const std::string& sheets) {
  return "<workbook xmlns:r='http://schemas.openxmlformats.org/officeDocument/2006/relationships'><sheets>" + sheets +
         "</sheets></workbook>";
}

const std::string kCell = "<sheetData><row r='1'><c r='A1'><v>1</v></c></row></sheetData>";

TEST(HostileXlsx, EntityBombsAreRefused) {
  std::string bomb = "<!DOCTYPE w [<!ENTITY a0 'ha'>";
  for (int i = 1; i < 30; ++i) bomb += fmt::format("<!ENTITY a{} '&a{};&a{};'>", i, i - 1, i - 1);
  bomb += "]>";
  EXPECT_THAT(Bounded(WithPart({.sheets = {kCell}}, "xl/workbook.xml", bomb + "<workbook>&a29;</workbook>")).error,
              HasSubstr("document type"));
  EXPECT_THAT(
      Bounded(WithPart({.sheets = {kCell}}, "xl/worksheets/sheet1.xml", bomb + "<worksheet>&a29;</worksheet>")).error,
      HasSubstr("document type"));
}

TEST(HostileXlsx, SheetsThatInflateWithoutMeasureAreBombs) {
  const Outcome outcome = Bounded(MakeXlsx({.sheets = {kCell + std::string(30'000'000, ' ')}}));
  EXPECT_THAT(outcome.error, HasSubstr("bomb: "));
  EXPECT_THAT(Bounded(MakeXlsx({.sheets = {kCell}, .shared_strings = std::string(30'000'000, ' ')})).error,
              HasSubstr("bomb: "));
}

TEST(HostileXlsx, MembersThatShareBytesAreRefused) {
  std::string archive = MakeXlsx({.sheets = {kCell, kCell}});
  // The second sheet's entry of the directory points at the first sheet's bytes.
  const std::size_t first = archive.find("PK\x01\x02");
  const std::size_t second = archive.find("PK\x01\x02", first + 4);
  archive.replace(second + 42, 4, archive.substr(first + 42, 4));
  EXPECT_THAT(Bounded(archive).error, HasSubstr("overlap"));
}

TEST(HostileXlsx, TheFarCornerTakesNoRoom) {
  const Outcome outcome =
      Bounded(MakeXlsx({.sheets = {"<dimension ref='A1:XFD1048576'/><sheetData><row r='1'><c r='A1'><v>1</v></c></row>"
                                   "<row r='1048576' hidden='1'><c r='XFD1048576'><v>2</v></c></row></sheetData>"
                                   "<mergeCells><mergeCell ref='A1:XFD1048576'/></mergeCells>"}}));
  EXPECT_EQ(outcome.error, "");
  EXPECT_EQ(outcome.cells, 2U);
}

TEST(HostileXlsx, ColumnsThatAreHiddenOverAndOverCostLittle) {
  const Outcome outcome = Bounded(
      MakeXlsx({.sheets = {"<cols>" + Repeated("<col min='1' max='16384' hidden='1' outlineLevel='7'/>", 100'000) +
                           "</cols>" + kCell}}));
  EXPECT_EQ(outcome.cells, 1U);
}

TEST(HostileXlsx, StringNumbersBeyondTheTableAreIssues) {
  const Outcome outcome =
      Bounded(MakeXlsx({.sheets = {"<sheetData><row r='1'><c r='A1' t='s'><v>2147483648</v></c>"
                                   "<c r='B1' t='s'><v>99999999999999999999</v></c></row></sheetData>"},
                        .shared_strings = "<si><t>x</t></si>"}));
  EXPECT_EQ(outcome.issues, (std::vector<std::string>{"string-index", "value"}));
}

TEST(HostileXlsx, StylesAreCounted) {
  std::string styles = "<cellXfs>";
  for (int i = 0; i < 1'000'000; ++i) styles += fmt::format("<xf fontId='{}'/>", i);
  const Outcome outcome = Bounded(MakeXlsx({.sheets = {kCell}, .styles = styles + "</cellXfs>"}));
  EXPECT_EQ(outcome.cells, 1U);
  EXPECT_THAT(outcome.issues, ::testing::Contains("limit"));
}

TEST(HostileXlsx, FormatsAreCounted) {
  std::string styles = "<numFmts>";
  for (int i = 0; i < 500'000; ++i)
    styles += fmt::format("<numFmt numFmtId='{}' formatCode='{} a long format here'/>", i, i);
  const Outcome outcome =
      Bounded(MakeXlsx({.sheets = {kCell}, .styles = styles + "</numFmts><cellXfs><xf/></cellXfs>"}));
  EXPECT_EQ(outcome.cells, 1U);
  EXPECT_THAT(outcome.issues, ::testing::Contains("limit"));
}

TEST(HostileXlsx, NamesAndSheetsAreCounted) {
  std::string names = "<definedNames>";
  for (int i = 0; i < 300'000; ++i)
    names += fmt::format("<definedName name='a_long_name_{}'>Sheet!$A${}</definedName>", i, i);
  const Outcome outcome = Bounded(MakeXlsx({.sheets = {kCell}, .workbook = names + "</definedNames>"}));
  EXPECT_EQ(outcome.cells, 1U);
  EXPECT_THAT(outcome.issues, ::testing::Contains("limit"));
}

TEST(HostileXlsx, MergesLinksAndNotesAreCounted) {
  std::string merges = kCell + "<mergeCells>";
  for (int i = 1; i < 400'000; ++i) merges += fmt::format("<mergeCell ref='A{}:B{}'/>", 2 * i, 2 * i + 1);
  merges += "</mergeCells><hyperlinks>";
  for (int i = 1; i < 400'000; ++i)
    merges += fmt::format("<hyperlink ref='A{}' location='a place that is far away {}'/>", i, i);
  const Outcome outcome = Bounded(MakeXlsx({.sheets = {merges + "</hyperlinks>"}}));
  EXPECT_EQ(outcome.cells, 1U);
  EXPECT_THAT(outcome.issues, ::testing::Contains("limit"));
}

TEST(HostileXlsx, DeepElementsEndTheSheet) {
  const Outcome outcome = Bounded(MakeXlsx({.sheets = {kCell + Repeated("<a>", 1'000'000)}}));
  EXPECT_EQ(outcome.cells, 1U);
  EXPECT_EQ(outcome.issues, (std::vector<std::string>{"xml"}));
}

TEST(HostileXlsx, OneCellOfManyMegabytesIsCutOrEndsTheSheet) {
  std::string text;
  for (int i = 0; i < 1'000'000; ++i) text += std::to_string(i);
  const Outcome cut =
      Bounded(MakeXlsx({.sheets = {"<sheetData><row><c t='str'><v>" + text + "</v></c></row></sheetData>"}}));
  EXPECT_EQ(cut.cells, 1U);
  text += text + text;
  const Outcome ended =
      Bounded(MakeXlsx({.sheets = {"<sheetData><row><c t='str'><v>" + text + "</v></c></row></sheetData>"}}));
  EXPECT_EQ(ended.cells, 0U);
  EXPECT_EQ(ended.issues, (std::vector<std::string>{"xml"}));
}

TEST(HostileXlsx, OneAddressOverAndOver) {
  std::string cells = "<sheetData><row r='1'>";
  for (int i = 0; i < 400'000; ++i) cells += fmt::format("<c r='A1'><v>{}</v></c>", i);
  const Outcome outcome = Bounded(MakeXlsx({.sheets = {cells + "</row></sheetData>"}}));
  EXPECT_EQ(outcome.cells, 1U);
}

TEST(HostileXlsx, RowsInFallingOrder) {
  std::string rows = "<sheetData>";
  for (int i = 300'000; i > 0; --i) rows += fmt::format("<row r='{}'><c r='A{}'><v>{}</v></c></row>", i, i, i);
  const Outcome outcome = Bounded(MakeXlsx({.sheets = {rows + "</sheetData>"}}));
  EXPECT_EQ(outcome.cells, 300'000U);
}

TEST(HostileXlsx, ManySheetsAmongManyRelationships) {
  std::string sheets;
  for (int i = 0; i < 16'384; ++i) sheets += fmt::format("<sheet name='s{}' r:id='rIdx{:08}'/>", i, 65'535 - i);
  std::string relations = "<Relationships>";
  for (int i = 0; i < 65'536; ++i) relations += fmt::format("<Relationship Id='rIdx{:08}' Target='s{}.xml'/>", i, i);
  const Outcome outcome = Bounded(
      MakeZip({{"xl/workbook.xml", Workbook(sheets)}, {"xl/_rels/workbook.xml.rels", relations + "</Relationships>"}}));
  EXPECT_EQ(outcome.cells, 0U);
  EXPECT_THAT(outcome.issues, ::testing::Contains("relationship"));
}

TEST(HostileXlsx, ManySheetsOfOnePart) {
  std::string sheets;
  for (int i = 0; i < 16'384; ++i) sheets += fmt::format("<sheet name='s{}' r:id='r'/>", i);
  std::string rows = "<worksheet><sheetData>";
  for (int i = 0; i < 100'000; ++i) rows += "<row><c><v>1</v></c></row>";
  const Outcome outcome = Bounded(MakeZip(
      {{"xl/workbook.xml", Workbook(sheets)},
       {"xl/_rels/workbook.xml.rels", "<Relationships><Relationship Id='r' Target='sheet.xml'/></Relationships>"},
       {"xl/sheet.xml", rows + "</sheetData></worksheet>"}}));
  EXPECT_EQ(outcome.cells, 100'000U);
  EXPECT_THAT(outcome.issues, ::testing::Contains("relationship"));
}

TEST(HostileXlsx, ManySheetsOfTheSameTable) {
  std::string sheets;
  std::string relations = "<Relationships>";
  std::string table = "<table name='T' ref='A1:B2'><tableColumns>";
  for (int i = 1; i <= 30'000; ++i) table += fmt::format("<tableColumn name='the column {}'/>", i);
  std::vector<ZipMember> members = {{"xl/table.xml", table + "</tableColumns></table>"}};
  for (int i = 0; i < 2'000; ++i) {
    sheets += fmt::format("<sheet name='s{}' r:id='r{}'/>", i, i);
    relations += fmt::format("<Relationship Id='r{}' Target='s{}.xml'/>", i, i);
    members.push_back({fmt::format("xl/s{}.xml", i), "<worksheet>" + kCell + "</worksheet>"});
    members.push_back({fmt::format("xl/_rels/s{}.xml.rels", i),
                       "<Relationships><Relationship Type='t/table' Target='table.xml'/></Relationships>"});
  }
  members.push_back({"xl/workbook.xml", Workbook(sheets)});
  members.push_back({"xl/_rels/workbook.xml.rels", relations + "</Relationships>"});
  const Outcome outcome = Bounded(MakeZip(members));
  EXPECT_THAT(outcome.issues, ::testing::Contains("relationship"));
}

TEST(HostileXlsx, ManyRelationshipsAndParts) {
  std::string relations = "<Relationships>";
  for (int i = 0; i < 200'000; ++i)
    relations += fmt::format("<Relationship Id='r{}' Type='t/table' Target='../tables/t1.xml'/>", i);
  const Outcome outcome =
      Bounded(MakeXlsx({.sheets = {kCell},
                        .more = {{"xl/worksheets/_rels/sheet1.xml.rels", relations + "</Relationships>"},
                                 {"xl/tables/t1.xml", "<table name='T' ref='A1:B2'/>"}}}));
  EXPECT_EQ(outcome.cells, 1U);
  EXPECT_THAT(outcome.issues, ::testing::Contains("limit"));
}

}  // namespace
}  // namespace tidemill::workbook
