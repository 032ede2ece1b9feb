// SPDX-License-Identifier: Apache-2.0
// Every .xls, .xlsb and .xlsx of the shared data against the cells that independent readers agree on (expected-cells.md
// there).
#include <cstdio>
#include <filesystem>
#include <map>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tidemill/base/text.h"
#include "tidemill/workbook/testing/expected_cells.h"

namespace tidemill::workbook {
namespace {

const std::filesystem::path kData = TIDEMILL_SHARED_DATA;
using testing::Dump;
using testing::Escaped;
using testing::ReadExpected;
using testing::ReadFile;
using testing::ReadTsv;

constexpr std::string_view kOnsFolder = "ons-monthly-deaths/";

class CorpusTest : public ::testing::Test {
 protected:
  void SetUp() override {
    if (!std::filesystem::exists(kData / "expected-cells.tsv")) GTEST_SKIP() << "no shared data in " << kData;
  }
};

TEST_F(CorpusTest, CellsAreThoseThatIndependentReadersAgreeOn) {
  const auto known = std::filesystem::path(TIDEMILL_SOURCE_DIR) / "tests/workbook/known_differences.tsv";
  const auto result =
      testing::CompareWithExpected(kData, known, {"xls2", "xls3", "xls4", "xls5", "xls8", "xls-bare", "xlsb", "xlsx"});
  for (const auto& [format, count] : result.counts) {
    std::printf("%s: %d sheets equal, %d different\n", format.c_str(), count.first, count.second);
  }
  EXPECT_THAT(result.faults, ::testing::IsEmpty());
}

// expected-runs.tsv: ["super", text, offset in code points] for every run that is not plain.
std::string ScriptRuns(const Sheet& sheet, const Cell& cell) {
  const std::string_view text = sheet.Text(cell);
  const auto runs = sheet.Runs(cell);
  std::string json = "[";
  std::size_t code_points = 0;
  std::size_t at = 0;
  while (at < text.size() && !runs.empty()) {
    const auto script_at = [&](std::size_t byte) {
      Script script = Script::kPlain;
      for (const TextRun& run : runs) {
        if (run.start <= byte) script = run.script;
      }
      return script;
    };
    const Script script = script_at(at);
    const std::size_t begin = at;
    const std::size_t begin_points = code_points;
    while (at < text.size() && script_at(at) == script) {
      if ((static_cast<unsigned char>(text[at]) & 0xC0U) != 0x80U) ++code_points;
      ++at;
    }
    if (script == Script::kPlain) continue;
    if (json.size() > 1) json += ", ";
    json += fmt::format("[\"{}\", {}, {}]", script == Script::kSuperscript ? "super" : "sub",
                        base::JsonString(Escaped(text.substr(begin, at - begin))), begin_points);
  }
  return json + "]";
}

TEST_F(CorpusTest, RunsOfTheDeathsWorkbooksAreExact) {
  std::map<std::string, std::map<std::string, std::string>> expected;  // file, "sheet!cell", runs
  for (const auto& row : ReadTsv(kData / "expected-runs.tsv")) {
    if (row.size() < 9 || !row[0].starts_with(kOnsFolder) || row[4] != "run") continue;
    const auto cell_row = static_cast<std::uint32_t>(base::ParseInt(row[2]).value_or(0));
    const auto column = static_cast<std::uint32_t>(base::ParseInt(row[3]).value_or(0));
    expected[row[0]][row[1] + "!" + A1(cell_row, column)] = row[7];
  }
  ASSERT_FALSE(expected.empty());
  for (const auto& [name, runs] : expected) {
    const std::string bytes = ReadFile(kData / name);
    const auto workbook = OpenWorkbook(bytes);
    ASSERT_TRUE(workbook.has_value()) << name;
    std::map<std::string, std::string> ours;
    for (std::size_t i = 0; i < (*workbook)->sheets().size(); ++i) {
      const auto sheet = (*workbook)->ReadSheet(i);
      ASSERT_TRUE(sheet.has_value()) << name;
      for (std::size_t row = 0; row < sheet->rows().size(); ++row) {
        for (const Cell& cell : sheet->CellsOf(row)) {
          const std::string script_runs = ScriptRuns(*sheet, cell);
          if (script_runs != "[]") ours[sheet->name + "!" + A1(sheet->rows()[row].number, cell.column)] = script_runs;
        }
      }
    }
    EXPECT_EQ(ours, runs) << name;
  }
}

std::vector<std::string> OnsFiles() {
  std::vector<std::string> names;
  for (const auto& [name, expected] : ReadExpected(kData)) {
    if (name.starts_with(kOnsFolder)) names.push_back(name);
  }
  return names;
}

// Reads everything; what comes out does not matter, that it comes to an end does.
void ReadAll(std::string_view bytes) {
  const auto workbook = OpenWorkbook(bytes);
  if (!workbook) {
    EXPECT_FALSE(workbook.error().message.empty());
    return;
  }
  for (std::size_t i = 0; i < (*workbook)->sheets().size(); ++i) {
    const auto sheet = (*workbook)->ReadSheet(i);
    if (sheet) Dump(*sheet);
  }
}

TEST_F(CorpusTest, TheTenDeathsWorkbooksAreThere) {
  EXPECT_EQ(OnsFiles().size(), 10U);
}

TEST_F(CorpusTest, TruncatedCopiesNeverCrash) {
  for (const std::string& name : OnsFiles()) {
    const std::string bytes = ReadFile(kData / name);
    for (std::size_t part = 0; part < 40; ++part)
      ReadAll(std::string_view(bytes).substr(0, bytes.size() * part / 40 + part));
  }
}

TEST_F(CorpusTest, BitFlippedCopiesNeverCrash) {
  std::uint32_t state = 20'261;  // a fixed sequence (xorshift)
  const auto next = [&] {
    state ^= state << 13U;
    state ^= state >> 17U;
    state ^= state << 5U;
    return state;
  };
  for (const std::string& name : OnsFiles()) {
    const std::string bytes = ReadFile(kData / name);
    for (int copy = 0; copy < 30; ++copy) {
      std::string broken = bytes;
      // Every third copy is broken in its header and directory, where it hurts most.
      const std::size_t size = copy % 3 == 0 ? 4096 : broken.size();
      for (int flip = 0; flip < 1 + copy; ++flip) {
        char& byte = broken[next() % size];
        byte = static_cast<char>(static_cast<unsigned char>(byte) ^ (1U << (next() % 8U)));
      }
      ReadAll(broken);
    }
  }
}

}  // namespace
}  // namespace tidemill::workbook
