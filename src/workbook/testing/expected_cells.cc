// SPDX-License-Identifier: Apache-2.0
#include "tidemill/workbook/testing/expected_cells.h"

#include <array>
#include <charconv>
#include <cmath>
#include <fstream>

#include <fmt/format.h>

#include "tidemill/base/sha256.h"
#include "tidemill/base/text.h"

namespace tidemill::workbook::testing {
namespace {

std::string NumberText(double value) {
  if (std::fabs(value) < 1e15 && std::floor(value) == value) return fmt::format("{}", static_cast<std::int64_t>(value));
  std::array<char, 64> buffer{};
  const auto result = std::to_chars(buffer.data(), buffer.data() + buffer.size(), value, std::chars_format::scientific);
  return {buffer.data(), result.ptr};
}

}  // namespace

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

std::map<std::string, ExpectedFile> ReadExpected(const std::filesystem::path& data) {
  std::map<std::string, ExpectedFile> files;
  for (const auto& row : ReadTsv(data / "expected-cells.tsv")) {
    if (row.size() < 14 || row[0] == "file") continue;
    ExpectedFile& file = files[row[0]];
    file.format = row[2];
    file.verdict = row[3];
    if (row[6] != "-") file.sheets.push_back({.name = row[7], .digest = row[13]});
  }
  return files;
}

namespace {

using Key = std::pair<std::string, std::string>;  // file, number of the sheet or "*"

std::set<Key> ReadKnownDifferences(const std::filesystem::path& path) {
  std::set<Key> known;
  for (const auto& row : ReadTsv(path)) {
    if (row.size() == 3 && row[0] != "file") known.emplace(row[0], row[1]);
  }
  return known;
}

// Our digests of the sheets, or the error in their place; all "refused: …" where the file does not open.
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

}  // namespace

Comparison CompareWithExpected(const std::filesystem::path& data, const std::filesystem::path& known_path,
                               const std::set<std::string>& formats) {
  Comparison result;
  const auto known = ReadKnownDifferences(known_path);
  std::set<Key> unused = known;
  for (const auto& [name, expected] : ReadExpected(data)) {
    if (expected.verdict != "opened" || !formats.contains(expected.format)) {
      std::erase_if(unused, [&](const Key& key) { return key.first == name; });
      continue;
    }
    const std::string bytes = ReadFile(data / name);
    const auto digests = ReadDigests(bytes, expected.sheets);
    auto& [equal, different] = result.counts[expected.format];
    for (std::size_t i = 0; i < expected.sheets.size(); ++i) {
      if (expected.sheets[i].digest == "-") continue;
      const bool same = digests[i] == expected.sheets[i].digest;
      ++(same ? equal : different);
      if (same) continue;
      const Key sheet_key{name, std::to_string(i)};
      const Key file_key{name, "*"};
      unused.erase(sheet_key);
      unused.erase(file_key);
      if (known.contains(sheet_key) || known.contains(file_key)) continue;
      result.faults.push_back(fmt::format("{}\t{}\t{}: {}, expected {}", name, i, expected.sheets[i].name, digests[i],
                                          expected.sheets[i].digest));
    }
  }
  for (const auto& [file, sheet] : unused) result.faults.push_back("no difference any more: " + file + '\t' + sheet);
  return result;
}

}  // namespace tidemill::workbook::testing
