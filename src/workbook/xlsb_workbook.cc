// SPDX-License-Identifier: Apache-2.0
#include <mutex>

#include "tidemill/base/text.h"

#include "cell_sink.h"
#include "formats.h"
#include "opc_sheets.h"
#include "xlsb_parts.h"
#include "xlsb_sheet.h"
#include "xlsb_styles.h"

namespace tidemill::workbook {
namespace {

using base::ErrorCode;
using base::Fail;
using base::FailAt;

class XlsbWorkbook final : public Workbook {
 public:
  static base::Result<std::unique_ptr<Workbook>> Open(std::string_view bytes, const Limits& limits) {
    TIDEMILL_ASSIGN(OpcPackage package, OpcPackage::Open(bytes, limits));
    auto workbook = std::unique_ptr<XlsbWorkbook>(new XlsbWorkbook(std::move(package), limits));
    TIDEMILL_CHECK(workbook->ReadStructure());
    return workbook;
  }

  Format format() const override { return Format::kXlsb; }
  const std::vector<SheetEntry>& sheets() const override { return sheets_.entries; }
  const std::vector<DefinedName>& names() const override { return names_; }
  const std::vector<Issue>& issues() const override { return issues_; }
  bool date1904() const override { return book_.date1904; }

  base::Result<std::vector<NativeTable>> ReadTables(std::size_t index) const override {
    if (index >= sheets_.entries.size())
      return Fail(ErrorCode::kNotFound, "sheet {} of {}", index, sheets_.entries.size());
    std::vector<NativeTable> tables;
    if (sheets_.parts[index].empty()) return tables;
    for (const Relation& relation : package_.Relations(sheets_.parts[index])) {
      if (relation.type != "table" || relation.external) continue;
      TIDEMILL_ASSIGN(const auto part, package_.ReadBinary(relation.target));
      tables.push_back(ReadXlsbTable(part.bytes.view));
    }
    return tables;
  }

 private:
  base::Result<Sheet> Read(std::size_t index, RowSink* rows, std::stop_token stop,
                           const ReadOptions& options) const override {
    if (index >= sheets_.entries.size())
      return Fail(ErrorCode::kNotFound, "sheet {} of {}", index, sheets_.entries.size());
    const SheetEntry& entry = sheets_.entries[index];
    const std::string place = "sheet " + base::Quoted(entry.name);
    if (entry.type == SheetType::kChart || entry.type == SheetType::kModule) {
      return FailAt(ErrorCode::kUnsupported, place, "a chart or module has no cells, expected a worksheet");
    }
    if (sheets_.parts[index].empty()) {
      return FailAt(ErrorCode::kMalformed, place, "corrupt-container: the package has no part for it");
    }
    TIDEMILL_ASSIGN(MemberStream part, package_.archive().OpenStream(*package_.archive().Find(sheets_.parts[index])));
    TIDEMILL_ASSIGN(const auto strings, Strings());
    CellSink sink(book_, strings, entry, rows);
    TIDEMILL_ASSIGN(const XlsbSheetLinks links, ReadXlsbSheet(part, fonts_, options, std::move(stop), sink));
    for (const Issue& issue : part.issues()) sink.AddIssue(issue.code, issue.message, {}, issue.offset);
    AddRelated(sheets_.parts[index], links, options, sink);
    return std::move(sink).Finish();
  }

  XlsbWorkbook(OpcPackage package, const Limits& limits) : package_(std::move(package)) { book_.limits = limits; }

  // By the package's relationship; where that is missing, by what is left: a part of the usual name, anywhere.
  std::string WorkbookName() const {
    const auto relations = package_.Relations("");
    const Relation* relation = FindByType(relations, "officeDocument");
    if (relation != nullptr && package_.Has(relation->target)) return relation->target;
    for (const auto& entry : package_.archive().entries()) {
      if (base::Lower(entry.name).ends_with("workbook.bin")) return entry.name;
    }
    return "xl/workbook.bin";
  }

