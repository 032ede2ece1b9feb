// SPDX-License-Identifier: Apache-2.0
// Every xlsx, xlsb and ods of the shared data by the fast path and by the strict one alone, as a sheet and as a stream.
#include <cstdlib>
#include <filesystem>
#include <set>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "tidemill/workbook/testing/expected_cells.h"

#include "testing/sheet_dump.h"

namespace tidemill::workbook {
namespace {

namespace fs = std::filesystem;

// The cells as they come; a row that comes in pieces, or again, spoils the comparison.
class RowsAsText final : public RowSink {
 public:
  bool Row(const Sheet& sheet, const Sheet::Row& row, std::span<const Cell> cells) override {
    for (const Cell& cell : cells) {
      text += fmt::format("{}={};", A1(row.number, cell.column), sheet.DisplayText(cell));
    }
    return true;
  }
  std::string text;
};

std::string RowsOf(const Sheet& sheet) {
  RowsAsText rows;
  for (std::size_t i = 0; i < sheet.rows().size(); ++i) rows.Row(sheet, sheet.rows()[i], sheet.CellsOf(i));
  return rows.text;
}

bool HasIssue(const Sheet& sheet, std::string_view code) {
  for (const Issue& issue : sheet.issues) {
    if (issue.code == code) return true;
  }
  return false;
}

void Compare(const Workbook& workbook, std::size_t index, const std::string& name) {
  const auto walked = workbook.ReadSheet(index);
  const auto strict = workbook.ReadSheet(index, {}, {.strict_only = true});
  ASSERT_EQ(walked.has_value(), strict.has_value()) << name << ' ' << index;
  if (!walked) return;
  EXPECT_TRUE(testing::SheetDump(*walked) == testing::SheetDump(*strict)) << name << ' ' << index;
  RowsAsText rows;
  const auto streamed = workbook.StreamSheet(index, rows);
  ASSERT_TRUE(streamed.has_value()) << name << ' ' << index;
  if (HasIssue(*streamed, "row-order")) return;
  EXPECT_TRUE(rows.text == RowsOf(*walked)) << name << ' ' << index;
}

// ./dev test --quick is for the next try while writing: it leaves the few large files, half of the time, to the whole
// test.
bool IsQuick() {
  return std::getenv("TIDEMILL_QUICK") != nullptr;
}
constexpr std::uintmax_t kMostQuickBytes = 64 * 1024;

// How many sheets there are in files of these endings; each is compared.
std::size_t CompareAll(const fs::path& data, const std::set<std::string>& endings) {
  std::size_t sheets = 0;
  for (const auto& entry : fs::recursive_directory_iterator(data)) {
    if (!entry.is_regular_file() || !endings.contains(entry.path().extension().string())) continue;
    if (IsQuick() && entry.file_size() > kMostQuickBytes) continue;
    const std::string bytes = testing::ReadFile(entry.path());
    const auto workbook = OpenWorkbook(bytes);
    if (!workbook) continue;
    for (std::size_t i = 0; i < (*workbook)->sheets().size(); ++i, ++sheets) {
      Compare(**workbook, i, entry.path().filename().string());
    }
  }
  return sheets;
}

TEST(FastPathOracle, GivesWhatTheTokenizerGivesOnEverySharedXlsx) {
  const fs::path data = TIDEMILL_SHARED_DATA;
  if (!fs::exists(data)) GTEST_SKIP() << "no shared data in " << data;
  EXPECT_GT(CompareAll(data, {".xlsx", ".xlsm", ".xltx", ".xltm"}), IsQuick() ? 800U : 1000U);
}

TEST(FastPathOracle, GivesWhatTheTokenizerGivesOnEverySharedOds) {
  const fs::path data = TIDEMILL_SHARED_DATA;
  if (!fs::exists(data)) GTEST_SKIP() << "no shared data in " << data;
  EXPECT_GT(CompareAll(data, {".ods", ".fods", ".ots"}), 200U);
}

TEST(FastPathOracle, GivesWhatTheRecordsGiveOneByOneOnEverySharedXlsb) {
  const fs::path data = TIDEMILL_SHARED_DATA;
  if (!fs::exists(data)) GTEST_SKIP() << "no shared data in " << data;
  EXPECT_GT(CompareAll(data, {".xlsb"}), 500U);
}

}  // namespace
}  // namespace tidemill::workbook
