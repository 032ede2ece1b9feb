// SPDX-License-Identifier: Apache-2.0
#include "formula_text.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "tidemill/base/text.h"
#include "tidemill/workbook/cell.h"

#include "biff.h"
#include "bytes.h"
#include "code_page.h"

namespace tidemill::workbook {
namespace {

constexpr std::size_t kLongestText = 8'192;  // Excel's own limit
constexpr std::uint32_t kUserFunction = 255;

// How many bytes the operands have, by version.
struct OperandSizes {
  std::size_t row;
  std::size_t column;
};

OperandSizes SizesOf(std::uint16_t version) {
  if (version >= kBiff12) return {.row = 4, .column = 2};
  return {.row = 2, .column = version >= kBiff8 ? 2U : 1U};
}

class FormulaReader {
 public:
  FormulaReader(std::string_view tokens, std::uint16_t version, FormulaNames& names)
      : rest_(tokens), version_(version), sizes_(SizesOf(version)), names_(names) {}

  std::optional<std::string> Read() {
    while (!rest_.empty() && good_) {
      const std::uint8_t token = Take8();
      Token(token >= 0x40 ? ((token & 0x3FU) | 0x20U) & 0x3FU : token);
    }
    if (!good_ || stack_.size() != 1) return std::nullopt;
    return std::move(stack_.back());
  }

 private:
  void Token(std::uint32_t token) {
    if (token >= 0x03 && token <= 0x11) return Binary(token);
    switch (token) {
      case 0x12:
        return Around("+", "");
      case 0x13:
        return Around("-", "");
      case 0x14:
        return Around("", "%");
      case 0x15:
        return Around("(", ")");
      case 0x16:
        return Push({});
      case 0x17:
        return String();
      case 0x19:
        return Attribute();
      case 0x1C:
        return Push(std::string(ToText(static_cast<CellError>(Take8()))));
      case 0x1D:
        return Push(Take8() != 0 ? "TRUE" : "FALSE");
      case 0x1E:
        return Push(std::to_string(Take16()));
      case 0x1F:
        return Push(base::ShortestDouble(LoadDouble(Take(8), 0)));
      case 0x21:
        return Function(version_ < kBiff4 ? Take8() : Take16(), -1);
      case 0x22: {
        const int count = Take8() & 0x7F;
        return Function(version_ < kBiff4 ? Take8() : Take16() & 0x7FFFU, count);
      }
      case 0x23:
        return Name();
      case 0x26:  // sub-expressions that are worked out beforehand; their tokens follow
      case 0x27:
      case 0x28:
        Take(version_ <= kBiff2 ? 4 : 6);
        return;
      case 0x29:
        Take(version_ <= kBiff2 ? 1 : 2);
        return;
      default:
        return Reference(token);
    }
  }

  void Reference(std::uint32_t token) {
    switch (token) {
      case 0x24:
      case 0x2C:
        return Push(Cell());
      case 0x25:
      case 0x2D:
        return Push(Area());
      case 0x2A:
        Take(sizes_.row + sizes_.column);
        return Push("#REF!");
      case 0x2B:
        Take(2 * (sizes_.row + sizes_.column));
        return Push("#REF!");
      case 0x39:
        return ForeignName();
      case 0x3A: {
        std::string sheet = Sheet();
        return Push(std::move(sheet) + Cell());
      }
      case 0x3B: {
        std::string sheet = Sheet();
        return Push(std::move(sheet) + Area());
      }
      case 0x3C: {
        std::string sheet = Sheet();
        Take(sizes_.row + sizes_.column);
        return Push(std::move(sheet) + "#REF!");
      }
      case 0x3D: {
        std::string sheet = Sheet();
        Take(2 * (sizes_.row + sizes_.column));
        return Push(std::move(sheet) + "#REF!");
      }
      default:
        good_ = false;
    }
  }

  std::string_view Take(std::size_t size) {
    if (rest_.size() < size) good_ = false;
    const std::string_view taken = rest_.substr(0, size);
    rest_.remove_prefix(taken.size());
    return taken;
  }
  std::uint8_t Take8() { return LoadU8(Take(1), 0); }
  std::uint16_t Take16() { return LoadU16(Take(2), 0); }
  std::uint32_t Take32() { return LoadU32(Take(4), 0); }