  base::Status ReadStructure() {
    TIDEMILL_ASSIGN(const Part part, package_.ReadBinary(WorkbookName()));
    issues_ = part.issues;
    XlsbWorkbookPart read = ReadXlsbWorkbook(part.bytes.view);
    if (read.sheets.empty()) {
      return FailAt(ErrorCode::kMalformed, part.name, "corrupt-container: no sheets in the workbook part of {} bytes",
                    part.bytes.view.size());
    }
    issues_.insert(issues_.end(), read.issues.begin(), read.issues.end());
    book_.date1904 = read.date1904;
    names_ = std::move(read.names);
    const auto relations = package_.Relations(part.name);
    sheets_ = RelateSheets(package_, part.name, ".bin", relations, std::move(read.sheets), issues_);
    if (const Relation* strings = FindByType(relations, "sharedStrings")) strings_name_ = strings->target;
    const Relation* styles = FindByType(relations, "styles");
    return ReadStyles(styles != nullptr ? styles->target : ResolveTarget(part.name, "styles.bin"));
  }

  base::Status ReadStyles(const std::string& name) {
    XlsbStyles styles;
    if (package_.Has(name)) {
      TIDEMILL_ASSIGN(Part part, package_.ReadBinary(name));
      for (Issue& issue : part.issues) issues_.push_back(std::move(issue));
      styles = ReadXlsbStyles(part.bytes.view);
    }
    fonts_ = std::move(styles.fonts);
    book_.SetStyles(std::move(styles.styles));
    return {};
  }

  base::Result<std::shared_ptr<const SharedStrings>> Strings() const {
    const std::lock_guard lock(strings_mutex_);
    if (strings_) return strings_;
    if (strings_name_.empty() || !package_.Has(strings_name_)) {
      strings_ = std::make_shared<const SharedStrings>(book_.limits.string_characters);
      return strings_;
    }
    TIDEMILL_ASSIGN(const auto part, package_.archive().Read(*package_.archive().Find(strings_name_)));
    auto strings = std::make_shared<SharedStrings>(ReadXlsbStrings(part.bytes.view, fonts_, book_.limits));
    strings->issues.insert(strings->issues.end(), part.issues.begin(), part.issues.end());
    strings_ = std::move(strings);
    return strings_;
  }

  void AddRelated(std::string_view part_name, const XlsbSheetLinks& links, const ReadOptions& options,
                  CellSink& sink) const {
    const auto relations = package_.Relations(part_name);
    const auto by_id = IndexById(relations);
    for (const auto& [range, id] : links.hyperlinks) {
      const auto relation = by_id.find(id);
      if (relation == by_id.end()) continue;
      sink.AddHyperlink(range, relation->second->target);
    }
    for (const Relation& relation : relations) {
      const bool is_table = relation.type == "table";
      const bool is_comments = relation.type == "comments" && options.comments;
      if (!(is_table || is_comments) || relation.external) continue;
      const auto part = package_.ReadBinary(relation.target);
      if (!part) {
        sink.AddIssue("relationship", part.error().ToText());
      } else if (is_table) {
        NativeTable table = ReadXlsbTable(part->bytes.view);
        if (sink.Afford(sizeof table + part->bytes.view.size())) sink.sheet().tables.push_back(std::move(table));
      } else {
        ReadXlsbComments(part->bytes.view, sink);
      }
    }
  }

  OpcPackage package_;
  Book book_;
  OpcSheets sheets_;
  std::vector<TextRun> fonts_;
  std::vector<DefinedName> names_;
  std::vector<Issue> issues_;
  std::string strings_name_;
  mutable std::mutex strings_mutex_;
  mutable std::shared_ptr<const SharedStrings> strings_;  // read with the first sheet
};

}  // namespace

base::Result<std::unique_ptr<Workbook>> OpenXlsb(std::string_view bytes, const Limits& limits) {
  return XlsbWorkbook::Open(bytes, limits);
}

}  // namespace tidemill::workbook
