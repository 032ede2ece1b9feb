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

#include "array_values.h"
#include "column_values.h"
#include "key_column.h"
#include "virtual_columns.h"
#include "words.h"

namespace tidemill::query {
namespace {

using base::Result;
using Array = std::shared_ptr<arrow::Array>;

Result<Array> OneArray(const arrow::ChunkedArray& column) {
  if (column.num_chunks() == 1) return column.chunk(0);
  if (column.num_chunks() == 0) {
    return dataset::FromArrow(arrow::MakeArrayOfNull(column.type(), 0), "load a column");
  }
  return dataset::FromArrow(arrow::Concatenate(column.chunks()), "load a column");
}

// Whatever lies under nulls counts too.
std::uint64_t MagnitudeOf(const arrow::Array& array) {
  std::uint64_t magnitude = 0;
  VisitNumbers(array, [&](const auto* values) {
    for (std::int64_t i = 0; i < array.length(); ++i) {
      const auto value = static_cast<std::int64_t>(values[i]);
      const auto bits = static_cast<std::uint64_t>(value);
      magnitude = std::max(magnitude, value < 0 ? ~bits + 1 : bits);
    }
  });
  return magnitude;
}

// "E08000007", or several of the kind together.
bool LooksGss(std::string_view code) {
  std::size_t in_part = 0;
  for (const char c : code) {
    if (c == ',' || c == '_' || c == ' ') {
      if (in_part != 9 && in_part != 0) return false;
      in_part = 0;
    } else {
      const bool fits = in_part == 0 ? c >= 'A' && c <= 'Z' : c >= '0' && c <= '9';
      if (!fits || ++in_part > 9) return false;
    }
  }
  return in_part == 9;
}

bool LookLikeGss(const std::vector<std::string>& codes) {
  return !codes.empty() && std::all_of(codes.begin(), codes.end(), LooksGss);
}

// Integers are compared and added up as ones of 64 bits with a sign.
base::Status CheckFits(const arrow::ChunkedArray& column, const std::string& name) {
  constexpr std::uint64_t kMost = std::numeric_limits<std::int64_t>::max();
  if (column.type()->id() != arrow::Type::UINT64) return {};
  for (const auto& chunk : column.chunks()) {
    const auto& values = static_cast<const arrow::UInt64Array&>(*chunk);
    for (std::int64_t i = 0; i < values.length(); ++i) {
      if (values.IsNull(i) || values.Value(i) <= kMost) continue;
      return base::Fail(base::ErrorCode::kTooLarge,
                        "column {} holds {}, expected integers up to {}; codes may stand as texts", base::Quoted(name),
                        values.Value(i), kMost);
    }
  }
  return {};
}

class Builder {
 public:
  Builder(const dataset::ColumnSource& table, const std::vector<Column>& columns) : table_(table), columns_(columns) {}

  Result<std::shared_ptr<const Cube>> Build() {
    cube_->rows = static_cast<std::uint32_t>(table_.rows());
    AddColumns();
    TIDEMILL_CHECK(ReadKeys());
    SortRows();
    FindSeriesRuns();
    TIDEMILL_CHECK(FillKeys());
    dimensions_.clear();
    TIDEMILL_CHECK(FillRows());
    AddVirtualColumns(*cube_);
    FindLabels(*cube_);
    return std::shared_ptr<const Cube>(std::move(cube_));
  }

 private:
  const arrow::DataType& TypeOf(std::size_t column) const {
    return *table_.schema().field(sources_[column]->index)->type();
  }
  Result<std::shared_ptr<arrow::ChunkedArray>> Stored(std::size_t column) const {
    TIDEMILL_ASSIGN(auto stored, table_.Read(sources_[column]->index));
    TIDEMILL_CHECK(CheckFits(*stored, cube_->columns[column].name));
    return stored;
  }

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
      const auto kind = KindOf(*table_.schema().field(column.index)->type(), column.role);
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

