// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <limits>
#include <numeric>
#include <optional>
#include <utility>

#include <arrow/array.h>
#include <arrow/array/builder_primitive.h>
#include <arrow/array/concatenate.h>
#include <arrow/compute/api_vector.h>
#include <arrow/table.h>

#include "tidemill/dataset/arrow_result.h"
#include "tidemill/query/cube.h"

#include "column_values.h"
#include "virtual_columns.h"
#include "words.h"

namespace tidemill::query {
namespace {

using base::Result;
using Array = std::shared_ptr<arrow::Array>;

constexpr std::int64_t kNoInteger = std::numeric_limits<std::int64_t>::min();

// The distinct values of a key column in order, and each row's place among them (null: behind the last).
struct KeyColumn {
  std::size_t column = 0;              // in the cube
  std::vector<std::string> texts;      // as texts
  std::vector<std::int64_t> integers;  // where it holds integers or moments
  std::vector<std::uint32_t> ids;
  bool has_nulls = false;
};

Result<Array> OneArray(const arrow::ChunkedArray& column) {
  if (column.num_chunks() == 1) return column.chunk(0);
  if (column.num_chunks() == 0) {
    return dataset::FromArrow(arrow::MakeArrayOfNull(column.type(), 0), "load a column");
  }
  return dataset::FromArrow(arrow::Concatenate(column.chunks()), "load a column");
}

void SetIds(KeyColumn& key, const std::vector<std::int32_t>& rows, std::size_t count) {
  key.ids.reserve(rows.size());
  for (const std::int32_t row : rows) {
    key.has_nulls = key.has_nulls || row < 0;
    key.ids.push_back(row < 0 ? static_cast<std::uint32_t>(count) : static_cast<std::uint32_t>(row));
  }
}

KeyColumn KeyOfTexts(Texts texts) {
  KeyColumn key;
  SetIds(key, texts.rows, texts.values.size());
  key.texts = std::move(texts.values);
  return key;
}

KeyColumn KeyOfIntegers(const std::vector<std::int64_t>& values) {
  KeyColumn key;
  key.integers = values;
  std::sort(key.integers.begin(), key.integers.end());
  key.integers.erase(std::unique(key.integers.begin(), key.integers.end()), key.integers.end());
  if (!key.integers.empty() && key.integers.front() == kNoInteger) key.integers.erase(key.integers.begin());
  key.ids.reserve(values.size());
  for (const std::int64_t value : values) {
    key.has_nulls = key.has_nulls || value == kNoInteger;
    const auto at = std::lower_bound(key.integers.begin(), key.integers.end(), value);
    key.ids.push_back(
        static_cast<std::uint32_t>((value == kNoInteger ? key.integers.end() : at) - key.integers.begin()));
  }
  for (const std::int64_t value : key.integers) key.texts.push_back(std::to_string(value));
  return key;
}

// All of one frequency, or nothing.
std::optional<std::vector<base::Period>> ParseTimes(const std::vector<std::string>& texts) {
  std::vector<base::Period> periods;
  for (const std::string& text : texts) {
    const auto period = base::ParsePeriod(text);
    if (!period || base::ToText(*period) != text) return std::nullopt;
    if (!periods.empty() && period->frequency != periods.front().frequency) return std::nullopt;
    periods.push_back(*period);
  }
  if (!std::is_sorted(periods.begin(), periods.end())) return std::nullopt;
  return periods;
}

class Builder {
 public:
  Builder(const arrow::Table& table, const std::vector<Column>& columns) : table_(table), columns_(columns) {}

  Result<std::shared_ptr<const Cube>> Build() {
    cube_->rows = static_cast<std::uint32_t>(table_.num_rows());
    AddColumns();
    ReadKeys();
    SortRows();
    FindSeriesRuns();
    TIDEMILL_CHECK(FillKeys());
    TIDEMILL_CHECK(FillRows());
    AddVirtualColumns(*cube_);
    FindLabels(*cube_);
    return std::shared_ptr<const Cube>(std::move(cube_));
  }

 private:
  const arrow::ChunkedArray& Stored(std::size_t column) const { return *table_.column(sources_[column]->index); }

  static std::optional<Kind> KindOf(const arrow::DataType& type, Role role) {
    if (HoldsText(type)) return role == Role::kStatus ? Kind::kSet : Kind::kText;
    if (HoldsIntegers(type)) return Kind::kInteger;
    if (HoldsNumbers(type)) return Kind::kNumber;
    if (type.id() == arrow::Type::BOOL) return Kind::kBoolean;
    if (type.id() == arrow::Type::TIMESTAMP) return Kind::kInstant;
    if (HoldsDates(type)) return Kind::kDate;
    return std::nullopt;
  }

