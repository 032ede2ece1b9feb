// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <limits>
#include <unordered_map>

#include <arrow/array.h>
#include <arrow/array/builder_primitive.h>
#include <arrow/array/builder_time.h>
#include <arrow/chunked_array.h>
#include <arrow/table.h>
#include <arrow/type.h>

#include "tidemill/dataset/arrow_result.h"
#include "tidemill/query/versions.h"

#include "version_rows.h"

namespace tidemill::query {
namespace {

constexpr std::int64_t kStill = std::numeric_limits<std::int64_t>::max();
constexpr std::string_view kReadHistory = "read the history";

// A value from the moment that it was published.
struct Lifetime {
  std::size_t version = 0;  // place in the list
  std::int64_t row = 0;
  std::int64_t start = 0, end = kStill;
};

class Walk {
 public:
  base::Status Add(const VersionCube& version, std::size_t place, const std::vector<Column>& columns) {
    TIDEMILL_ASSIGN(const KeyedRows rows, ReadKeyedRows(*version.cube, columns));
    std::unordered_map<std::string, Open> now;
    for (std::size_t row = 0; row < rows.keys.size(); ++row) {
      const auto before = open_.find(rows.keys[row]);
      Open current{{place, static_cast<std::int64_t>(row), version.at, kStill}, rows.facts[row]};
      if (before != open_.end()) {
        if (before->second.facts == current.facts) {
          current.span = before->second.span;
        } else {
          Close(before->second.span, version.at);
        }
        open_.erase(before);
      }
      now.emplace(rows.keys[row], std::move(current));
    }
    for (const auto& [key, gone] : open_) Close(gone.span, version.at);
    open_ = std::move(now);
    return {};
  }

  std::vector<Lifetime> Finish() {
    for (const auto& [key, open] : open_) spans_.push_back(open.span);
    std::sort(spans_.begin(), spans_.end(), [](const Lifetime& a, const Lifetime& b) {
      return std::pair(a.version, a.row) < std::pair(b.version, b.row);
    });
    return std::move(spans_);
  }

 private:
  struct Open {
    Lifetime span;
    std::string facts;
  };

  // A value that another replaced at the same moment was never the published one.
  void Close(Lifetime span, std::int64_t end) {
    span.end = end;
    if (span.start < end) spans_.push_back(span);
  }

  std::unordered_map<std::string, Open> open_;
  std::vector<Lifetime> spans_;
};

class HistoryTable {
 public:
  HistoryTable(const std::vector<VersionCube>& versions, const std::vector<Lifetime>& spans)
      : versions_(versions), spans_(spans) {}

  base::Status AddStored(const Column& column) {
    const auto type = PlainType(*versions_.back().cube, column.name);
    arrow::ArrayVector chunks;
    for (std::size_t begin = 0; begin < spans_.size();) {
      const std::size_t version = spans_[begin].version;
      std::vector<std::int64_t> rows;
      for (; begin < spans_.size() && spans_[begin].version == version; ++begin) rows.push_back(spans_[begin].row);
      TIDEMILL_ASSIGN(chunks.emplace_back(), PlainValues(*versions_[version].cube, column.name, rows, type));
    }
    Column added = column;
    added.index = static_cast<int>(columns_.size());
    columns_.push_back(std::move(added));
    fields_.push_back(arrow::field(column.name, type));
    values_.push_back(std::make_shared<arrow::ChunkedArray>(std::move(chunks), type));
    return {};
  }

  base::Status AddSpans(bool instants) {
    TIDEMILL_CHECK(instants ? AddMoments<arrow::TimestampBuilder>(
                                  arrow::TimestampBuilder(InstantType(), arrow::default_memory_pool()), "datetime")
                            : AddMoments<arrow::Date32Builder>(arrow::Date32Builder(), "date"));
    arrow::Int32Builder numbers;
    for (const Lifetime& span : spans_) {
      TIDEMILL_CHECK(
          dataset::FromArrow(numbers.Append(static_cast<std::int32_t>(versions_[span.version].number)), kReadHistory));
    }
    TIDEMILL_ASSIGN(const auto array, dataset::FromArrow(numbers.Finish(), kReadHistory));
    Add("vintage", "integer", array);
    return {};
  }

  base::Result<std::shared_ptr<const Cube>> Make() const {
    const auto table = arrow::Table::Make(arrow::schema(fields_), values_);
    return MakeCube(*dataset::ColumnsOfTable(*table), columns_);
  }

 private:
  static std::shared_ptr<arrow::DataType> InstantType() { return arrow::timestamp(arrow::TimeUnit::MICRO, "UTC"); }

  void Add(const std::string& name, const std::string& type, const std::shared_ptr<arrow::Array>& array) {
    Column column;
    column.name = name;
    column.role = Role::kAttribute;
    column.type = type;
    column.index = static_cast<int>(columns_.size());
    columns_.push_back(std::move(column));
    fields_.push_back(arrow::field(name, array->type()));
    values_.push_back(std::make_shared<arrow::ChunkedArray>(array));
  }

  template <class Builder>
  base::Status AddMoments(Builder starts, const std::string& type) {
    using Value = typename Builder::value_type;
    for (const Lifetime& span : spans_) {
      TIDEMILL_CHECK(dataset::FromArrow(starts.Append(static_cast<Value>(span.start)), kReadHistory));
    }
    TIDEMILL_ASSIGN(const auto start, dataset::FromArrow(starts.Finish(), kReadHistory));
    Add("realtime_start", type, start);
    for (const Lifetime& span : spans_) {
      TIDEMILL_CHECK(dataset::FromArrow(
          span.end == kStill ? starts.AppendNull() : starts.Append(static_cast<Value>(span.end)), kReadHistory));
    }
    TIDEMILL_ASSIGN(const auto end, dataset::FromArrow(starts.Finish(), kReadHistory));
    Add("realtime_end", type, end);
    return {};
  }

  const std::vector<VersionCube>& versions_;
  const std::vector<Lifetime>& spans_;
  std::vector<Column> columns_;
  arrow::FieldVector fields_;
  arrow::ChunkedArrayVector values_;
};

}  // namespace

base::Result<std::shared_ptr<const Cube>> MakeHistory(const std::vector<VersionCube>& versions,
                                                      const std::vector<Column>& columns, bool instants) {
  return dataset::Guarded(kReadHistory, [&]() -> base::Result<std::shared_ptr<const Cube>> {
    Walk walk;
    for (std::size_t i = 0; i < versions.size(); ++i) TIDEMILL_CHECK(walk.Add(versions[i], i, columns));
    const std::vector<Lifetime> spans = walk.Finish();
    HistoryTable table(versions, spans);
    for (const Column& column : columns) {
      const bool kept = IsKey(column) || IsFact(column) || column.role == Role::kLabel;
      if (kept && versions.back().cube->Find(column.name) >= 0) TIDEMILL_CHECK(table.AddStored(column));
    }
    TIDEMILL_CHECK(table.AddSpans(instants));
    return table.Make();
  });
}

}  // namespace tidemill::query
