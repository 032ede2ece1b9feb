// SPDX-License-Identifier: Apache-2.0
// The four shapes of JSON.
#include <algorithm>

#include <arrow/array.h>
#include <arrow/record_batch.h>
#include <arrow/type.h>

#include "tidemill/query/encode_ndjson.h"

#include "answer_encoders.h"
#include "json_dialect.h"

namespace tidemill::query {
namespace {

void AppendCell(std::string& out, const arrow::Array& array, const ColumnEncoder& encoder, std::int64_t row) {
  if (array.IsNull(row)) {
    out += "null";
  } else {
    encoder.Append(out, row);
  }
}

base::Status AppendObjects(std::string& out, const arrow::RecordBatch& batch) {
  const std::size_t begin = out.size();
  TIDEMILL_CHECK(AppendNdjson(out, batch));
  if (out.size() == begin) return {};
  out.pop_back();
  std::replace(out.begin() + static_cast<std::ptrdiff_t>(begin), out.end(), '\n', ',');  // texts have none
  return {};
}

base::Status AppendArrays(std::string& out, const arrow::RecordBatch& batch) {
  TIDEMILL_ASSIGN(const auto encoders, MakeEncoders(batch, kJson));
  for (std::int64_t row = 0; row < batch.num_rows(); ++row) {
    out += row > 0 ? ",[" : "[";
    for (std::size_t column = 0; column < encoders.size(); ++column) {
      if (column > 0) out += ',';
      AppendCell(out, *batch.column(static_cast<int>(column)), *encoders[column], row);
    }
    out += ']';
  }
  return {};
}

base::Status AppendColumn(std::string& out, const arrow::Array& array) {
  TIDEMILL_ASSIGN(const auto encoder, MakeColumnEncoder(array, kJson));
  for (std::int64_t row = 0; row < array.length(); ++row) {
    if (row > 0) out += ',';
    AppendCell(out, array, *encoder, row);
  }
  return {};
}

std::string Names(const arrow::Schema& schema) {
  std::string names;
  for (const std::string& name : schema.field_names()) {
    if (!names.empty()) names += ',';
    base::AppendJsonString(names, name);
  }
  return names;
}

// Objects, arrays and bare rows.
class RowEncoder final : public AnswerEncoder {
 public:
  RowEncoder(QueryResult result, const AnswerForm& form) : result_(std::move(result)), form_(form) {}

  base::Result<bool> Next(std::string& out) override {
    if (at_ == 0) out += Opening();
    if (at_ < result_.rows()) {
      TIDEMILL_ASSIGN(const auto batch, result_.Read(at_, kBlock));
      if (at_ > 0) out += ',';
      TIDEMILL_CHECK(form_.shape == Shape::kArrays ? AppendArrays(out, *batch) : AppendObjects(out, *batch));
      at_ += static_cast<std::size_t>(batch->num_rows());
    }
    if (at_ < result_.rows()) return true;
    out += form_.shape == Shape::kBare ? "]" : "]}";
    return false;
  }

 private:
  std::string Opening() const {
    if (form_.shape == Shape::kBare) return "[";
    const std::string columns = form_.shape == Shape::kArrays ? "\"columns\":[" + Names(*result_.schema) + "]," : "";
    return "{" + form_.head + columns + "\"data\":[";
  }

  QueryResult result_;
  AnswerForm form_;
  std::size_t at_ = 0;
};

// An array a column: each column walks the rows.
class ColumnsEncoder final : public AnswerEncoder {
 public:
  ColumnsEncoder(QueryResult result, const AnswerForm& form) : result_(std::move(result)), form_(form) {}

  base::Result<bool> Next(std::string& out) override {
    const int columns = result_.schema->num_fields();
    if (column_ == 0 && at_ == 0) out += "{" + form_.head + "\"data\":{";
    if (column_ < columns) TIDEMILL_CHECK(AppendBlock(out));
    if (column_ < columns) return true;
    out += "}}";
    return false;
  }

 private:
  base::Status AppendBlock(std::string& out) {
    if (at_ == 0) {
      if (column_ > 0) out += ',';
      base::AppendJsonString(out, result_.schema->field(column_)->name());
      out += ":[";
    }
    if (at_ < result_.rows()) {
      if (at_ > 0) out += ',';
      TIDEMILL_ASSIGN(const auto batch, ReadOne());
      TIDEMILL_CHECK(AppendColumn(out, *batch));
      at_ += static_cast<std::size_t>(batch->length());
    }
    if (at_ < result_.rows()) return {};
    out += ']';
    at_ = 0;
    ++column_;
    return {};
  }

  base::Result<std::shared_ptr<arrow::Array>> ReadOne() const {
    TIDEMILL_ASSIGN(const auto batch, result_.Read(at_, kBlock));
    return batch->column(column_);
  }

  QueryResult result_;
  AnswerForm form_;
  int column_ = 0;
  std::size_t at_ = 0;
};

}  // namespace

std::unique_ptr<AnswerEncoder> MakeJsonEncoder(QueryResult result, const AnswerForm& form) {
  if (form.shape == Shape::kColumns) return std::make_unique<ColumnsEncoder>(std::move(result), form);
  return std::make_unique<RowEncoder>(std::move(result), form);
}

}  // namespace tidemill::query