  void AddColumns() {
    for (const Column& column : columns_) {
      const auto kind = KindOf(*table_.column(column.index)->type(), column.role);
      if (!kind) continue;
      CubeColumn& added = cube_->columns.emplace_back();
      added.name = column.name;
      added.role = column.role;
      added.kind = *kind;
      added.additive = column.additive;
      added.of = column.of;
      added.codes = column.codes;
      sources_.push_back(&column);
    }
  }

  void ReadKeys() {
    for (std::size_t i = 0; i < cube_->columns.size(); ++i) {
      CubeColumn& column = cube_->columns[i];
      if (column.role == Role::kDimension && column.kind == Kind::kText) {
        dimensions_.push_back(KeyOfTexts(ReadTexts(Stored(i))));
      } else if (column.role == Role::kDimension && column.kind == Kind::kInteger) {
        dimensions_.push_back(KeyOfIntegers(ReadIntegers(Stored(i), kNoInteger)));
      } else {
        if (column.role == Role::kTime && cube_->time_column < 0) ReadTime(i);
        continue;
      }
      dimensions_.back().column = i;
      column.level = Level::kSeries;
    }
  }

  void ReadTime(std::size_t i) {
    CubeColumn& column = cube_->columns[i];
    if (column.kind == Kind::kText) {
      KeyColumn key = KeyOfTexts(ReadTexts(Stored(i)));
      auto periods = ParseTimes(key.texts);
      if (!periods) return;
      cube_->times = *std::move(periods);
      if (!cube_->times.empty()) cube_->frequency = cube_->times.front().frequency;
      column.kind = Kind::kPeriod;
      time_ = std::move(key);
    } else if (column.kind == Kind::kDate || column.kind == Kind::kInstant) {
      time_ = KeyOfIntegers(ReadMoments(Stored(i), kNoInteger));
      ReadFrequency(i);
    } else {
      return;
    }
    time_.column = i;
    column.level = Level::kTime;
    cube_->time_column = static_cast<int>(i);
  }

  // Moments stand for months unless something else is said or a series has two in one month.
  void ReadFrequency(std::size_t i) {
    const std::string& stated = sources_[i]->frequency;
    const bool known = stated == "A" || stated == "Q" || stated == "D" || stated == "M";
    cube_->frequency = known ? static_cast<base::Frequency>(stated.front()) : base::Frequency::kMonth;
    stated_frequency_ = known;
    SetTimes();
  }

  void SetTimes() {
    const arrow::DataType& type = *Stored(time_source()).type();
    cube_->times.clear();
    for (const std::int64_t value : time_.integers) {
      cube_->times.push_back(PeriodAt(DayOfMoment(value, type), cube_->frequency));
    }
  }
  std::size_t time_source() const {
    for (std::size_t i = 0; i < cube_->columns.size(); ++i) {
      if (cube_->columns[i].role == Role::kTime) return i;
    }
    return 0;
  }

  int CompareDimensions(std::uint32_t a, std::uint32_t b) const {
    for (const KeyColumn& key : dimensions_) {
      if (key.ids[a] != key.ids[b]) return key.ids[a] < key.ids[b] ? -1 : 1;
    }
    return 0;
  }

  void SortRows() {
    const auto less = [&](std::uint32_t a, std::uint32_t b) {
      if (const int order = CompareDimensions(a, b); order != 0) return order < 0;
      return !time_.ids.empty() && time_.ids[a] < time_.ids[b];
    };
    bool sorted = true;
    for (std::uint32_t row = 1; row < cube_->rows && sorted; ++row) sorted = !less(row, row - 1);
    if (sorted) return;
    order_.resize(cube_->rows);
    std::iota(order_.begin(), order_.end(), 0U);
    std::stable_sort(order_.begin(), order_.end(), less);
  }

  std::uint32_t Source(std::uint32_t row) const { return order_.empty() ? row : order_[row]; }

  void FindSeriesRuns() {
    std::uint32_t before = 0;
    for (std::uint32_t row = 0; row < cube_->rows; ++row) {
      const std::uint32_t source = Source(row);
      const bool starts = row == 0 || CompareDimensions(before, source) != 0;
      if (starts) cube_->offsets.push_back(row);
      if (!time_.ids.empty()) {
        cube_->repeats = cube_->repeats || (!starts && time_.ids[before] == time_.ids[source]);
        cube_->time_ids.push_back(time_.ids[source]);
      } else {
        cube_->repeats = cube_->repeats || !starts;
      }
      before = source;
    }
    cube_->offsets.push_back(cube_->rows);
    if (!time_.integers.empty() && !stated_frequency_ && HasTwoInOnePeriod()) {
      cube_->frequency = base::Frequency::kDay;
      SetTimes();
    }
  }

