// SPDX-License-Identifier: Apache-2.0
#include "opc_sheets.h"

#include <unordered_set>
#include <utility>

#include "tidemill/base/text.h"

namespace tidemill::workbook {
namespace {

SheetType TypeOf(const Relation& relation) {
  if (relation.type == "chartsheet") return SheetType::kChart;
  if (relation.type == "dialogsheet") return SheetType::kDialog;
  if (relation.type == "xlMacrosheet" || relation.type == "xlIntlMacrosheet") return SheetType::kMacro;
  return SheetType::kWorksheet;
}

void AddIssue(std::vector<Issue>& issues, std::string message) {
  issues.push_back({.code = "relationship", .message = std::move(message), .sheet = {}, .cell = {}});
}

}  // namespace

OpcSheets RelateSheets(const OpcPackage& package, std::string_view workbook_name, std::string_view extension,
                       const std::vector<Relation>& relations, std::vector<ListedSheet> listed,
                       std::vector<Issue>& issues) {
  OpcSheets sheets;
  const RelationIndex by_id = IndexById(relations);
  std::unordered_set<const ZipArchive::Entry*> taken;
  for (ListedSheet& sheet : listed) {
    std::string part;
    if (const auto relation = by_id.find(sheet.relation); relation != by_id.end()) {
      sheet.entry.type = TypeOf(*relation->second);
      part = relation->second->target;
    } else if (relations.empty()) {
      part = ResolveTarget(workbook_name,
                           "worksheets/sheet" + std::to_string(sheets.parts.size() + 1) + std::string(extension));
    } else if (sheet.relation.empty()) {
      sheet.entry.type = SheetType::kModule;  // these stand among the sheets without a part of their own
    }
    const ZipArchive::Entry* entry = package.archive().Find(part);
    if (sheet.entry.type != SheetType::kModule && entry == nullptr) {
      AddIssue(issues, "sheet " + base::Quoted(sheet.entry.name) + " has no part by its relationship " +
                           base::Quoted(sheet.relation));
      part.clear();
    } else if (entry != nullptr && !taken.insert(entry).second) {
      AddIssue(issues, "sheet " + base::Quoted(sheet.entry.name) + " has the part of another one");
      part.clear();
    }
    sheets.entries.push_back(std::move(sheet.entry));
    sheets.parts.push_back(std::move(part));
  }
  return sheets;
}

}  // namespace tidemill::workbook
