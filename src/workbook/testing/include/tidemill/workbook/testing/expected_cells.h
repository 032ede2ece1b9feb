// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "tidemill/workbook/workbook.h"

// The shared data's tables of what independent readers found (expected-cells.md there), and ours in the same form.
namespace tidemill::workbook::testing {

std::string ReadFile(const std::filesystem::path& path);
std::vector<std::vector<std::string>> ReadTsv(const std::filesystem::path& path);
// With \\, \n and \t for backslash, line end (also CR LF and CR) and tab.
std::string Escaped(std::string_view text);

// The canonical dump of a sheet, and its digest.
std::string Dump(const Sheet& sheet);
std::string Digest(std::string_view dump);

struct ExpectedSheet {
  std::string name;
  std::string digest;  // "-" where the readers do not agree
};
struct ExpectedFile {
  std::string format;
  std::string verdict;
  std::vector<ExpectedSheet> sheets;
};
// By file.
std::map<std::string, ExpectedFile> ReadExpected(const std::filesystem::path& data);

struct Comparison {
  std::map<std::string, std::pair<int, int>> counts;  // by format: sheets equal, different
  std::vector<std::string> faults;                    // unknown differences, known ones that are gone
};
// Opens the files of `formats` that others open, and compares. `known` lists where we rightly differ: file, number of
// the sheet or "*", reason.
Comparison CompareWithExpected(const std::filesystem::path& data, const std::filesystem::path& known,
                               const std::set<std::string>& formats);

}  // namespace tidemill::workbook::testing