  bool HasTwoInOnePeriod() const {
    for (std::size_t series = 0; series < cube_->series(); ++series) {
      for (std::uint32_t row = cube_->offsets[series] + 1; row < cube_->offsets[series + 1]; ++row) {
        const std::uint32_t id = cube_->time_ids[row];
        const std::uint32_t last = cube_->time_ids[row - 1];
        if (id != last && id < cube_->times.size() && cube_->times[id] == cube_->times[last]) return true;
      }
    }
    return false;
  }

  base::Status FillKeys() {
    for (KeyColumn& key : dimensions_) {
      std::vector<std::int32_t> ids;
      std::vector<std::uint32_t> firsts;
      for (std::size_t series = 0; series < cube_->series(); ++series) {
        firsts.push_back(Source(cube_->offsets[series]));
        const std::uint32_t id = key.ids[firsts.back()];
        ids.push_back(id < key.texts.size() ? static_cast<std::int32_t>(id) : -1);
      }
      CubeColumn& column = cube_->columns[key.column];
      if (column.kind == Kind::kText) {
        column.values = MakeWords(key.texts, ids);
      } else {
        TIDEMILL_ASSIGN(column.values, TakeRows(key.column, firsts));
      }
      CodeList& list = cube_->dimensions.emplace_back();
      list.column = key.column;
      list.codes = std::move(key.texts);
    }
    return FillTime();
  }

  base::Status FillTime() {
    if (cube_->time_column < 0) return {};
    const std::size_t count = time_.texts.size() + (time_.has_nulls ? 1 : 0);
    CubeColumn& column = cube_->columns[time_.column];
    if (column.kind == Kind::kPeriod) {
      std::vector<std::int32_t> ids(count, -1);
      std::iota(ids.begin(), ids.begin() + static_cast<std::ptrdiff_t>(time_.texts.size()), 0);
      column.values = MakeWords(time_.texts, ids);
      return {};
    }
    std::vector<std::uint32_t> firsts(count);
    for (std::uint32_t row = cube_->rows; row-- > 0;) firsts[time_.ids[row]] = row;
    TIDEMILL_ASSIGN(column.values, TakeRows(time_.column, firsts));
    return {};
  }

  Result<Array> TakeRows(std::size_t column, const std::vector<std::uint32_t>& rows) const {
    TIDEMILL_ASSIGN(const Array all, OneArray(Stored(column)));
    const arrow::UInt32Array indices(static_cast<std::int64_t>(rows.size()), arrow::Buffer::Wrap(rows));
    return dataset::FromArrow(arrow::compute::Take(*all, indices, arrow::compute::TakeOptions::NoBoundsCheck()),
                              "sort a column");
  }

  base::Status FillRows() {
    for (std::size_t i = 0; i < cube_->columns.size(); ++i) {
      CubeColumn& column = cube_->columns[i];
      if (column.values) continue;
      TIDEMILL_ASSIGN(column.values, RowValues(i));
    }
    return {};
  }

  Result<Array> RowValues(std::size_t i) const {
    const Kind kind = cube_->columns[i].kind;
    if (kind == Kind::kText || kind == Kind::kSet) {
      const Texts texts = ReadTexts(Stored(i));
      if (order_.empty()) return MakeWords(texts.values, texts.rows);
      std::vector<std::int32_t> rows;
      for (const std::uint32_t row : order_) rows.push_back(texts.rows[row]);
      return MakeWords(texts.values, rows);
    }
    if (arrow::is_decimal(Stored(i).type()->id())) return DecimalsAsDoubles(i);
    return order_.empty() ? OneArray(Stored(i)) : TakeRows(i, order_);
  }

  Array DecimalsAsDoubles(std::size_t i) const {
    const std::vector<double> numbers = ReadNumbers(Stored(i));
    arrow::DoubleBuilder builder;
    for (std::uint32_t row = 0; row < cube_->rows; ++row) {
      const double number = numbers[Source(row)];
      (void)(number == number ? builder.Append(number) : builder.AppendNull());
    }
    return builder.Finish().ValueOrDie();
  }

  const arrow::Table& table_;
  const std::vector<Column>& columns_;
  std::vector<const Column*> sources_;  // of the cube's columns
  std::vector<KeyColumn> dimensions_;
  KeyColumn time_;
  bool stated_frequency_ = false;
  std::vector<std::uint32_t> order_;  // empty where the rows lie in order
  std::shared_ptr<Cube> cube_ = std::make_shared<Cube>();
};

}  // namespace

Result<std::shared_ptr<const Cube>> MakeCube(const arrow::Table& table, const std::vector<Column>& columns) {
  if (table.num_rows() > std::numeric_limits<std::int32_t>::max()) {
    return base::Fail(base::ErrorCode::kTooLarge, "the table has {} rows; at most {} can be served", table.num_rows(),
                      std::numeric_limits<std::int32_t>::max());
  }
  return dataset::Guarded("load the table", [&] { return Builder(table, columns).Build(); });
}

}  // namespace tidemill::query
