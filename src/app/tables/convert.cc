// SPDX-License-Identifier: Apache-2.0
#include "convert.h"

#include <algorithm>
#include <cerrno>
#include <cstdio>

#include <arrow/type_fwd.h>

#include "tidemill/base/new_file.h"
#include "tidemill/dataset/batches.h"
#include "tidemill/dataset/parquet_stream.h"
#include "tidemill/query/encode_arrow.h"
#include "tidemill/query/encode_csv.h"
#include "tidemill/query/encode_ndjson.h"
#include "tidemill/workbook/ordered_rows.h"

#include "convert_source.h"

namespace tidemill::app {
namespace {

using base::ErrorCode;

struct Read {
  std::size_t sheet = 0;
  workbook::Sheet rest;
  std::unique_ptr<transform::SheetTable> table;
};

base::Result<Read> ReadSource(const workbook::Workbook& book, const ConvertSource& source,
                              const ConvertProgress& progress, const std::stop_token& stop) {
  constexpr std::uint64_t kRowsBetweenWords = 4096;
  auto table = std::make_unique<transform::SheetTable>(source.options);
  std::uint64_t rows = 0;
  const auto take = [&](const workbook::Sheet& sheet, const workbook::Sheet::Row& row,
                        std::span<const workbook::Cell> cells) {
    if (++rows % kRowsBetweenWords == 0) progress(rows, false);
    table->Row(sheet, row, cells);
    return true;
  };
  const auto again = [&] { table = std::make_unique<transform::SheetTable>(source.options); };
  TIDEMILL_ASSIGN(workbook::Sheet sheet, workbook::StreamInOrder(book, source.sheet, take, again, stop));
  return Read{source.sheet, std::move(sheet), std::move(table)};
}

// The first with cells; a damaged one is not passed over.
base::Result<Read> ReadFirst(const workbook::Workbook& book, const std::vector<ConvertSource>& sources,
                             const ConvertProgress& progress, const std::stop_token& stop) {
  for (const ConvertSource& source : sources) {
    TIDEMILL_ASSIGN(Read read, ReadSource(book, source, progress, stop));
    if (read.table->cells() > 0) return read;
    const auto& issues = read.rest.issues;
    if (const auto damage = std::find_if(issues.begin(), issues.end(), workbook::IsDamage); damage != issues.end()) {
      return base::FailAt(ErrorCode::kMalformed, "sheet " + base::Quoted(book.sheets()[source.sheet].name),
                          "no cell can be read: {}: {}", damage->code, damage->message);
    }
  }
  const auto range = sources.empty() ? std::nullopt : sources.front().options.range;
  return base::Fail(ErrorCode::kNotFound, "no cells in {}{}, expected a table",
                    range ? workbook::A1(*range) + " of " : std::string(),
                    sources.size() == 1 ? "sheet " + base::Quoted(book.sheets()[sources.front().sheet].name)
                                        : std::string("any sheet"));
}

base::Status Encode(arrow::RecordBatchReader& batches, TableFormat format, const base::ByteSink& sink) {
  switch (format) {
    case TableFormat::kParquet:
      return dataset::WriteParquet(batches, sink);
    case TableFormat::kCsv:
      return query::EncodeCsv(batches, sink);
    case TableFormat::kNdjson:
      return query::EncodeNdjson(batches, sink);
    case TableFormat::kArrow:
      return query::EncodeArrow(batches, sink);
  }
  return base::Fail(ErrorCode::kInternal, "a format that is none");
}

// Counts, and looks whether to stop, in front of a sink.
class Watched {
 public:
  Watched(base::ByteSink sink, const ConvertProgress& progress, std::stop_token stop)
      : sink_(std::move(sink)), progress_(progress), stop_(std::move(stop)) {}
  base::Status operator()(std::string_view bytes) {
    if (stop_.stop_requested()) return base::Fail(ErrorCode::kCancelled, "stopped");
    progress_(0, true);
    written_ += bytes.size();
    return sink_(bytes);
  }
  std::uint64_t written() const { return written_; }

 private:
  base::ByteSink sink_;
  const ConvertProgress& progress_;
  std::stop_token stop_;
  std::uint64_t written_ = 0;
};

base::Status ToStandardOutput(std::string_view bytes) {
  if (std::fwrite(bytes.data(), 1, bytes.size(), stdout) == bytes.size()) return {};
  return base::FailOnFile("write", "standard output", errno);
}

base::Result<std::uint64_t> Write(arrow::RecordBatchReader& batches, const ConvertOptions& options,
                                  const ConvertProgress& progress, const std::stop_token& stop) {
  if (options.out == "-") {
    Watched watched(&ToStandardOutput, progress, stop);
    TIDEMILL_CHECK(Encode(batches, options.format, std::ref(watched)));
    if (std::fflush(stdout) != 0) return base::FailOnFile("write", "standard output", errno);
    return watched.written();
  }
  TIDEMILL_ASSIGN(base::NewFile file, base::NewFile::OpenNamed(options.out));
  Watched watched([&](std::string_view bytes) { return file.Write(bytes); }, progress, stop);
  TIDEMILL_CHECK(Encode(batches, options.format, std::ref(watched)));
  TIDEMILL_CHECK(file.Replace());
  return watched.written();
}

}  // namespace

base::Result<std::shared_ptr<arrow::Table>> ReadTextTable(std::string_view bytes) {
  TIDEMILL_ASSIGN(const auto book, workbook::OpenWorkbook(bytes));
  TIDEMILL_ASSIGN(const auto sources, FindSources(*book, {}));
  const ConvertProgress unseen = [](std::uint64_t, bool) {};
  TIDEMILL_ASSIGN(Read read, ReadFirst(*book, sources, unseen, {}));
  transform::SheetTableFacts facts;
  TIDEMILL_ASSIGN(const auto batches, std::move(*read.table).Finish(read.rest, true, facts));
  TIDEMILL_ASSIGN(const auto table, dataset::ReadAll(*batches));
  return dataset::TypeTexts(table);
}

base::Result<ConvertReport> Convert(const workbook::Workbook& book, const ConvertOptions& options,
                                    const ConvertProgress& progress, std::stop_token stop) {
  TIDEMILL_ASSIGN(const std::vector<ConvertSource> sources, FindSources(book, options));
  TIDEMILL_ASSIGN(Read read, ReadFirst(book, sources, progress, stop));
  ConvertReport report{.sheet = book.sheets()[read.sheet].name, .table = options.table};
  for (const workbook::SheetEntry& entry : book.sheets()) {
    if (&entry != &book.sheets()[read.sheet]) report.other_sheets.push_back(entry.name);
  }
  // Readers of Arrow files are given what was asked for, plain strings.
  const bool dictionaries = options.format != TableFormat::kArrow;
  TIDEMILL_ASSIGN(const auto batches, std::move(*read.table).Finish(read.rest, dictionaries, report.facts));
  report.issues = book.issues();
  std::move(read.rest.issues.begin(), read.rest.issues.end(), std::back_inserter(report.issues));
  TIDEMILL_ASSIGN(report.bytes, Write(*batches, options, progress, stop));
  return report;
}

}  // namespace tidemill::app
