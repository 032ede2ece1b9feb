// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "zip.h"

namespace tidemill::workbook {

// A relationship of a part (ECMA-376 part 2, 6.5). Types are told by what follows the last slash, for the rest of the
// URI differs between the transitional and the strict form.
struct Relation {
  std::string id;
  std::string type;    // "worksheet"
  std::string target;  // the part's name, or an outside address
  bool external = false;
};

// The bytes of a part as UTF-8, with what was odd.
struct Part {
  std::string name;
  Buffer bytes;
  std::vector<Issue> issues;
};

class OpcPackage {
 public:
  static base::Result<OpcPackage> Open(std::string_view bytes, const Limits& limits);

  bool Has(std::string_view name) const { return archive_.Find(name) != nullptr; }
  base::Result<Part> Read(std::string_view name) const;
  // The same for a part that is no text.
  base::Result<Part> ReadBinary(std::string_view name) const;
  // The text of a part in pieces.
  base::Result<MemberStream> OpenStream(std::string_view name) const;
  // Of a part, or of the package where the name is empty; none where there are none or they cannot be read. The first
  // 65,536 of them: xlsx allows a sheet no more links.
  static constexpr std::size_t kMostRelations = 65'536;  // those behind are left out
  std::vector<Relation> Relations(std::string_view part_name) const;
  const ZipArchive& archive() const { return archive_; }

 private:
  base::Result<const ZipArchive::Entry*> GetEntry(std::string_view name) const;
  OpcPackage(ZipArchive archive, const Limits& limits) : archive_(std::move(archive)), limits_(limits) {}

  ZipArchive archive_;
  Limits limits_;
};

const Relation* FindById(const std::vector<Relation>& relations, std::string_view id);
const Relation* FindByType(const std::vector<Relation>& relations, std::string_view type);
// A target as seen from the folder of `part_name`: "../tables/table1.xml" from "xl/worksheets/sheet1.xml".
std::string ResolveTarget(std::string_view part_name, std::string_view target);

}  // namespace tidemill::workbook
