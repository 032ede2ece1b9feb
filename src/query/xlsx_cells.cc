// SPDX-License-Identifier: Apache-2.0
#include "xlsx_cells.h"

#include <array>
#include <charconv>
#include <cmath>
#include <type_traits>
#include <utility>

#include <arrow/array.h>
#include <arrow/record_batch.h>
#include <arrow/type.h>
#include <fmt/format.h>

#include "array_values.h"
#include "encode_column.h"

namespace tidemill::query {
namespace {

constexpr std::size_t kMostUnits = 32'767;
constexpr std::int64_t kFirstSafeDay = -25'508;  // 1900-03-01: days before it have other numbers in spreadsheets
constexpr std::int64_t kDayZero = 25'569;        // 1970-01-01
constexpr std::int64_t kMostExact = 1LL << 53U;  // whole numbers that a double holds

// As spreadsheets count them: in UTF-16.
std::size_t UnitsOf(std::string_view text) {
  std::size_t units = 0;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    units += (byte & 0xC0U) == 0x80U ? 0U : byte >= 0xF0U ? 2U : 1U;
  }
  return units;
}

bool IsHex(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

// "_x0041_" stands for a letter, so a text that has it is spelt otherwise.
bool LooksEscaped(std::string_view text) {
  return text.size() >= 7 && text[0] == '_' && text[1] == 'x' && IsHex(text[2]) && IsHex(text[3]) && IsHex(text[4]) &&
         IsHex(text[5]) && text[6] == '_';
}

void AppendPlainText(std::string& out, std::string_view text) {
  out += text;
}
constexpr TextDialect kPlain{.append_text = &AppendPlainText, .quote_dates = false, .not_a_number = ""};

void AppendNumberCell(std::string& out, std::string_view place, std::string_view number, CellStyle style) {
  out += "<c r=\"";
  out += place;
  if (style != CellStyle::kPlain) fmt::format_to(std::back_inserter(out), "\" s=\"{}", static_cast<int>(style));
  out += "\"><v>";
  out += number;
  out += "</v></c>";
}

// One column of a batch.
class ColumnCells {
 public:
  static base::Result<ColumnCells> Make(const arrow::Array& array, std::string letters) {
    ColumnCells cells(array, std::move(letters));
    TIDEMILL_ASSIGN(cells.encoder_, MakeColumnEncoder(array, kPlain));
    return cells;
  }

  base::Status Append(std::string& out, std::int64_t row, std::string_view number) {
    if (array_->IsNull(row)) return {};
    place_.assign(letters_).append(number);
    text_.clear();
    switch (array_->type_id()) {
      case arrow::Type::DATE32:
      case arrow::Type::DATE64:
      case arrow::Type::TIMESTAMP:
        return AppendMoment(out, row);
      case arrow::Type::BOOL:
        encoder_->Append(text_, row);
        out += fmt::format("<c r=\"{}\" t=\"b\"><v>{}</v></c>", place_, text_ == "true" ? 1 : 0);
        return {};
      case arrow::Type::STRING:
      case arrow::Type::LARGE_STRING:
      case arrow::Type::DICTIONARY:
        encoder_->Append(text_, row);
        return AppendTextCell(out, place_, text_, CellStyle::kPlain);
      default:
        return AppendNumber(out, row);
    }
  }

 private:
  ColumnCells(const arrow::Array& array, std::string letters) : array_(&array), letters_(std::move(letters)) {
    if (arrow::is_temporal(array.type_id())) scale_ = ScaleOf(*array.type());
  }

  base::Status AppendNumber(std::string& out, std::int64_t row) {
    bool exact = true;
    if (arrow::is_integer(array_->type_id())) {
      VisitNumbers(*array_, [&](const auto* numbers) {
        using Number = std::remove_cvref_t<decltype(numbers[row])>;
        if constexpr (std::is_integral_v<Number>) {
          exact = std::cmp_less_equal(numbers[row], kMostExact) && std::cmp_greater_equal(numbers[row], -kMostExact);
        }
      });
    }
    encoder_->Append(text_, row);
    if (text_.empty()) return {};  // not a number
    if (!exact) return AppendTextCell(out, place_, text_, CellStyle::kPlain);
    AppendNumberCell(out, place_, text_, CellStyle::kPlain);
    return {};
  }

  base::Status AppendMoment(std::string& out, std::int64_t row) {
    constexpr double kMicrosecondsADay = 86'400'000'000.0;
    double day = 0;
    VisitNumbers(*array_, [&](const auto* numbers) {
      day = static_cast<double>(scale_.ToMicroseconds(static_cast<std::int64_t>(numbers[row]))) / kMicrosecondsADay;
    });
    constexpr double kMostDays = 2'932'896;  // 9999-12-31
    if (day < static_cast<double>(kFirstSafeDay) || day > kMostDays) {
      encoder_->Append(text_, row);
      return AppendTextCell(out, place_, text_, CellStyle::kPlain);
    }
    const bool is_date = array_->type_id() != arrow::Type::TIMESTAMP;
    const double serial = (is_date ? std::floor(day) : day) + static_cast<double>(kDayZero);
    std::array<char, 32> digits{};
    const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), serial).ptr;
    AppendNumberCell(out, place_, {digits.data(), static_cast<std::size_t>(end - digits.data())},
                     is_date ? CellStyle::kDate : CellStyle::kInstant);
    return {};
  }

