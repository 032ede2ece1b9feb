// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

// The data of tests: tables of cases, whole files.
namespace tidemill::recipe::testing {

std::string FileText(const std::string& path);

struct Row {
  int line = 0;
  std::vector<std::string> fields;
  // Empty where the row is shorter.
  const std::string& operator[](std::size_t i) const;
};
// Tab-separated; lines that begin with '#' and empty ones are left out.
std::vector<Row> TableRows(const std::string& path);
// \n, \t, \\ and \xNN
std::string Unescaped(std::string_view text);

}  // namespace tidemill::recipe::testing