  base::Status ReadKeys() {
    for (std::size_t i = 0; i < cube_->columns.size(); ++i) {
      CubeColumn& column = cube_->columns[i];
      const bool is_key = column.kind == Kind::kText || column.kind == Kind::kInteger;
      if (column.role == Role::kDimension && is_key) {
        TIDEMILL_ASSIGN(const auto stored, Stored(i));
        dimensions_.push_back(column.kind == Kind::kText ? KeyOfTexts(ReadTexts(*stored))
                                                         : KeyOfIntegers(ReadIntegers(*stored, kNoInteger)));
        dimensions_.back().column = i;
        column.level = Level::kSeries;
        if (column.kind == Kind::kText && column.codes.empty() && LookLikeGss(dimensions_.back().texts)) {
          column.codes = "gss";
        }
      } else if (column.role == Role::kTime && cube_->time_column < 0) {
        TIDEMILL_CHECK(ReadTime(i));
      }
    }
    return {};
  }

  base::Status ReadTime(std::size_t i) {
    CubeColumn& column = cube_->columns[i];
    TIDEMILL_ASSIGN(const auto stored, Stored(i));
    if (column.kind == Kind::kText || column.kind == Kind::kInteger) {
      KeyColumn key = column.kind == Kind::kText ? KeyOfTexts(ReadTexts(*stored))
                                                 : KeyOfIntegers(ReadIntegers(*stored, kNoInteger));
      auto periods = ParseTimes(key.texts);
      if (!periods) return {};
      cube_->times = *std::move(periods);
      if (!cube_->times.empty()) cube_->frequency = cube_->times.front().frequency;
      if (column.kind == Kind::kText) column.kind = Kind::kPeriod;
      time_ = std::move(key);
      stated_frequency_ = true;
    } else if (column.kind == Kind::kDate || column.kind == Kind::kInstant) {
      time_ = KeyOfIntegers(ReadMoments(*stored, kNoInteger));
      ReadFrequency(i);
    } else {
      return {};
    }
    time_.column = i;
    column.level = Level::kTime;
    cube_->time_column = static_cast<int>(i);
    return {};
  }

  // Moments stand for months unless something else is said or a series has two in one month.
  void ReadFrequency(std::size_t i) {
    const std::string& stated = sources_[i]->frequency;
    const bool known = stated == "A" || stated == "Q" || stated == "D" || stated == "M";
    cube_->frequency = known ? static_cast<base::Frequency>(stated.front()) : base::Frequency::kMonth;
    stated_frequency_ = known;
    SetTimes(i);
  }

  void SetTimes(std::size_t column) {
    const arrow::DataType& type = TypeOf(column);
    cube_->times.clear();
    for (const std::int64_t value : time_.integers) {
      cube_->times.push_back(PeriodAt(DayOfMoment(value, type), cube_->frequency));
    }
  }
  std::vector<const KeyColumn*> Keys() const {
    std::vector<const KeyColumn*> keys;
    for (const KeyColumn& key : dimensions_) keys.push_back(&key);
    return keys;
  }

  void SortRows() {
    auto keys = Keys();
    if (!time_.ids.empty()) keys.push_back(&time_);
    if (AreSorted(keys, cube_->rows)) return;
    order_ = SortedOrder(keys, cube_->rows);
    for (KeyColumn& key : dimensions_) key.ids.Permute(order_);
    if (!time_.ids.empty()) time_.ids.Permute(order_);
  }

  std::uint32_t Source(std::uint32_t row) const { return order_.empty() ? row : order_[row]; }

