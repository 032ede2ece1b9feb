// SPDX-License-Identifier: Apache-2.0
#include "csv_dialect.h"

#include <algorithm>
#include <cmath>
#include <map>

#include "tidemill/base/text.h"

#include "csv_scan.h"

namespace tidemill::workbook {
namespace {

using base::ErrorCode;
using base::Fail;

constexpr std::size_t kSample = std::size_t{64} << 10U;
constexpr std::string_view kDelimiters = ",;\t|";

// "sep=;" and a line end, in any letter case, perhaps in quotes: what Excel is told so.
struct SepLine {
  char delimiter = '\0';
  std::size_t size = 0;
};
SepLine ReadSepLine(std::string_view text) {
  constexpr std::size_t kLongest = 16;
  const std::size_t end = text.substr(0, kLongest).find_first_of("\r\n");
  if (end == std::string_view::npos) return {};
  std::string_view line = text.substr(0, end);
  if (line.size() > 1 && line.front() == '"' && line.back() == '"') line = line.substr(1, line.size() - 2);
  if (line.size() != 5 || base::Lower(line.substr(0, 4)) != "sep=") return {};
  return {.delimiter = line[4], .size = end + (text.substr(end).starts_with("\r\n") ? 2 : 1)};
}

bool LooksLikeNumber(std::string_view field) {
  return std::all_of(field.begin(), field.end(), [](char c) {
    return (c >= '0' && c <= '9') || std::string_view(" .,'+-%()").find(c) != std::string_view::npos;
  });
}

// Holds none of the other delimiters, unless it is a number with a comma in it.
bool IsClean(std::string_view field, char delimiter) {
  const bool other = std::any_of(field.begin(), field.end(), [&](char c) {
    return c != delimiter && kDelimiters.find(c) != std::string_view::npos;
  });
  return !other || LooksLikeNumber(field);
}

// How well a delimiter cuts the sample, from 0 to 1.
double Score(std::string_view sample, CsvDialect dialect, char delimiter) {
  dialect.delimiter = delimiter;
  std::map<std::size_t, std::size_t> rows_of_width;
  std::size_t rows = 0;
  std::size_t wide = 0;
  std::size_t fields = 0;
  std::size_t clean = 0;
  for (CsvScanner scanner(sample, dialect); scanner.Next();) {
    const std::size_t width = scanner.field_count();
    if (width == 0 || (width == 1 && scanner.Field(0).empty())) continue;
    ++rows;
    if (width == 1) continue;
    ++wide;
    ++rows_of_width[width];
    fields += width;
    for (std::size_t i = 0; i < width; ++i) {
      if (IsClean(scanner.Field(i), delimiter)) ++clean;
    }
  }
  if (wide == 0) return 0;
  std::size_t commonest = 0;
  for (const auto& [width, count] : rows_of_width) commonest = std::max(commonest, count);
  const auto part = [](std::size_t a, std::size_t b) { return static_cast<double>(a) / static_cast<double>(b); };
  return part(commonest, wide) * part(clean, fields) * std::sqrt(part(wide, rows));
}

char FindDelimiter(std::string_view text, const CsvDialect& dialect) {
  std::string_view sample = text.substr(dialect.header, kSample);
  // The last row of a sample is cut off.
  if (text.size() - dialect.header > kSample) sample = sample.substr(0, sample.find_last_of("\n\r") + 1);
  CsvDialect of_sample = dialect;
  of_sample.header = 0;
  char best = kDelimiters.front();
  double best_score = 0;
  for (const char delimiter : kDelimiters) {
    if (delimiter == dialect.quote) continue;
    const double score = Score(sample, of_sample, delimiter);
    if (score <= best_score) continue;
    best = delimiter;
    best_score = score;
  }
  return best;
}

base::Status CheckCharacter(std::string_view option, std::string_view value) {
  const bool good = value.size() == 1 && static_cast<unsigned char>(value.front()) < 0x80 && value != "\n" &&
                    value != "\r" && value != std::string_view("\0", 1);
  if (value.empty() || good) return {};
  return Fail(ErrorCode::kInvalid, "csv {} {}, expected one character of ASCII", option, base::Quoted(value));
}

}  // namespace

base::Result<CsvDialect> FindCsvDialect(std::string_view text, const CsvOptions& options) {
  TIDEMILL_CHECK(CheckCharacter("delimiter", options.delimiter));
  TIDEMILL_CHECK(CheckCharacter("quote", options.quote));
  const SepLine line = ReadSepLine(text);
  CsvDialect dialect{.comment = options.comment, .header = line.size};
  if (!options.quote.empty()) dialect.quote = options.quote.front();
  if (!options.delimiter.empty()) {
    dialect.delimiter = options.delimiter.front();
  } else {
    dialect.delimiter = line.size > 0 ? line.delimiter : FindDelimiter(text, dialect);
  }
  if (dialect.delimiter == dialect.quote) {
    return Fail(ErrorCode::kInvalid, "csv delimiter and quote are both {}, expected two characters",
                base::Quoted(std::string_view(&dialect.quote, 1)));
  }
  return dialect;
}

}  // namespace tidemill::workbook
