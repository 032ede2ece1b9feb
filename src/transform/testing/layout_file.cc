// SPDX-License-Identifier: Apache-2.0
#include "tidemill/transform/testing/layout_file.h"

#include <bit>

#include "tidemill/base/date.h"
#include "tidemill/base/text.h"

namespace tidemill::transform::testing {
namespace {

using workbook::Cell;
using workbook::CellKind;

std::vector<std::string> Fields(std::string_view line) {
  std::vector<std::string> fields;
  for (const std::string_view field : base::Split(line, '|')) fields.emplace_back(base::Trim(field));
  return fields;
}

std::string Unescaped(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool escape = text[i] == '\\' && i + 1 < text.size();
    if (escape) ++i;
    out += escape && text[i] == 'n' ? '\n' : text[i];
  }
  return out;
}

// Days since 30 December 1899.
double Serial(base::Date date) {
  return static_cast<double>((date - base::ParseDate("1899-12-30").value()).count());
}

std::uint16_t StyleOf(EditableSheet& sheet, workbook::NumberClass number_class, std::uint8_t indent) {
  workbook::Style style;
  style.number_class = number_class;
  style.indent = indent;
  if (number_class == workbook::NumberClass::kDate) style.number_format = "dd/mm/yyyy";
  if (number_class == workbook::NumberClass::kMonthYear) style.number_format = "mmm-yy";
  sheet.styles.push_back(style);
  return static_cast<std::uint16_t>(sheet.styles.size() - 1);
}

void PutDate(EditableSheet& sheet, const std::string& at, std::string_view text, workbook::NumberClass number_class) {
  sheet.Number(at, Serial(base::ParseDate(text).value()));
  Cell& cell = sheet.Find(at)->cell;
  cell.kind = CellKind::kDate;
  cell.style = StyleOf(sheet, number_class, 0);
}

void PutText(EditableSheet& sheet, const std::string& at, std::string_view text) {
  const bool bold = text.starts_with('!');
  if (bold) text.remove_prefix(1);
  std::uint8_t indent = 0;
  for (; text.starts_with('>'); text.remove_prefix(1)) ++indent;
  if (text.starts_with('\'')) text.remove_prefix(1);
  const std::size_t script = text.rfind('^');
  if (script == std::string_view::npos) {
    sheet.Text(at, Unescaped(text), bold);
  } else {
    const std::string raised(text.substr(script + 1));
    sheet.Scripted(at, Unescaped(text.substr(0, script)) + raised, raised.size(), bold);
  }
  if (indent > 0) sheet.Find(at)->cell.style = StyleOf(sheet, workbook::NumberClass::kGeneral, indent);
}

void PutCell(EditableSheet& sheet, const std::string& at, std::string_view text) {
  if (text.empty()) return;
  if (const auto number = base::ParseDouble(text)) return sheet.Number(at, *number);
  if (text.starts_with("date:")) return PutDate(sheet, at, text.substr(5), workbook::NumberClass::kDate);
  if (text.starts_with("month:")) return PutDate(sheet, at, text.substr(6), workbook::NumberClass::kMonthYear);
  if (text == "#N/A") {
    sheet.Number(at, 0);
    sheet.Find(at)->cell.kind = CellKind::kError;
    sheet.Find(at)->cell.payload = static_cast<std::uint64_t>(workbook::CellError::kNotAvailable);
    return;
  }
  PutText(sheet, at, text);
}

workbook::Range RangeOf(std::string_view text) {
  const std::size_t colon = text.find(':');
  const Address first = ParseA1(text.substr(0, colon));
  const Address last = ParseA1(text.substr(colon + 1));
  return {first.row, first.column, last.row, last.column};
}

// "@merge A1:C1", "@table births A1:C5 totals", "@issue A6 inflate MESSAGE"
void PutMark(EditableSheet& sheet, std::string_view line) {
  const auto words = base::Split(line, ' ');
  if (words[0] == "@merge") {
    sheet.merges.push_back(RangeOf(words[1]));
  } else if (words[0] == "@table") {
    sheet.tables.push_back({.name = std::string(words[1]),
                            .range = RangeOf(words[2]),
                            .header_rows = 1,
                            .totals_rows = words.size() > 3 ? 1U : 0U,
                            .columns = {}});
  } else if (words[0] == "@issue") {
    sheet.issues.push_back({.code = std::string(words[2]),
                            .message = std::string(line.substr(line.find(words[2]) + words[2].size() + 1)),
                            .sheet = sheet.name,
                            .cell = std::string(words[1])});
  }
}

class Parser {
 public:
  LayoutFile Parse(std::string_view text) {
    for (const std::string_view line : base::Split(text, '\n')) {
      if (line.starts_with("== ")) {
        Open(line.substr(3));
      } else {
        Add(line);
      }
    }
    return std::move(file_);
  }

 private:
  void Open(std::string_view title) {
    const std::size_t blank = title.find(' ');
    section_ = title.substr(0, blank);
    row_ = 0;
    if (section_ == "sheet") sheet_ = &file_.book.Add(EditableSheet(std::string(title.substr(blank + 1))));
  }

  void Add(std::string_view line) {
    if (section_ == "recipe") {
      file_.recipe += std::string(line) + "\n";
    } else if (section_ == "register") {
      file_.geography += std::string(line) + "\n";
    } else if (section_ == "sheet") {
      AddRow(line);
    } else if (line.empty() || line.starts_with('#')) {
      return;
    } else if (section_ == "edition") {
      const std::size_t equals = line.find('=');
      file_.facts.emplace_back(base::Trim(line.substr(0, equals)), base::Trim(line.substr(equals + 1)));
    } else if (section_ == "table") {
      file_.table.push_back(Fields(line));
    } else if (section_ == "findings") {
      file_.findings.emplace_back(line);
    } else if (section_ == "counts") {
      file_.counts.emplace_back(line);
    } else if (section_ == "explained") {
      file_.explained.emplace_back(line);
    } else if (section_ == "error") {
      file_.error = line;
    }
  }

  void AddRow(std::string_view line) {
    if (line.starts_with('@')) return PutMark(*sheet_, line);
    if (!line.empty()) {
      const std::vector<std::string> fields = Fields(line);
      for (std::size_t column = 0; column < fields.size(); ++column) {
        PutCell(*sheet_, workbook::A1(row_, static_cast<std::uint32_t>(column)), fields[column]);
      }
    }
    ++row_;
  }

  LayoutFile file_;
  std::string section_;
  EditableSheet* sheet_ = nullptr;
  std::uint32_t row_ = 0;
};

}  // namespace

LayoutFile ParseLayout(std::string_view text) {
  return Parser().Parse(text);
}

}  // namespace tidemill::transform::testing
