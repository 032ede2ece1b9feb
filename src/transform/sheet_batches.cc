// SPDX-License-Identifier: Apache-2.0
#include "sheet_batches.h"

#include <bit>

#include <arrow/api.h>

#include "sheet_types.h"

namespace tidemill::transform {
namespace {

constexpr std::uint32_t kRowsOfBatch = 64 * 1024;

using Arrays = std::vector<std::shared_ptr<arrow::Array>>;

std::shared_ptr<arrow::DataType> TypeOf(ColumnType type) {
  switch (type) {
    case ColumnType::kInt64:
      return arrow::int64();
    case ColumnType::kFloat64:
      return arrow::float64();
    case ColumnType::kDate32:
      return arrow::date32();
    case ColumnType::kTimestampMs:
      return arrow::timestamp(arrow::TimeUnit::MILLI);
    case ColumnType::kBool:
      return arrow::boolean();
    case ColumnType::kTexts:
      return arrow::utf8();
  }
  return arrow::null();
}

// A batch's values of one column; rows that are passed over are null.
template <class Builder>
class Filler {
 public:
  Filler(std::shared_ptr<arrow::DataType> type, std::uint32_t begin, std::uint32_t end)
      : builder_(std::move(type), arrow::default_memory_pool()), next_(begin), end_(end) {}
  explicit Filler(std::uint32_t begin, std::uint32_t end)
      : builder_(arrow::default_memory_pool()), next_(begin), end_(end) {}

  arrow::Status Reserve() { return builder_.Reserve(end_ - next_); }
  template <class Value>
  void Put(std::uint32_t row, Value value) {
    SkipTo(row);
    builder_.UnsafeAppend(value);
    ++next_;
  }
  arrow::Status PutText(std::uint32_t row, std::string_view text) {
    SkipTo(row);
    ++next_;
    return builder_.Append(text);
  }
  arrow::Result<std::shared_ptr<arrow::Array>> Finish() {
    SkipTo(end_);
    return builder_.Finish();
  }

 private:
  void SkipTo(std::uint32_t row) {
    for (; next_ < row; ++next_) builder_.UnsafeAppendNull();
  }

  Builder builder_;
  std::uint32_t next_;
  std::uint32_t end_;
};

class SheetBatches final : public arrow::RecordBatchReader {
 public:
  SheetBatches(std::vector<TypedColumn> columns, std::uint32_t rows, std::shared_ptr<const TextPool> pool,
               bool dictionaries)
      : columns_(std::move(columns)), rows_(rows), pool_(std::move(pool)) {
    arrow::FieldVector fields;
    for (const TypedColumn& column : columns_) {
      const bool encoded = dictionaries && column.words.size() * 2 < column.texts;
      encoded_.push_back(encoded);
      const auto text = encoded ? arrow::dictionary(arrow::int32(), arrow::utf8()) : arrow::utf8();
      fields.push_back(arrow::field(column.name, column.type == ColumnType::kTexts ? text : TypeOf(column.type)));
      if (column.has_texts) fields.push_back(arrow::field(column.texts_name, text));
    }
    dictionaries_.resize(columns_.size());
    schema_ = arrow::schema(std::move(fields));
  }

  std::shared_ptr<arrow::Schema> schema() const override { return schema_; }

  arrow::Status ReadNext(std::shared_ptr<arrow::RecordBatch>* batch) override {
    batch->reset();
    if (next_ >= rows_) return arrow::Status::OK();
    const std::uint32_t begin = next_;
    next_ = rows_ - begin > kRowsOfBatch ? begin + kRowsOfBatch : rows_;
    Arrays arrays;
    for (std::size_t i = 0; i < columns_.size(); ++i) ARROW_RETURN_NOT_OK(Fill(i, begin, arrays));
    *batch = arrow::RecordBatch::Make(schema_, next_ - begin, std::move(arrays));
    return arrow::Status::OK();
  }

 private:
  arrow::Status Fill(std::size_t index, std::uint32_t begin, Arrays& arrays) {
    TypedColumn& column = columns_[index];
    switch (column.type) {
      case ColumnType::kInt64:
        return FillTyped<arrow::Int64Builder>(index, begin, arrays, [](std::uint64_t bits) {
          return static_cast<std::int64_t>(std::bit_cast<double>(bits));
        });
      case ColumnType::kFloat64:
        return FillTyped<arrow::DoubleBuilder>(index, begin, arrays,
                                               [](std::uint64_t bits) { return std::bit_cast<double>(bits); });
      case ColumnType::kDate32:
        return FillTyped<arrow::Date32Builder>(index, begin, arrays, [](std::uint64_t bits) {
          return static_cast<std::int32_t>(std::bit_cast<std::int64_t>(bits) / kMillisecondsOfDay);
        });
      case ColumnType::kTimestampMs:
        return FillTyped<arrow::TimestampBuilder>(index, begin, arrays,
                                                  [](std::uint64_t bits) { return std::bit_cast<std::int64_t>(bits); });
      case ColumnType::kBool:
        return FillTyped<arrow::BooleanBuilder>(index, begin, arrays, [](std::uint64_t bits) { return bits != 0; });
      case ColumnType::kTexts:
        return encoded_[index] ? FillCodes(index, begin, arrays) : FillTexts(index, begin, arrays);
    }
    return arrow::Status::OK();
  }

