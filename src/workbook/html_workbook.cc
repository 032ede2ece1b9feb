// SPDX-License-Identifier: Apache-2.0
#include "tidemill/base/text.h"

#include "cell_sink.h"
#include "formats.h"
#include "html_survey.h"
#include "html_table.h"

namespace tidemill::workbook {
namespace {

using base::ErrorCode;
using base::Fail;

// A table a sheet. Tables within tables are sheets of their own, and no text of the cell around them.
class HtmlWorkbook final : public Workbook {
 public:
  static base::Result<std::unique_ptr<Workbook>> Open(std::string_view bytes, const Limits& limits) {
    auto workbook = std::unique_ptr<HtmlWorkbook>(new HtmlWorkbook(bytes, limits));
    if (workbook->survey_.tables.empty()) {
      return Fail(ErrorCode::kUnsupported, "html-error-page: html page without a table, expected a workbook");
    }
    workbook->NameSheets();
    return workbook;
  }

  Format format() const override { return Format::kHtml; }
  const std::vector<SheetEntry>& sheets() const override { return sheets_; }
  const std::vector<DefinedName>& names() const override { return names_; }
  const std::vector<Issue>& issues() const override { return issues_; }
  bool date1904() const override { return false; }

  base::Result<Sheet> Read(std::size_t index, RowSink* rows, std::stop_token stop,
                           const ReadOptions& /*options*/) const override {
    if (index >= sheets_.size()) return Fail(ErrorCode::kNotFound, "sheet {} of {}", index, sheets_.size());
    CellSink sink(book_, std::make_shared<const SharedStrings>(book_.limits.string_characters), sheets_[index], rows);
    TIDEMILL_CHECK(ReadHtmlTable(html_.view.substr(survey_.tables[index].offset), survey_.styles, stop, sink));
    TIDEMILL_ASSIGN(Sheet sheet, std::move(sink).Finish());
    for (Issue& issue : sheet.issues) issue.offset += survey_.tables[index].offset;
    return sheet;
  }

 private:
  HtmlWorkbook(std::string_view bytes, const Limits& limits)
      : html_(HtmlAsUtf8(bytes)), survey_(SurveyHtml(html_.view, limits.xml_depth)) {
    book_.limits = limits;
    book_.SetStyles(survey_.styles.styles());
  }

  // By what Excel noted, where it noted as many as there are; by their captions; else as a program would name them.
  void NameSheets() {
    const bool noted = survey_.sheet_names.size() == survey_.tables.size();
    for (std::size_t i = 0; i < survey_.tables.size(); ++i) {
      std::string name = noted ? survey_.sheet_names[i] : base::CollapseSpace(survey_.tables[i].caption);
      sheets_.push_back({.name = name.empty() ? "Sheet" + std::to_string(i + 1) : std::move(name)});
    }
    if (survey_.text_outside > 0) {
      AddIssue("text-outside", std::to_string(survey_.text_outside) + " bytes of text outside of tables are left out");
    }
    if (survey_.too_deep) AddIssue("nested-table", "tables within too many others are left out");
  }

  void AddIssue(std::string code, std::string message) {
    issues_.push_back({.code = std::move(code), .message = std::move(message), .sheet = {}, .cell = {}});
  }

  Buffer html_;
  HtmlSurvey survey_;
  Book book_;
  std::vector<SheetEntry> sheets_;
  std::vector<DefinedName> names_;
  std::vector<Issue> issues_;
};

}  // namespace

base::Result<std::unique_ptr<Workbook>> OpenHtml(std::string_view bytes, const Limits& limits) {
  return HtmlWorkbook::Open(bytes, limits);
}

}  // namespace tidemill::workbook
