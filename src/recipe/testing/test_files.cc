// SPDX-License-Identifier: Apache-2.0
#include "tidemill/recipe/testing/test_files.h"

#include <fstream>
#include <iterator>

#include "tidemill/base/text.h"

namespace tidemill::recipe::testing {

std::string FileText(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

const std::string& Row::operator[](std::size_t i) const {
  static const std::string kNothing;
  return i < fields.size() ? fields[i] : kNothing;
}

std::vector<Row> TableRows(const std::string& path) {
  const std::string text = FileText(path);
  std::vector<Row> rows;
  int number = 0;
  for (const std::string_view line : base::Split(text, '\n')) {
    ++number;
    if (line.empty() || line.starts_with('#')) continue;
    const auto fields = base::Split(line, '\t');
    rows.push_back({.line = number, .fields = {fields.begin(), fields.end()}});
  }
  return rows;
}

std::string Unescaped(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '\\' || i + 1 == text.size()) {
      out += text[i];
    } else if (text[i + 1] == 'x' && i + 3 < text.size()) {
      out += static_cast<char>(std::stoi(std::string(text.substr(i + 2, 2)), nullptr, 16));
      i += 3;
    } else {
      ++i;
      out += text[i] == 'n' ? '\n' : text[i] == 't' ? '\t' : text[i];
    }
  }
  return out;
}

}  // namespace tidemill::recipe::testing