  void Push(std::string text) {
    if (text.size() > kLongestText || text.size() > names_.budget) good_ = false;
    if (!good_) return;
    names_.budget -= text.size();
    stack_.push_back(std::move(text));
  }
  std::string Pop() {
    if (stack_.empty()) {
      good_ = false;
      return {};
    }
    std::string text = std::move(stack_.back());
    stack_.pop_back();
    return text;
  }

  void Around(std::string_view before, std::string_view after) {
    const std::string inner = Pop();
    Push(std::string(before) + inner + std::string(after));
  }

  void Binary(std::uint32_t token) {
    static constexpr std::array<std::string_view, 15> kOperators = {
        "+", "-", "*", "/", "^", "&", "<", "<=", "=", ">=", ">", "<>", " ", ",", ":"};
    const std::string right = Pop();
    std::string left = Pop();
    Push(std::move(left) + std::string(kOperators[token - 3]) + right);
  }

  void String() {
    std::string text;
    if (version_ >= kBiff12) {
      const std::size_t size = Take16();
      AppendUtf16(text, Take(2 * size));
    } else if (version_ >= kBiff8) {
      const std::size_t size = Take8();
      const bool wide = (Take8() & 1U) != 0;
      wide ? AppendUtf16(text, Take(2 * size)) : AppendLatin1(text, Take(size));
    } else {
      const std::size_t size = Take8();
      AppendCodePage(text, Take(size), names_.code_page);
    }
    std::string quoted = "\"";
    for (const char c : text) quoted += c == '"' ? std::string("\"\"") : std::string(1, c);
    Push(std::move(quoted) + "\"");
  }

  void Attribute() {
    constexpr std::uint8_t kChoose = 0x04;
    constexpr std::uint8_t kSum = 0x10;
    const std::uint8_t kind = Take8();
    const std::size_t width = version_ <= kBiff2 ? 1 : 2;
    const std::size_t data = width == 1 ? Take8() : Take16();
    if ((kind & kChoose) != 0) Take((data + 1) * width);
    if ((kind & kSum) != 0) Around("SUM(", ")");
  }

  void Function(std::uint32_t number, int count) {
    std::string text;
    int left = count;
    if (const auto function = FindFormulaFunction(number)) {
      text = function->name;
      if (left < 0) left = function->arguments;
    } else if (number == kUserFunction && count > 0) {
      --left;  // the function's name is the first argument
    } else {
      text = fmt::format("FUNCTION{}", number);
    }
    if (left < 0 || static_cast<std::size_t>(left) > stack_.size()) {
      good_ = false;
      return;
    }
    std::vector<std::string> arguments(std::make_move_iterator(stack_.end() - left),
                                       std::make_move_iterator(stack_.end()));
    stack_.resize(stack_.size() - static_cast<std::size_t>(left));
    if (number == kUserFunction) text = Pop();
    Push(std::move(text) + "(" + base::Join(arguments, ",") + ")");
  }

  void Name() {
    std::uint32_t number = 0;
    if (version_ >= kBiff12) {
      number = Take32();
    } else {
      number = Take16();
      Take(version_ >= kBiff8 ? 2 : version_ > kBiff4 ? 12 : version_ > kBiff2 ? 8 : 5);
    }
    PushName(number);
  }

  void PushName(std::uint32_t number) {
    if (number == 0 || number > names_.names.size()) {
      good_ = false;
      return;
    }
    Push(names_.names[number - 1]);
  }

  void ForeignName() {
    if (version_ >= kBiff8) {
      const std::uint16_t link = Take16();
      const std::uint32_t number = version_ >= kBiff12 ? Take32() : Take32() & 0xFFFFU;
      if (link < names_.links.size() && names_.links[link].own) return PushName(number);
    }
    good_ = false;
  }