  void FindSeriesRuns() {
    constexpr std::uint32_t kBlock = 4096;
    const auto keys = Keys();
    std::vector<std::int8_t> order(kBlock);
    std::vector<std::int8_t> times(kBlock);
    if (cube_->rows > 0) cube_->offsets.push_back(0);
    for (std::uint32_t begin = 1; begin < cube_->rows; begin += kBlock) {
      const std::uint32_t count = std::min(kBlock, cube_->rows - begin);
      CompareWithBefore(keys, begin, count, order.data());
      CompareWithBefore(time_.ids.empty() ? std::vector<const KeyColumn*>{} : std::vector<const KeyColumn*>{&time_},
                        begin, count, times.data());
      for (std::uint32_t i = 0; i < count; ++i) {
        if (order[i] != 0) {
          cube_->offsets.push_back(begin + i);
        } else if (times[i] == 0) {
          cube_->repeats = true;
        }
      }
    }
    cube_->offsets.push_back(cube_->rows);
    cube_->time_ids = std::move(time_.ids);
    if (!time_.integers.empty() && !stated_frequency_ && HasTwoInOnePeriod()) {
      cube_->frequency = base::Frequency::kDay;
      SetTimes(time_.column);
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
      std::vector<std::uint32_t> firsts;
      Ids ids;
      ids.Append(cube_->series(), static_cast<std::uint32_t>(key.texts.size()),
                 [&](std::size_t series) { return key.ids[cube_->offsets[series]]; });
      CubeColumn& column = cube_->columns[key.column];
      if (column.kind == Kind::kText) {
        column.values = MakeWords(key.texts, ids);
      } else {
        for (std::size_t series = 0; series < cube_->series(); ++series) {
          firsts.push_back(Source(cube_->offsets[series]));
        }
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
    CubeColumn& column = cube_->columns[time_.column];
    if (column.kind == Kind::kPeriod) {
      Ids ids;
      ids.Append(time_.count(), static_cast<std::uint32_t>(time_.texts.size()), [](std::size_t i) { return i; });
      column.values = MakeWords(time_.texts, ids);
      return {};
    }
    std::vector<std::uint32_t> firsts(time_.count());
    for (std::uint32_t row = cube_->rows; row-- > 0;) firsts[cube_->time_ids[row]] = Source(row);
    TIDEMILL_ASSIGN(column.values, TakeRows(time_.column, firsts));
    return {};
  }

  Result<Array> TakeRows(std::size_t column, const std::vector<std::uint32_t>& rows) const {
    TIDEMILL_ASSIGN(const auto stored, Stored(column));
    TIDEMILL_ASSIGN(const Array all, OneArray(*stored));
    const arrow::UInt32Array indices(static_cast<std::int64_t>(rows.size()), arrow::Buffer::Wrap(rows));
    return dataset::FromArrow(arrow::compute::Take(*all, indices, arrow::compute::TakeOptions::NoBoundsCheck()),
                              "sort a column");
  }

  base::Status FillRows() {
    for (std::size_t i = 0; i < cube_->columns.size(); ++i) {
      CubeColumn& column = cube_->columns[i];
      if (column.values) continue;
      TIDEMILL_ASSIGN(column.values, RowValues(i));
      if (column.kind == Kind::kInteger) column.magnitude = MagnitudeOf(*column.values);
    }
    return {};
  }

  Result<Array> RowValues(std::size_t i) const {
    const Kind kind = cube_->columns[i].kind;
    if (kind != Kind::kText && kind != Kind::kSet && !arrow::is_decimal(TypeOf(i).id()) && !order_.empty()) {
      return TakeRows(i, order_);
    }
    TIDEMILL_ASSIGN(const auto stored, Stored(i));
    if (kind == Kind::kText || kind == Kind::kSet) {
      Texts texts = ReadTexts(*stored);
      if (!order_.empty()) texts.rows.Permute(order_);
      return MakeWords(texts.values, texts.rows);
    }
    return arrow::is_decimal(stored->type()->id()) ? DecimalsAsDoubles(*stored) : OneArray(*stored);
  }

  Array DecimalsAsDoubles(const arrow::ChunkedArray& stored) const {
    const std::vector<double> numbers = ReadNumbers(stored);
    arrow::DoubleBuilder builder;
    for (std::uint32_t row = 0; row < cube_->rows; ++row) {
      const double number = numbers[Source(row)];
      (void)(number == number ? builder.Append(number) : builder.AppendNull());
    }
    return builder.Finish().ValueOrDie();
  }

  const dataset::ColumnSource& table_;
  const std::vector<Column>& columns_;
  std::vector<const Column*> sources_;  // of the cube's columns
  std::vector<KeyColumn> dimensions_;
  KeyColumn time_;
  bool stated_frequency_ = false;
  std::vector<std::uint32_t> order_;  // empty where the rows lie in order
  std::shared_ptr<Cube> cube_ = std::make_shared<Cube>();
};

}  // namespace

Result<std::shared_ptr<const Cube>> MakeCube(const dataset::ColumnSource& table, const std::vector<Column>& columns) {
  if (table.rows() > std::numeric_limits<std::int32_t>::max()) {
    return base::Fail(base::ErrorCode::kTooLarge, "the table has {} rows; at most {} can be served", table.rows(),
                      std::numeric_limits<std::int32_t>::max());
  }
  return dataset::Guarded("load the table", [&] { return Builder(table, columns).Build(); });
}

}  // namespace tidemill::query
