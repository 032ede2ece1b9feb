// SPDX-License-Identifier: Apache-2.0
#include <mutex>
#include <unordered_map>
#include <unordered_set>

#include "tidemill/base/text.h"

#include "cell_sink.h"
#include "formats.h"
#include "opc_package.h"
#include "xlsb_parts.h"
#include "xlsb_sheet.h"
#include "xlsb_styles.h"

namespace tidemill::workbook {
namespace {

using base::ErrorCode;
using base::Fail;
using base::FailAt;

using RelationIndex = std::unordered_map<std::string_view, const Relation*>;

RelationIndex IndexById(const std::vector<Relation>& relations) {
  RelationIndex index;
  for (const Relation& relation : relations) index.try_emplace(relation.id, &relation);
  return index;
}

SheetType TypeOf(std::string_view relation_type) {
  if (relation_type == "chartsheet") return SheetType::kChart;
  if (relation_type == "dialogsheet") return SheetType::kDialog;
  if (relation_type == "xlMacrosheet" || relation_type == "xlIntlMacrosheet") return SheetType::kMacro;
  return SheetType::kWorksheet;
}

class XlsbWorkbook final : public Workbook {
 public:
  static base::Result<std::unique_ptr<Workbook>> Open(std::string_view bytes, const Limits& limits) {
    TIDEMILL_ASSIGN(OpcPackage package, OpcPackage::Open(bytes, limits));
    auto workbook = std::unique_ptr<XlsbWorkbook>(new XlsbWorkbook(std::move(package), limits));
    TIDEMILL_CHECK(workbook->ReadStructure());
    return workbook;
  }

  Format format() const override { return Format::kXlsb; }
  const std::vector<SheetEntry>& sheets() const override { return sheets_; }
  const std::vector<DefinedName>& names() const override { return names_; }
  const std::vector<Issue>& issues() const override { return issues_; }
  bool date1904() const override { return book_.date1904; }

  base::Result<std::vector<NativeTable>> ReadTables(std::size_t index) const override {
    if (index >= sheets_.size()) return Fail(ErrorCode::kNotFound, "sheet {} of {}", index, sheets_.size());
    std::vector<NativeTable> tables;
    if (parts_[index].empty()) return tables;
    for (const Relation& relation : package_.Relations(parts_[index])) {
      if (relation.type != "table" || relation.external) continue;
      TIDEMILL_ASSIGN(const auto part, package_.ReadBinary(relation.target));
      tables.push_back(ReadXlsbTable(part.bytes.view));
    }
    return tables;
  }

 private:
  base::Result<Sheet> Read(std::size_t index, RowSink* rows, std::stop_token stop,
                           const ReadOptions& options) const override {
    if (index >= sheets_.size()) return Fail(ErrorCode::kNotFound, "sheet {} of {}", index, sheets_.size());
    const SheetEntry& entry = sheets_[index];
    const std::string place = "sheet " + base::Quoted(entry.name);
    if (entry.type == SheetType::kChart || entry.type == SheetType::kModule) {
      return FailAt(ErrorCode::kUnsupported, place, "a chart or module has no cells, expected a worksheet");
    }
    if (parts_[index].empty()) {
      return FailAt(ErrorCode::kMalformed, place, "corrupt-container: the package has no part for it");
    }
    TIDEMILL_ASSIGN(MemberStream part, package_.archive().OpenStream(*package_.archive().Find(parts_[index])));
    TIDEMILL_ASSIGN(const auto strings, Strings());
    CellSink sink(book_, strings, entry, rows);
    TIDEMILL_ASSIGN(const XlsbSheetLinks links, ReadXlsbSheet(part, fonts_, options, std::move(stop), sink));
    for (const Issue& issue : part.issues()) sink.AddIssue(issue.code, issue.message, {}, issue.offset);
    AddRelated(parts_[index], links, options, sink);
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
    const auto by_id = IndexById(relations);
    for (auto& item : read.sheets) AddSheet(std::move(item), part.name, relations.empty(), by_id);
    if (const Relation* strings = FindByType(relations, "sharedStrings")) strings_name_ = strings->target;
    const Relation* styles = FindByType(relations, "styles");
    return ReadStyles(styles != nullptr ? styles->target : ResolveTarget(part.name, "styles.bin"));
  }

  void AddIssue(std::string code, std::string message) {
    issues_.push_back({.code = std::move(code), .message = std::move(message), .sheet = {}, .cell = {}});
  }

  // Modules stand among the sheets without a part of their own.
  void AddSheet(XlsbWorkbookPart::SheetItem item, std::string_view workbook_name, bool no_relations,
                const RelationIndex& relations) {
    std::string part;
    if (const auto relation = relations.find(item.relation); relation != relations.end()) {
      item.entry.type = TypeOf(relation->second->type);
      part = relation->second->target;
    } else if (item.relation.empty() && !no_relations) {
      item.entry.type = SheetType::kModule;
    } else if (no_relations) {
      part = ResolveTarget(workbook_name, "worksheets/sheet" + std::to_string(sheets_.size() + 1) + ".bin");
    }
    if (item.entry.type != SheetType::kModule && !package_.Has(part)) {
      AddIssue("relationship", "sheet " + base::Quoted(item.entry.name) + " has no part by its relationship " +
                                   base::Quoted(item.relation));
      part.clear();
    } else if (!part.empty() && !parts_seen_.insert(part).second) {
      AddIssue("relationship", "sheet " + base::Quoted(item.entry.name) + " has the part of another one");
      part.clear();
    }
    sheets_.push_back(std::move(item.entry));
    parts_.push_back(std::move(part));
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
    TIDEMILL_ASSIGN(const Part part, package_.ReadBinary(strings_name_));
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
      sink.sheet().hyperlinks.push_back({.range = range, .target = relation->second->target});
    }
    for (const Relation& relation : relations) {
      const bool is_table = relation.type == "table";
      const bool is_comments = relation.type == "comments" && options.comments;
      if (!(is_table || is_comments) || relation.external) continue;
      const auto part = package_.ReadBinary(relation.target);
      if (!part) {
        sink.AddIssue("relationship", part.error().ToText());
      } else if (is_table) {
        sink.sheet().tables.push_back(ReadXlsbTable(part->bytes.view));
      } else {
        ReadXlsbComments(part->bytes.view, sink);
      }
    }
  }

  OpcPackage package_;
  Book book_;
  std::vector<SheetEntry> sheets_;
  std::vector<std::string> parts_;  // of the sheets; empty where the package has none
  std::unordered_set<std::string> parts_seen_;
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