  const arrow::Array* array_;
  std::string letters_, place_, text_;
  MomentScale scale_;
  std::unique_ptr<ColumnEncoder> encoder_;
};

class BatchCells final : public RowCells {
 public:
  static base::Result<std::unique_ptr<RowCells>> Make(const arrow::RecordBatch& batch) {
    auto cells = std::make_unique<BatchCells>();
    const auto& columns = batch.columns();
    for (std::size_t i = 0; i < columns.size(); ++i) {
      TIDEMILL_ASSIGN(auto column, ColumnCells::Make(*columns[i], ColumnLetters(i)));
      cells->columns_.push_back(std::move(column));
    }
    return cells;
  }

  base::Status AppendRow(std::string& out, std::int64_t row, std::uint64_t number) override {
    const std::string digits = std::to_string(number);
    out += "<row r=\"" + digits + "\">";
    for (ColumnCells& column : columns_) TIDEMILL_CHECK(column.Append(out, row, digits));
    out += "</row>";
    return {};
  }

 private:
  std::vector<ColumnCells> columns_;
};

}  // namespace

std::string ColumnLetters(std::size_t column) {
  std::string letters;
  for (std::size_t rest = column + 1; rest > 0; rest = (rest - 1) / 26) {
    letters.insert(letters.begin(), static_cast<char>('A' + (rest - 1) % 26));
  }
  return letters;
}

void AppendXmlText(std::string& out, std::string_view text) {
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    const auto byte = static_cast<unsigned char>(c);
    const bool is_mark = text.substr(i, 3) == "\xEF\xBF\xBE" || text.substr(i, 3) == "\xEF\xBF\xBF";
    if (c == '&') {
      out += "&amp;";
    } else if (c == '<') {
      out += "&lt;";
    } else if (c == '>') {
      out += "&gt;";
    } else if (c == '"') {
      out += "&quot;";
    } else if (byte < 0x20 && c != '\t' && c != '\n') {
      out += fmt::format("_x{:04X}_", byte);
    } else if (is_mark) {
      out += text[i + 2] == '\xBE' ? "_xFFFE_" : "_xFFFF_";
      i += 2;
    } else if (c == '_' && LooksEscaped(text.substr(i, 7))) {
      out += "_x005F_";
    } else {
      out += c;
    }
  }
}

base::Status AppendTextCell(std::string& out, std::string_view place, std::string_view text, CellStyle style) {
  if (text.size() > kMostUnits && UnitsOf(text) > kMostUnits) {
    return base::Fail(base::ErrorCode::kTooLarge, "the text of {} has over {} characters, the most that a cell holds",
                      place, kMostUnits);
  }
  out += "<c r=\"";
  out += place;
  if (style != CellStyle::kPlain) fmt::format_to(std::back_inserter(out), "\" s=\"{}", static_cast<int>(style));
  out += "\" t=\"inlineStr\"><is><t xml:space=\"preserve\">";
  AppendXmlText(out, text);
  out += "</t></is></c>";
  return {};
}

base::Result<std::unique_ptr<RowCells>> MakeRowCells(const arrow::RecordBatch& batch) {
  return BatchCells::Make(batch);
}

}  // namespace tidemill::query
