// SPDX-License-Identifier: Apache-2.0
#include "tidemill/query/encode_answer.h"

#include <arrow/record_batch.h>

#include "tidemill/query/encode_csv.h"
#include "tidemill/query/encode_ndjson.h"

#include "answer_encoders.h"

namespace tidemill::query {
namespace {

class LineEncoder final : public AnswerEncoder {
 public:
  LineEncoder(QueryResult result, Format format) : result_(std::move(result)), format_(format) {}

  base::Result<bool> Next(std::string& out) override {
    const bool csv = format_ == Format::kCsv;
    if (csv && at_ == 0) AppendCsvHeader(out, *result_.schema);
    if (at_ >= result_.rows()) return false;
    TIDEMILL_ASSIGN(const auto batch, result_.Read(at_, kBlock));
    TIDEMILL_CHECK(csv ? AppendCsv(out, *batch) : AppendNdjson(out, *batch));
    at_ += static_cast<std::size_t>(batch->num_rows());
    return at_ < result_.rows();
  }

 private:
  QueryResult result_;
  Format format_;
  std::size_t at_ = 0;
};

}  // namespace

std::unique_ptr<AnswerEncoder> MakeAnswerEncoder(QueryResult result, const AnswerForm& form) {
  switch (form.format) {
    case Format::kJson:
      return MakeJsonEncoder(std::move(result), form);
    case Format::kCsv:
    case Format::kNdjson:
      return std::make_unique<LineEncoder>(std::move(result), form.format);
    case Format::kXlsx:
      return MakeXlsxEncoder(std::move(result), form);
    default:
      return MakeArrowEncoder(std::move(result), form.format);
  }
}

}  // namespace tidemill::query
