// SPDX-License-Identifier: Apache-2.0
#include "tidemill/query/encode_csv.h"

#include <arrow/array.h>
#include <arrow/record_batch.h>
#include <arrow/type.h>

#include "encode_batches.h"
#include "encode_column.h"

namespace tidemill::query {
namespace {

void AppendCsvText(std::string& out, std::string_view text) {
  const bool plain = !text.empty() && text.find_first_of(",\"\n\r") == std::string_view::npos;
  if (plain) {
    out += text;
    return;
  }
  out += '"';
  for (const char c : text) {
    if (c == '"') out += '"';
    out += c;
  }
  out += '"';
}

constexpr TextDialect kCsv{.append_text = &AppendCsvText, .quote_dates = false, .not_a_number = ""};

}  // namespace

void AppendCsvHeader(std::string& out, const arrow::Schema& schema) {
  for (int i = 0; i < schema.num_fields(); ++i) {
    if (i > 0) out += ',';
    AppendCsvText(out, schema.field(i)->name());
  }
  out += '\n';
}

base::Status AppendCsv(std::string& out, const arrow::RecordBatch& batch) {
  TIDEMILL_ASSIGN(const auto encoders, MakeEncoders(batch, kCsv));
  for (std::int64_t row = 0; row < batch.num_rows(); ++row) {
    for (std::size_t column = 0; column < encoders.size(); ++column) {
      if (column > 0) out += ',';
      if (!batch.column(static_cast<int>(column))->IsNull(row)) encoders[column]->Append(out, row);
    }
    out += '\n';
  }
  return {};
}

base::Status EncodeCsv(arrow::RecordBatchReader& batches, const base::ByteSink& sink) {
  std::string header;
  AppendCsvHeader(header, *batches.schema());
  TIDEMILL_CHECK(sink(header));
  return EncodeBatches(batches, sink, &AppendCsv);
}

}  // namespace tidemill::query
