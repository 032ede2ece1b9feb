// SPDX-License-Identifier: Apache-2.0
#include "tidemill/workbook/testing/twins.h"

#include <array>
#include <cmath>

#include "tidemill/base/text.h"

namespace tidemill::workbook::testing {
namespace {

using Address = std::pair<std::uint32_t, std::uint32_t>;

// Kind and value by address.
std::map<Address, std::string> CellsOfDump(const std::string& dump) {
  std::map<Address, std::string> cells;
  for (const std::string_view line : base::Split(dump, '\n')) {
    const std::size_t column = line.find('\t');
    const std::size_t value = line.find('\t', column + 1);
    if (value == std::string_view::npos) continue;
    const auto row = base::ParseInt(line.substr(0, column)).value_or(0);
    const auto at = base::ParseInt(line.substr(column + 1, value - column - 1)).value_or(0);
    cells[{static_cast<std::uint32_t>(row), static_cast<std::uint32_t>(at)}] = line.substr(value + 1);
  }
  return cells;
}

bool AreNear(std::string_view a, std::string_view b) {
  if (!a.starts_with("n\t") || !b.starts_with("n\t")) return false;
  const auto x = base::ParseDouble(a.substr(2));
  const auto y = base::ParseDouble(b.substr(2));
  return x && y && std::fabs(*x - *y) <= std::max(1e-8, 1e-14 * std::fabs(*x));
}

}  // namespace

std::vector<Twins> FindTwins(const std::filesystem::path& data, const std::string& extension,
                             const std::map<std::string, ExpectedFile>& expected) {
  constexpr std::array<std::string_view, 6> kEndings = {"", ".xlsx", ".xls", ".xlsb", ".xlsm", ".ods"};
  std::vector<Twins> twins;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(data)) {
    if (entry.path().extension() != extension) continue;
    const std::string file = std::filesystem::relative(entry.path(), data).string();
    const std::string stem = file.substr(0, file.size() - extension.size());
    for (const std::string_view ending : kEndings) {
      const auto found = expected.find(stem + std::string(ending));
      if (found == expected.end() || found->second.verdict != "opened") continue;
      twins.push_back({.file = file, .twin = found->first});
      break;
    }
  }
  return twins;
}

std::vector<std::string> DifferencesOf(const std::string& dump, const std::string& twin_dump) {
  std::vector<std::string> differences;
  auto ours = CellsOfDump(dump);
  const auto note = [&](const Address& at, const std::string& a, const std::string& b) {
    differences.push_back(A1(at.first, at.second) + ": " + a + ", the twin has " + b);
  };
  for (const auto& [address, value] : CellsOfDump(twin_dump)) {
    const auto found = ours.find(address);
    if (found == ours.end()) {
      note(address, "nothing", value);
      continue;
    }
    if (found->second != value && !AreNear(found->second, value)) note(address, found->second, value);
    ours.erase(found);
  }
  for (const auto& [address, value] : ours) note(address, value, "nothing");
  return differences;
}

}  // namespace tidemill::workbook::testing
