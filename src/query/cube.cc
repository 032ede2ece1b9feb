// SPDX-License-Identifier: Apache-2.0
#include "tidemill/query/cube.h"

#include <algorithm>

#include <arrow/array.h>
#include <arrow/scalar.h>
#include <fmt/format.h>

#include "words.h"

namespace tidemill::query {
namespace {

bool IsPlain(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '@' || c == '-';
}

}  // namespace

std::string ToKeyPart(std::string_view code, bool is_area) {
  std::string part;
  for (std::size_t i = 0; i < code.size(); ++i) {
    if (is_area && code[i] == ',') {
      part += '_';
      if (i + 1 < code.size() && code[i + 1] == ' ') ++i;
    } else if (IsPlain(code[i])) {
      part += code[i];
    } else {
      part += fmt::format("${:02X}", static_cast<unsigned char>(code[i]));
    }
  }
  return part;
}

int Cube::Find(std::string_view column) const {
  for (std::size_t i = 0; i < columns.size(); ++i) {
    if (columns[i].name == column) return static_cast<int>(i);
  }
  return -1;
}

const CodeList* Cube::FindDimension(std::string_view column) const {
  for (const CodeList& list : dimensions) {
    if (columns[list.column].name == column) return &list;
  }
  return nullptr;
}

std::uint32_t Cube::SeriesOf(std::uint32_t row) const {
  return static_cast<std::uint32_t>(std::upper_bound(offsets.begin(), offsets.end(), row) - offsets.begin() - 1);
}

std::string Cube::SeriesKey(std::size_t series) const {
  std::string key;
  if (time_column >= 0) key += static_cast<char>(frequency);
  for (const CodeList& list : dimensions) {
    if (!key.empty()) key += '.';
    key += ToKeyPart(CodeOf(list, series), columns[list.column].codes == "gss");
  }
  return key;
}

std::string Cube::CodeOf(const CodeList& list, std::size_t series) const {
  const CubeColumn& column = columns[list.column];
  const auto place = static_cast<std::int64_t>(series);
  if (column.values->IsNull(place)) return {};
  if (column.kind == Kind::kText) return std::string(TextAt(*column.values, place));
  return column.values->GetScalar(place).ValueOrDie()->ToString();
}

std::optional<std::size_t> Cube::PlaceOf(const CodeList& list, std::string_view code) {
  const auto found = std::find(list.codes.begin(), list.codes.end(), code);
  if (found == list.codes.end()) return std::nullopt;
  return static_cast<std::size_t>(found - list.codes.begin());
}

std::int64_t Cube::FindSeries(std::string_view key) const {
  const int column = Find("series_key");
  if (column < 0 || !columns[static_cast<std::size_t>(column)].is_virtual) return -1;
  const arrow::Array& keys = *columns[static_cast<std::size_t>(column)].values;
  std::size_t low = 0;
  std::size_t high = WordCount(keys);
  while (low < high) {
    const std::size_t middle = (low + high) / 2;
    if (WordAt(keys, middle) < key) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  if (low == WordCount(keys) || WordAt(keys, low) != key) return -1;
  for (std::int64_t series = 0; series < keys.length(); ++series) {
    if (WordIdAt(keys, series) == static_cast<std::int64_t>(low)) return series;
  }
  return -1;
}

std::string Cube::TimeText(std::uint32_t row) const {
  if (time_ids.empty() || time_ids[row] >= times.size()) return {};
  return base::ToText(times[time_ids[row]]);
}

}  // namespace tidemill::query