  static auto Into(Filler<arrow::Int32Builder>& codes) {
    return [&codes](const SheetValue& cell) {
      codes.Put(cell.row, static_cast<std::int32_t>(cell.bits));
      return arrow::Status::OK();
    };
  }

  auto Into(Filler<arrow::StringBuilder>& texts, std::size_t index) const {
    return [this, &texts, index](const SheetValue& cell) {
      return texts.PutText(cell.row, pool_->Text(columns_[index].words[cell.bits]));
    };
  }

  // The typed values, and the others into `others` where there are any.
  template <class Builder, class Value, class Others>
  arrow::Status FillBoth(std::size_t index, std::uint32_t begin, const Value& value, Others&& others, Arrays& arrays) {
    Filler<Builder> filler(TypeOf(columns_[index].type), begin, next_);
    ARROW_RETURN_NOT_OK(filler.Reserve());
    arrow::Status status;
    columns_[index].cells.Drain(next_, [&](const SheetValue& cell) {
      if (cell.kind != ValueKind::kText) {
        filler.Put(cell.row, value(cell.bits));
      } else if (status.ok()) {
        status = others(cell);
      }
    });
    ARROW_RETURN_NOT_OK(status);
    return filler.Finish().Value(&arrays.emplace_back());
  }

  template <class Builder, class Value>
  arrow::Status FillTyped(std::size_t index, std::uint32_t begin, Arrays& arrays, const Value& value) {
    const auto none = [](const SheetValue&) { return arrow::Status::OK(); };
    if (!columns_[index].has_texts) return FillBoth<Builder>(index, begin, value, none, arrays);
    if (encoded_[index]) {
      Filler<arrow::Int32Builder> codes(begin, next_);
      ARROW_RETURN_NOT_OK(codes.Reserve());
      ARROW_RETURN_NOT_OK(FillBoth<Builder>(index, begin, value, Into(codes), arrays));
      return AddCodes(index, codes, arrays);
    }
    Filler<arrow::StringBuilder> texts(begin, next_);
    ARROW_RETURN_NOT_OK(texts.Reserve());
    ARROW_RETURN_NOT_OK(FillBoth<Builder>(index, begin, value, Into(texts, index), arrays));
    return texts.Finish().Value(&arrays.emplace_back());
  }

  arrow::Status FillCodes(std::size_t index, std::uint32_t begin, Arrays& arrays) {
    Filler<arrow::Int32Builder> codes(begin, next_);
    ARROW_RETURN_NOT_OK(codes.Reserve());
    columns_[index].cells.Drain(
        next_, [&](const SheetValue& cell) { codes.Put(cell.row, static_cast<std::int32_t>(cell.bits)); });
    return AddCodes(index, codes, arrays);
  }

  arrow::Status FillTexts(std::size_t index, std::uint32_t begin, Arrays& arrays) {
    Filler<arrow::StringBuilder> texts(begin, next_);
    ARROW_RETURN_NOT_OK(texts.Reserve());
    arrow::Status status;
    const auto put = Into(texts, index);
    columns_[index].cells.Drain(next_, [&](const SheetValue& cell) {
      if (status.ok()) status = put(cell);
    });
    ARROW_RETURN_NOT_OK(status);
    return texts.Finish().Value(&arrays.emplace_back());
  }

  arrow::Status AddCodes(std::size_t index, Filler<arrow::Int32Builder>& codes, Arrays& arrays) {
    ARROW_ASSIGN_OR_RAISE(auto indices, codes.Finish());
    ARROW_ASSIGN_OR_RAISE(const auto dictionary, DictionaryOf(index));
    arrays.push_back(std::make_shared<arrow::DictionaryArray>(arrow::dictionary(arrow::int32(), arrow::utf8()),
                                                              std::move(indices), dictionary));
    return arrow::Status::OK();
  }

  // One for all batches: writers see that it is the same.
  arrow::Result<std::shared_ptr<arrow::Array>> DictionaryOf(std::size_t index) {
    if (dictionaries_[index]) return dictionaries_[index];
    arrow::StringBuilder builder;
    for (const std::uint32_t word : columns_[index].words) ARROW_RETURN_NOT_OK(builder.Append(pool_->Text(word)));
    ARROW_ASSIGN_OR_RAISE(dictionaries_[index], builder.Finish());
    return dictionaries_[index];
  }

  std::vector<TypedColumn> columns_;
  std::uint32_t rows_;
  std::shared_ptr<const TextPool> pool_;
  std::vector<bool> encoded_;
  std::vector<std::shared_ptr<arrow::Array>> dictionaries_;
  std::shared_ptr<arrow::Schema> schema_;
  std::uint32_t next_ = 0;
};

}  // namespace

std::shared_ptr<arrow::RecordBatchReader> MakeSheetBatches(std::vector<TypedColumn> columns, std::uint32_t rows,
                                                           std::shared_ptr<const TextPool> pool, bool dictionaries) {
  return std::make_shared<SheetBatches>(std::move(columns), rows, std::move(pool), dictionaries);
}

std::string_view NameOf(ColumnType type) {
  switch (type) {
    case ColumnType::kInt64:
      return "int64";
    case ColumnType::kFloat64:
      return "float64";
    case ColumnType::kDate32:
      return "date32";
    case ColumnType::kTimestampMs:
      return "timestamp[ms]";
    case ColumnType::kBool:
      return "bool";
    case ColumnType::kTexts:
      return "utf8";
  }
  return "utf8";
}

}  // namespace tidemill::transform
