// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
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

// Many sheets may relate to one part, which makes a small package large: in all as much is read as would be if all
// parts were read sixteen times, and kTooLarge "limit: …" comes from then on.
class OpcPackage {
 public:
  static base::Result<OpcPackage> Open(std::string_view bytes, const Limits& limits);

  bool Has(std::string_view name) const { return archive_.Find(name) != nullptr; }
  // The first 40 MiB of a part: more than the 65,490 formats take that Excel allows a workbook.
  static constexpr std::uint64_t kMostOfPart = std::uint64_t{40} << 20U;
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
  base::Result<Part> ReadEntry(const ZipArchive::Entry& entry) const;
  OpcPackage(ZipArchive archive, const Limits& limits);

  ZipArchive archive_;
  std::unique_ptr<std::atomic<std::uint64_t>> read_;  // bytes of parts that were read whole
  std::uint64_t most_read_ = 0;
  Limits limits_;
};

using RelationIndex = std::unordered_map<std::string_view, const Relation*>;
RelationIndex IndexById(const std::vector<Relation>& relations);
const Relation* FindByType(const std::vector<Relation>& relations, std::string_view type);
// A target as seen from the folder of `part_name`: "../tables/table1.xml" from "xl/worksheets/sheet1.xml".
std::string ResolveTarget(std::string_view part_name, std::string_view target);

}  // namespace tidemill::workbook
