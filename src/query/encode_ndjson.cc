// SPDX-License-Identifier: Apache-2.0
#include "tidemill/query/encode_ndjson.h"

#include <vector>

#include <arrow/array.h>
#include <arrow/record_batch.h>
#include <arrow/type.h>

#include "tidemill/base/text.h"

#include "encode_batches.h"
#include "encode_column.h"

namespace tidemill::query {
namespace {

constexpr TextDialect kJson{.append_text = &base::AppendJsonString, .quote_dates = true, .not_a_number = "null"};

// `{"name":` and `,"name":` in front of the values.
std::vector<std::string> MemberStarts(const arrow::Schema& schema) {
  std::vector<std::string> starts;
  for (const auto& field : schema.fields()) {
    std::string& start = starts.emplace_back(starts.empty() ? "{" : ",");
    base::AppendJsonString(start, field->name());
    start += ':';
  }
  return starts;
}

}  // namespace

base::Status AppendNdjson(std::string& out, const arrow::RecordBatch& batch) {
  TIDEMILL_ASSIGN(const auto encoders, MakeEncoders(batch, kJson));
  const std::vector<std::string> starts = MemberStarts(*batch.schema());
  for (std::int64_t row = 0; row < batch.num_rows(); ++row) {
    if (starts.empty()) out += '{';
    for (std::size_t column = 0; column < encoders.size(); ++column) {
      out += starts[column];
      if (batch.column(static_cast<int>(column))->IsNull(row)) {
        out += "null";
      } else {
        encoders[column]->Append(out, row);
      }
    }
    out += "}\n";
  }
  return {};
}

base::Status EncodeNdjson(arrow::RecordBatchReader& batches, const base::ByteSink& sink) {
  return EncodeBatches(batches, sink, &AppendNdjson);
}

}  // namespace tidemill::query
