// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "tidemill/workbook/testing/expected_cells.h"

// The same book saved in two formats.
namespace tidemill::workbook::testing {

// A file of one format, and one whose expected cells are known, by their names: "a.xlsx.xml" and "a.xlsx", or "a.xml"
// and "a.xlsx".
struct Twins {
  std::string file;
  std::string twin;
};
std::vector<Twins> FindTwins(const std::filesystem::path& data, const std::string& extension,
                             const std::map<std::string, ExpectedFile>& expected);

// How the cells of a sheet differ from a dump: lines such as "B7: n 1.5, the twin has n 2". Numbers that are as near as
// a time of milliseconds can be (1e-8 of a day, or 1e-14 of the value) are equal.
std::vector<std::string> DifferencesOf(const std::string& dump, const std::string& twin_dump);

}  // namespace tidemill::workbook::testing
