// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

// Tables in the making: plain columns. They become Parquet (parquet.h) or Arrow (dataset) whole.
namespace tidemill::frame {

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
  kDecimal       // of at most 18 digits; `ints` in parts of 10^-scale
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

  bool operator==(const Column&) const = default;
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
  struct Hash {
    using is_transparent = void;
    std::size_t operator()(std::string_view word) const { return std::hash<std::string_view>()(word); }
  };
  std::unordered_map<std::string, std::int32_t, Hash, std::equal_to<>> codes_;
  std::vector<std::string> words_;
};

struct Frame {
  std::size_t rows = 0;
  std::vector<Column> columns;
  std::map<std::string, std::string> metadata;  // of the schema

  bool operator==(const Frame&) const = default;
  const Column* Find(std::string_view name) const;
  std::int64_t num_rows() const { return static_cast<std::int64_t>(rows); }
};

// The rows of `column` at `rows`, in that order.
Column Gather(const Column& column, const std::vector<std::size_t>& rows);
// `more` below `column`; both of one kind.
void Append(Column& column, const Column& more);

}  // namespace tidemill::frame
