// SPDX-License-Identifier: Apache-2.0
// Every .xls and .xlsx of the shared data against the cells that independent readers agree on (expected-cells.md
// there).
#include <array>
#include <charconv>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <map>
#include <set>
#include <sstream>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "tidemill/base/sha256.h"
#include "tidemill/base/text.h"
#include "tidemill/workbook/workbook.h"

namespace tidemill::workbook {
namespace {

const std::filesystem::path kData = TIDEMILL_SHARED_DATA;
constexpr std::string_view kOnsFolder = "ons-monthly-deaths/";

std::string ReadFile(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

std::vector<std::vector<std::string>> ReadTsv(const std::filesystem::path& path) {
  std::vector<std::vector<std::string>> rows;
  std::ifstream in(path);
  for (std::string line; std::getline(in, line);) {
    std::vector<std::string> row;
    for (const std::string_view field : base::Split(line, '\t')) row.emplace_back(field);
    rows.push_back(std::move(row));
  }
  return rows;
}

std::string Escaped(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\\') {
      out += "\\\\";
    } else if (text[i] == '\t') {
      out += "\\t";
    } else if (text[i] == '\n' || text[i] == '\r') {
      out += "\\n";
      if (text[i] == '\r' && i + 1 < text.size() && text[i + 1] == '\n') ++i;
    } else {
      out += text[i];
    }
  }
  return out;
}

std::string NumberText(double value) {
  if (std::fabs(value) < 1e15 && std::floor(value) == value) return fmt::format("{}", static_cast<std::int64_t>(value));
  std::array<char, 64> buffer{};
  const auto result = std::to_chars(buffer.data(), buffer.data() + buffer.size(), value, std::chars_format::scientific);
  return {buffer.data(), result.ptr};
}

// The canonical dump of a sheet.
std::string Dump(const Sheet& sheet) {
  std::string dump;
  for (std::size_t i = 0; i < sheet.rows().size(); ++i) {
    for (const Cell& cell : sheet.CellsOf(i)) {
      const std::string place = fmt::format("{}\t{}\t", sheet.rows()[i].number, cell.column);
      if (cell.is_numeric()) dump += place + "n\t" + NumberText(cell.number()) + "\n";
      if (cell.kind == CellKind::kString) dump += place + "s\t" + Escaped(sheet.Text(cell)) + "\n";
      if (cell.kind == CellKind::kBool) dump += place + "b\t" + (cell.boolean() ? "TRUE" : "FALSE") + "\n";
      if (cell.kind == CellKind::kError) dump += place + "e\t" + std::string(ToText(cell.error())) + "\n";
    }
  }
  return dump;
}

std::string Digest(std::string_view dump) {
  return base::Sha256Hex(dump).substr(0, 16);
}

struct ExpectedSheet {
  std::string name;
  std::string digest;  // "-" where the readers do not agree
};

struct ExpectedFile {
  std::string format;
  std::string verdict;
  std::vector<ExpectedSheet> sheets;
};

std::map<std::string, ExpectedFile> ReadExpected() {
  std::map<std::string, ExpectedFile> files;
  for (const auto& row : ReadTsv(kData / "expected-cells.tsv")) {
    if (row.size() < 14 || row[0] == "file") continue;
    ExpectedFile& file = files[row[0]];
    file.format = row[2];
    file.verdict = row[3];
    if (row[6] != "-") file.sheets.push_back({.name = row[7], .digest = row[13]});
  }
  return files;
}

// The sheets of a file in which we rightly differ, or a file's name and "*"; the third field says why.
std::set<std::pair<std::string, std::string>> ReadKnownDifferences() {
  std::set<std::pair<std::string, std::string>> known;
  for (const auto& row : ReadTsv(std::filesystem::path(TIDEMILL_SOURCE_DIR) / "tests/workbook/known_differences.tsv")) {
    if (row.size() == 3 && row[0] != "file") known.emplace(row[0], row[1]);
  }
  return known;
}

// Our digest of the sheets by name, or the error in its place; all "refused: …" where the file does not open.
std::vector<std::string> ReadDigests(std::string_view bytes, const std::vector<ExpectedSheet>& wanted) {
  const auto workbook = OpenWorkbook(bytes);
  if (!workbook) return std::vector<std::string>(wanted.size(), "refused: " + workbook.error().ToText());
  std::vector<std::string> digests;
  const auto& entries = (*workbook)->sheets();
  for (std::size_t i = 0, at = 0; i < wanted.size(); ++i, ++at) {
    // Charts and modules stand in between; a name that is nowhere leaves the order alone.
    std::size_t found = at;
    while (found < entries.size() && Escaped(entries[found].name) != wanted[i].name) ++found;
    if (found < entries.size()) at = found;
    const auto sheet = (*workbook)->ReadSheet(at);
    digests.push_back(sheet ? Digest(Dump(*sheet)) : "error: " + sheet.error().ToText());
  }
  return digests;
}

class CorpusTest : public ::testing::Test {
 protected:
  void SetUp() override {
    if (!std::filesystem::exists(kData / "expected-cells.tsv")) GTEST_SKIP() << "no shared data in " << kData;
  }
};

TEST_F(CorpusTest, CellsAreThoseThatIndependentReadersAgreeOn) {
  const auto known = ReadKnownDifferences();
  std::map<std::string, std::pair<int, int>> counts;  // by format: equal, different
  std::set<std::pair<std::string, std::string>> unused = known;
  for (const auto& [name, expected] : ReadExpected()) {
    if (expected.verdict != "opened") continue;
    if (expected.format != "xls8" && expected.format != "xls5" && expected.format != "xls-bare" &&
        expected.format != "xlsx") {
      continue;
    }
    const std::string bytes = ReadFile(kData / name);
    const auto start = std::chrono::steady_clock::now();
    const auto digests = ReadDigests(bytes, expected.sheets);
    EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(5)) << name;
    for (std::size_t i = 0; i < expected.sheets.size(); ++i) {
      if (expected.sheets[i].digest == "-") continue;
      auto& [equal, different] = counts[expected.format];
      const bool same = digests[i] == expected.sheets[i].digest;
      ++(same ? equal : different);
      if (same) continue;
      const std::pair<std::string, std::string> sheet_key{name, std::to_string(i)};
      const std::pair<std::string, std::string> file_key{name, "*"};
      unused.erase(sheet_key);
      unused.erase(file_key);
      EXPECT_TRUE(known.contains(sheet_key) || known.contains(file_key))
          << name << '\t' << i << '\t' << expected.sheets[i].name << ": " << digests[i] << ", expected "
          << expected.sheets[i].digest;
    }
  }
  for (const auto& [format, count] : counts) {
    std::printf("%s: %d sheets equal, %d different\n", format.c_str(), count.first, count.second);
  }
  for (const auto& [file, sheet] : unused) ADD_FAILURE() << "no difference any more: " << file << '\t' << sheet;
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
  for (const auto& [name, expected] : ReadExpected()) {
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
