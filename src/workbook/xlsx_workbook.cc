// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <mutex>
#include <unordered_set>

#include <fmt/format.h>

#include "cell_sink.h"
#include "formats.h"
#include "opc_sheets.h"
#include "xlsx_related.h"
#include "xlsx_sheet.h"
#include "xlsx_styles.h"
#include "xml.h"

namespace tidemill::workbook {
namespace {

using base::ErrorCode;
using base::Fail;
using base::FailAt;
using Event = XmlReader::Event;

// The workbook part, sheets not yet resolved.
struct WorkbookPart {
  std::vector<ListedSheet> sheets;
  std::vector<DefinedName> names;
  bool date1904 = false;
  bool is_cut = false;  // more names or sheets than are kept
  std::string error;
};

constexpr std::size_t kMostXlsxSheets = 16'384;
constexpr std::size_t kMostNames = 65'536;

Visibility VisibilityOf(std::string_view state) {
  if (state == "hidden") return Visibility::kHidden;
  return state == "veryHidden" ? Visibility::kVeryHidden : Visibility::kVisible;
}

WorkbookPart ReadWorkbookPart(std::string_view text, const Limits& limits) {
  WorkbookPart part;
  XmlReader xml(text, limits.xml_depth);
  for (Event event = xml.Next(); event != Event::kDone && event != Event::kError; event = xml.Next()) {
    if (event != Event::kStart) continue;
    if (xml.name() == "sheet") {
      if (part.sheets.size() == kMostXlsxSheets) part.is_cut = true;
      if (part.is_cut) continue;
      std::string name = xml.Attribute("name");
      FinishXlsxText(name);
      part.sheets.push_back({.entry = {.name = std::move(name), .visibility = VisibilityOf(xml.Attribute("state"))},
                             .relation = xml.Attribute("id")});
    } else if (xml.name() == "workbookPr") {
      part.date1904 = xml.Flag("date1904");
    } else if (xml.name() == "definedName" && part.names.size() == kMostNames) {
      part.is_cut = true;
    } else if (xml.name() == "definedName") {
      DefinedName name{.name = xml.Attribute("name"), .refers_to = {}};
      if (const auto sheet = xml.Number("localSheetId"); sheet && *sheet < part.sheets.size()) {
        name.sheet = static_cast<int>(*sheet);
      }
      if (xml.TextOf(name.refers_to)) part.names.push_back(std::move(name));
    } else if (xml.name() == "extLst" || xml.name() == "customWorkbookViews") {
      xml.SkipElement();
    }
  }
  part.error = xml.error();
  return part;
}

class XlsxWorkbook final : public Workbook {
 public:
  static base::Result<std::unique_ptr<Workbook>> Open(std::string_view bytes, const Limits& limits) {
    TIDEMILL_ASSIGN(OpcPackage package, OpcPackage::Open(bytes, limits));
    auto workbook = std::unique_ptr<XlsxWorkbook>(new XlsxWorkbook(std::move(package), limits));
    TIDEMILL_CHECK(workbook->ReadStructure());
    return workbook;
  }

  Format format() const override { return Format::kXlsx; }
  const std::vector<SheetEntry>& sheets() const override { return sheets_.entries; }
  const std::vector<DefinedName>& names() const override { return names_; }
  const std::vector<Issue>& issues() const override { return issues_; }
  bool date1904() const override { return book_.date1904; }

  base::Result<std::vector<NativeTable>> ReadTables(std::size_t index) const override {
    if (index >= sheets_.entries.size())
      return Fail(ErrorCode::kNotFound, "sheet {} of {}", index, sheets_.entries.size());
    std::vector<NativeTable> tables;
    for (const Relation& relation : package_.Relations(sheets_.parts[index])) {
      if (relation.type != "table" || relation.external) continue;
      TIDEMILL_ASSIGN(const auto part, package_.Read(relation.target));
      tables.push_back(ReadXlsxTable(part.bytes.view, book_.limits));
    }
    return tables;
  }

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
    TIDEMILL_ASSIGN(MemberStream stream, package_.OpenStream(sheets_.parts[index]));
    TIDEMILL_ASSIGN(const auto strings, Strings(options));
    CellSink sink(book_, strings, entry, rows);
    TIDEMILL_ASSIGN(const XlsxSheetLinks links, ReadXlsxSheet(stream, options, std::move(stop), sink));
    // To its end even where the sheet ended early: only there the checksum is known, and may say why.
    for (auto next = stream.Next(); !sink.full() && next && !next->empty(); next = stream.Next()) {
    }
    for (const Issue& issue : stream.issues()) sink.AddIssue(issue.code, issue.message, {}, issue.offset);
    AddRelated(sheets_.parts[index], links, options, sink);
    return std::move(sink).Finish();
  }

 private:
  XlsxWorkbook(OpcPackage package, const Limits& limits) : package_(std::move(package)) { book_.limits = limits; }

