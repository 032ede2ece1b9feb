// SPDX-License-Identifier: Apache-2.0
#include "tidemill/base/encoding.h"
#include "tidemill/base/text.h"

#include "cell_sink.h"
#include "code_page.h"
#include "csv_scan.h"
#include "formats.h"
#include "text_encoding.h"

namespace tidemill::workbook {
namespace {

using base::ErrorCode;
using base::Fail;
using base::FailAt;

constexpr std::uint64_t kLinesBetweenStops = 4'096;

// One sheet of strings. No name is in the bytes; it is called as a program would call it.
class CsvWorkbook final : public Workbook {
 public:
  static base::Result<std::unique_ptr<Workbook>> Open(std::string_view bytes, const OpenOptions& options) {
    auto workbook = std::unique_ptr<CsvWorkbook>(new CsvWorkbook(options.limits));
    TIDEMILL_CHECK(workbook->Decode(bytes, options.csv.encoding));
    TIDEMILL_ASSIGN(workbook->dialect_, FindCsvDialect(workbook->text_.view, options.csv));
    const char delimiter = workbook->dialect_.delimiter;
    if (options.csv.delimiter.empty() && delimiter != ',') {
      workbook->AddIssue("csv-delimiter", "delimiter " + base::Quoted(std::string_view(&delimiter, 1)) +
                                              " by how evenly it cuts the rows");
    }
    return workbook;
  }

  Format format() const override { return Format::kCsv; }
  const std::vector<SheetEntry>& sheets() const override { return sheets_; }
  const std::vector<DefinedName>& names() const override { return names_; }
  const std::vector<Issue>& issues() const override { return issues_; }
  bool date1904() const override { return false; }

  base::Result<Sheet> Read(std::size_t index, RowSink* rows, std::stop_token stop,
                           const ReadOptions& options) const override {
    if (index >= sheets_.size()) return Fail(ErrorCode::kNotFound, "sheet {} of {}", index, sheets_.size());
    CellSink sink(book_, std::make_shared<const SharedStrings>(book_.limits.string_characters), sheets_[index], rows);
    CsvScanner scanner(text_.view, dialect_, options.strict_only);
    for (std::uint32_t row = 0; scanner.Next() && !sink.full(); ++row) {
      for (std::size_t i = 0; i < scanner.field_count(); ++i) {
        sink.AddString(row, static_cast<std::uint32_t>(i), 0, scanner.Field(i));
      }
      if (row % kLinesBetweenStops == 0 && stop.stop_requested()) {
        return FailAt(ErrorCode::kCancelled, "sheet " + base::Quoted(sheets_[index].name), "stopped");
      }
    }
    ReportQuotes(scanner, sink);
    return std::move(sink).Finish();
  }

 private:
  explicit CsvWorkbook(const Limits& limits) {
    book_.limits = limits;
    book_.rows = UINT32_MAX;  // a text has no grid
    book_.SetStyles(std::vector<Style>(1));
  }

  base::Status Decode(std::string_view bytes, const std::string& wanted) {
    std::string encoding(EncodingByMark(bytes));
    if (!wanted.empty()) {
      encoding = base::EncodingName(wanted);
      if (encoding.empty()) {
        return Fail(ErrorCode::kInvalid, "csv encoding {} is not known, expected a name such as 'windows-1252'",
                    base::Quoted(wanted));
      }
    } else if (encoding.empty() && !base::IsValidUtf8(bytes)) {
      encoding = "windows-1252";
      AddIssue("encoding", "the bytes are not UTF-8 and are read as windows-1252");
    }
    text_ = DecodeText(bytes, encoding);
    if (encoding == "utf-8" && !base::IsValidUtf8(text_.view)) RepairText();
    return {};
  }

  // Where UTF-8 was asked for, by the caller or a byte order mark.
  void RepairText() {
    std::string text(text_.view);
    RepairUtf8(text);
    text_ = BufferOf(text);
    AddIssue("encoding", "bytes that are no UTF-8 are read as U+FFFD");
  }

  static void ReportQuotes(const CsvScanner& scanner, CellSink& sink) {
    if (scanner.stray_quotes() > 0) {
      sink.AddIssue("csv-quote", std::to_string(scanner.stray_quotes()) +
                                     " quotes within quoted fields that are not doubled are taken as they are");
    }
    if (scanner.unclosed_quotes() > 0) {
      sink.AddIssue("csv-quote", std::to_string(scanner.unclosed_quotes()) +
                                     " quotes that begin a field and find no end are taken as they are");
    }
  }

  void AddIssue(std::string code, std::string message) {
    issues_.push_back({.code = std::move(code), .message = std::move(message), .sheet = {}, .cell = {}});
  }

  Buffer text_;
  CsvDialect dialect_;
  Book book_;
  std::vector<SheetEntry> sheets_{{.name = "Sheet1"}};
  std::vector<DefinedName> names_;
  std::vector<Issue> issues_;
};

}  // namespace

base::Result<std::unique_ptr<Workbook>> OpenCsv(std::string_view bytes, const OpenOptions& options) {
  return CsvWorkbook::Open(bytes, options);
}

}  // namespace tidemill::workbook