  // The sheets of a reference: by a number of the book's links, in BIFF5 by their own numbers.
  std::string Sheet() {
    if (version_ >= kBiff8) {
      const std::uint16_t number = Take16();
      return number < names_.links.size() ? LinkText(names_.links[number]) : "#REF!";
    }
    const auto book = static_cast<std::int16_t>(Take16());
    Take(8);
    FormulaNames::Link link{.own = book < 0};
    link.first_sheet = static_cast<std::int16_t>(Take16());
    link.last_sheet = static_cast<std::int16_t>(Take16());
    if (!link.own) link.outside = fmt::format("[{}]", book);
    return LinkText(link);
  }

  std::string LinkText(const FormulaNames::Link& link) const {
    if (!link.own) return link.outside + "!";
    const auto count = static_cast<std::int32_t>(names_.sheets.size());
    if (link.first_sheet < 0 || link.first_sheet >= count) return "#REF!";
    std::string sheets = names_.sheets[static_cast<std::size_t>(link.first_sheet)];
    if (link.last_sheet != link.first_sheet && link.last_sheet >= 0 && link.last_sheet < count) {
      sheets += ":" + names_.sheets[static_cast<std::size_t>(link.last_sheet)];
    }
    return QuotedSheetName(sheets) + "!";
  }

  struct Corner {
    std::uint32_t row = 0;
    std::uint32_t column = 0;
    bool row_is_relative = false;
    bool column_is_relative = false;
  };

  Corner MakeCorner(std::uint32_t row, std::uint32_t column) const {
    const std::uint32_t flags = version_ >= kBiff8 ? column : row;
    const bool row_is_relative = (flags & 0x8000U) != 0;
    const bool column_is_relative = (flags & 0x4000U) != 0;
    if (version_ < kBiff8) row &= 0x3FFFU;
    return {row, column & 0x3FFFU, row_is_relative, column_is_relative};
  }
  std::uint32_t TakeRow() { return sizes_.row == 4 ? Take32() : Take16(); }
  std::uint32_t TakeColumn() { return sizes_.column == 2 ? Take16() : Take8(); }

  static std::string RowText(const Corner& at) {
    return (at.row_is_relative ? "" : "$") + std::to_string(std::uint64_t{at.row} + 1);
  }
  static std::string ColumnText(const Corner& at) { return (at.column_is_relative ? "" : "$") + ColumnName(at.column); }

  std::string Cell() {
    const std::uint32_t row = TakeRow();
    const Corner at = MakeCorner(row, TakeColumn());
    return ColumnText(at) + RowText(at);
  }

  // Whole columns and rows are written without the other half.
  std::string Area() {
    const std::uint32_t first_row = TakeRow();
    const std::uint32_t last_row = TakeRow();
    const std::uint32_t first_column = TakeColumn();
    const std::uint32_t last_column = TakeColumn();
    const Corner first = MakeCorner(first_row, first_column);
    const Corner last = MakeCorner(last_row, last_column);
    const std::uint32_t most_rows = version_ >= kBiff12 ? 1'048'576 : version_ >= kBiff8 ? 65'536 : 16'384;
    const std::uint32_t most_columns = version_ >= kBiff12 ? 16'384 : 256;
    if (first.row == 0 && last.row + 1 == most_rows) return ColumnText(first) + ":" + ColumnText(last);
    if (first.column == 0 && last.column + 1 == most_columns) return RowText(first) + ":" + RowText(last);
    return ColumnText(first) + RowText(first) + ":" + ColumnText(last) + RowText(last);
  }

  std::string_view rest_;
  std::uint16_t version_;
  OperandSizes sizes_;
  FormulaNames& names_;
  bool good_ = true;
  std::vector<std::string> stack_;
};

bool IsPlain(char c) {
  return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '_' || c == '.' ||
         static_cast<unsigned char>(c) >= 0x80;
}

}  // namespace

std::string QuotedSheetName(std::string_view name) {
  const bool plain =
      !name.empty() && !(name.front() >= '0' && name.front() <= '9') && std::all_of(name.begin(), name.end(), IsPlain);
  if (plain) return std::string(name);
  std::string quoted = "'";
  for (const char c : name) quoted += c == '\'' ? std::string("''") : std::string(1, c);
  return quoted + "'";
}

std::optional<std::string> FormulaText(std::string_view tokens, std::uint16_t version, FormulaNames& names) {
  return FormulaReader(tokens, version, names).Read();
}

}  // namespace tidemill::workbook
