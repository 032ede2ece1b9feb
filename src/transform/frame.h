// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <arrow/type_fwd.h>

#include "tidemill/base/result.h"

// Tables in the making: plain columns, turned to Arrow and back in one place.
namespace tidemill::transform {

enum class ColumnKind {
  kText,       // dictionary<int32, utf8>
  kPlainText,  // utf8
  kInt16,
  kInt32,
  kInt64,
  kFloat32,
  kFloat64,
  kDate32,
  kTimestampNs,  // nanoseconds since 1970, without a zone
  kDecimal       // decimal128; `ints` in parts of 10^-scale
};

struct Column {
  std::string name;
  ColumnKind kind = ColumnKind::kText;
  std::vector<std::int32_t> codes = {};  // kText, kPlainText: into words; -1 null
  std::vector<std::string> words = {};
  std::vector<std::int64_t> ints = {};   // whole kinds, dates (days) and timestamps
  std::vector<double> doubles = {};      // floats
  std::vector<std::uint8_t> valid = {};  // of all but texts; empty: all are
  std::map<std::string, std::string> metadata = {};
  int precision = 0, scale = 0;  // kDecimal

  bool is_text() const { return kind == ColumnKind::kText || kind == ColumnKind::kPlainText; }
  bool is_float() const { return kind == ColumnKind::kFloat32 || kind == ColumnKind::kFloat64; }
  bool IsNull(std::size_t row) const { return is_text() ? codes[row] < 0 : !valid.empty() && valid[row] == 0; }
  std::string_view TextAt(std::size_t row) const { return words[static_cast<std::size_t>(codes[row])]; }
};

// Gives codes to words, each word once.
class WordList {
 public:
  std::int32_t Add(std::string_view word);
  std::vector<std::string> Take() && { return std::move(words_); }

 private:
  std::map<std::string, std::int32_t, std::less<>> codes_;
  std::vector<std::string> words_;
};

// Behind the name of a column of codes: that of their parents.
constexpr std::string_view kParentSuffix = "__parent";

struct Frame {
  std::size_t rows = 0;
  std::vector<Column> columns;
  std::map<std::string, std::string> metadata;  // of the schema

  const Column* Find(std::string_view name) const;
};

base::Result<std::shared_ptr<arrow::Table>> ToArrow(const Frame& frame);
// Reads a table of the types above back; any other type is kInternal.
base::Result<Frame> FromArrow(const arrow::Table& table);

// `more` below `stacked`; columns that only one of the two has are filled with nulls in the other. Fails where a column
// has another type in `more`, which is `where`.
base::Status AppendFrame(Frame& stacked, const Frame& more, std::string_view where);

// The rows of `column` at `rows`, in that order.
Column Gather(const Column& column, const std::vector<std::size_t>& rows);
// `more` below `column`; both of one kind.
void Append(Column& column, const Column& more);

}  // namespace tidemill::transform