  // By the package's relationship; where that is missing, by what is left: a part of the usual name, anywhere.
  std::string WorkbookName() const {
    const auto relations = package_.Relations("");
    const Relation* relation = FindByType(relations, "officeDocument");
    if (relation != nullptr && package_.Has(relation->target)) return relation->target;
    for (const auto& entry : package_.archive().entries()) {
      if (entry.name == "workbook.xml" || entry.name.ends_with("/workbook.xml")) return entry.name;
    }
    return "xl/workbook.xml";
  }

  base::Status ReadStructure() {
    TIDEMILL_ASSIGN(const Part part, package_.Read(WorkbookName()));
    if (part.name.ends_with(".bin")) {
      return Fail(ErrorCode::kUnsupported, "unsupported-format: xlsb is not read yet, expected xls or xlsx");
    }
    issues_ = part.issues;
    WorkbookPart read = ReadWorkbookPart(part.bytes.view, book_.limits);
    if (read.sheets.empty()) {
      return FailAt(ErrorCode::kMalformed, part.name, "corrupt-container: no sheets in the workbook part{}{}",
                    read.error.empty() ? "" : ": ", read.error);
    }
    if (!read.error.empty()) AddIssue("xml", part.name + ": " + read.error);
    if (read.is_cut) AddIssue("limit", fmt::format("more than {} sheets or {} names", kMostXlsxSheets, kMostNames));
    book_.date1904 = read.date1904;
    names_ = std::move(read.names);
    const auto relations = package_.Relations(part.name);
    sheets_ = RelateSheets(package_, part.name, ".xml", relations, std::move(read.sheets), issues_);
    if (const Relation* strings = FindByType(relations, "sharedStrings")) strings_name_ = strings->target;
    const Relation* styles = FindByType(relations, "styles");
    return ReadStyles(styles != nullptr ? styles->target : ResolveTarget(part.name, "styles.xml"));
  }

  void AddIssue(std::string code, std::string message) {
    issues_.push_back({.code = std::move(code), .message = std::move(message), .sheet = {}, .cell = {}});
  }

  base::Status ReadStyles(const std::string& name) {
    if (!package_.Has(name)) {
      book_.SetStyles({});
      return {};
    }
    TIDEMILL_ASSIGN(Part part, package_.Read(name));
    for (Issue& issue : part.issues) issues_.push_back(std::move(issue));
    book_.SetStyles(ReadXlsxStyles(part.bytes.view, book_.limits, issues_));
    return {};
  }

  base::Result<std::shared_ptr<const SharedStrings>> Strings(const ReadOptions& options) const {
    const std::lock_guard lock(strings_mutex_);
    auto& strings = options.strict_only ? strict_strings_ : strings_;
    if (strings) return strings;
    if (strings_name_.empty() || !package_.Has(strings_name_)) {
      strings = std::make_shared<const SharedStrings>(book_.limits.string_characters);
      return strings;
    }
    TIDEMILL_ASSIGN(MemberStream stream, package_.OpenStream(strings_name_));
    TIDEMILL_ASSIGN(SharedStrings read, ReadXlsxStrings(stream, options, book_.limits));
    strings = std::make_shared<const SharedStrings>(std::move(read));
    return strings;
  }

  void AddRelated(std::string_view part_name, const XlsxSheetLinks& links, const ReadOptions& options,
                  CellSink& sink) const {
    const auto relations = package_.Relations(part_name);
    if (relations.size() == OpcPackage::kMostRelations) {
      sink.AddIssue("limit", fmt::format("more than {} relationships", relations.size() - 1));
    }
    const RelationIndex by_id = IndexById(relations);
    for (const auto& [range, id] : links.hyperlinks) {
      const auto found = by_id.find(id);
      if (found != by_id.end()) sink.AddHyperlink(range, found->second->target);
    }
    std::unordered_set<std::string_view> seen;
    for (const Relation& relation : relations) {
      if (!relation.external && seen.insert(relation.target).second) AddRelatedPart(relation, options, sink);
    }
  }

  void AddRelatedPart(const Relation& relation, const ReadOptions& options, CellSink& sink) const {
    const bool is_table = relation.type == "table";
    if (!is_table && !(relation.type == "comments" && options.comments)) return;
    const auto part = package_.Read(relation.target);
    if (!part) {
      sink.AddIssue("relationship", part.error().ToText());
    } else if (is_table) {
      NativeTable table = ReadXlsxTable(part->bytes.view, book_.limits);
      if (sink.Afford(sizeof table + part->bytes.view.size())) sink.sheet().tables.push_back(std::move(table));
    } else {
      ReadXlsxComments(part->bytes.view, book_.limits, sink);
    }
  }

  OpcPackage package_;
  Book book_;
  OpcSheets sheets_;
  std::vector<DefinedName> names_;
  std::vector<Issue> issues_;
  std::string strings_name_;
  mutable std::mutex strings_mutex_;
  mutable std::shared_ptr<const SharedStrings> strings_;         // read with the first sheet
  mutable std::shared_ptr<const SharedStrings> strict_strings_;  // the same by the tokenizer alone
};

}  // namespace

base::Result<std::unique_ptr<Workbook>> OpenXlsx(std::string_view bytes, const Limits& limits) {
  return XlsxWorkbook::Open(bytes, limits);
}

}  // namespace tidemill::workbook
