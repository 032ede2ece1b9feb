// SPDX-License-Identifier: Apache-2.0
#include "convert_source.h"

#include <algorithm>

#include <fmt/format.h>

#include "tidemill/base/text.h"

namespace tidemill::app {
namespace {

using base::ErrorCode;
using base::Quoted;
using workbook::SheetEntry;

bool IsWorksheet(const SheetEntry& entry) {
  return entry.type == workbook::SheetType::kWorksheet;
}

// "'x', did you mean 'y'?; there are: …"
std::string Unknown(std::string_view word, const std::vector<std::string>& names) {
  std::vector<std::string> shown;
  for (const std::string& name : names) shown.push_back(Quoted(name));
  return fmt::format("{}{}; there {}", Quoted(word), base::DidYouMean(word, names),
                     shown.empty() ? "are none" : "are: " + base::Join(shown, ", "));
}

base::Result<std::size_t> FindSheet(const workbook::Workbook& book, const std::string& word) {
  const auto& sheets = book.sheets();
  std::vector<std::string> names;
  for (std::size_t i = 0; i < sheets.size(); ++i) {
    if (!IsWorksheet(sheets[i])) continue;
    if (sheets[i].name == word) return i;
    names.push_back(sheets[i].name);
  }
  const auto number = base::ParseInt(word);
  if (!number || *number < 1 || static_cast<std::size_t>(*number) > sheets.size()) {
    return base::Fail(ErrorCode::kNotFound, "no sheet {}", Unknown(word, names));
  }
  const auto index = static_cast<std::size_t>(*number - 1);
  if (IsWorksheet(sheets[index])) return index;
  return base::Fail(ErrorCode::kInvalid, "sheet {}, {}, is no worksheet", *number, Quoted(sheets[index].name));
}

// Visible worksheets, then the hidden ones.
std::vector<std::size_t> Worksheets(const workbook::Workbook& book) {
  std::vector<std::size_t> order;
  for (std::size_t i = 0; i < book.sheets().size(); ++i) {
    if (IsWorksheet(book.sheets()[i])) order.push_back(i);
  }
  std::stable_partition(order.begin(), order.end(),
                        [&](std::size_t i) { return book.sheets()[i].visibility == workbook::Visibility::kVisible; });
  return order;
}

transform::SheetTableOptions OptionsOf(const workbook::NativeTable& table, const ConvertOptions& options) {
  transform::SheetTableOptions wanted{.range = table.range,
                                      .header_rows = options.header_rows.value_or(table.header_rows),
                                      .totals_rows = table.totals_rows};
  if (wanted.header_rows == 0U) wanted.names = table.columns;
  return wanted;
}

base::Result<std::vector<ConvertSource>> FindTable(const workbook::Workbook& book,
                                                   const std::vector<std::size_t>& sheets,
                                                   const ConvertOptions& options) {
  std::vector<std::string> names;
  for (const std::size_t sheet : sheets) {
    TIDEMILL_ASSIGN(const auto tables, book.ReadTables(sheet));
    for (const workbook::NativeTable& table : tables) {
      if (table.name == options.table) {
        return std::vector<ConvertSource>{{.sheet = sheet, .options = OptionsOf(table, options), .table = table.name}};
      }
      names.push_back(table.name);
    }
  }
  return base::Fail(ErrorCode::kNotFound, "no table {}", Unknown(options.table, names));
}

}  // namespace

base::Result<std::vector<ConvertSource>> FindSources(const workbook::Workbook& book, const ConvertOptions& options) {
  std::vector<std::size_t> sheets = Worksheets(book);
  if (!options.sheet.empty()) {
    TIDEMILL_ASSIGN(const std::size_t sheet, FindSheet(book, options.sheet));
    sheets = {sheet};
  }
  if (!options.table.empty()) return FindTable(book, sheets, options);
  transform::SheetTableOptions wanted{.header_rows = options.header_rows};
  if (!options.range.empty()) {
    wanted.range = workbook::ParseRange(options.range);
    if (!wanted.range) {
      return base::Fail(ErrorCode::kInvalid, "--range {} is none, expected one such as A4:N448 or A:N",
                        Quoted(options.range));
    }
  }
  std::vector<ConvertSource> sources;
  for (const std::size_t sheet : sheets) sources.push_back({.sheet = sheet, .options = wanted});
  return sources;
}

}  // namespace tidemill::app
