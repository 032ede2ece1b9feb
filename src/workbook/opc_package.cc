// SPDX-License-Identifier: Apache-2.0
#include "opc_package.h"

#include <algorithm>

#include "tidemill/base/text.h"

#include "text_encoding.h"
#include "xml.h"

namespace tidemill::workbook {
namespace {

std::string_view FolderOf(std::string_view part_name) {
  const std::size_t slash = part_name.rfind('/');
  return slash == std::string_view::npos ? std::string_view() : part_name.substr(0, slash);
}

std::string RelationsName(std::string_view part_name) {
  const std::string_view folder = FolderOf(part_name);
  const std::string_view file = part_name.substr(folder.empty() ? 0 : folder.size() + 1);
  std::string name(folder);
  if (!name.empty()) name += '/';
  name += "_rels/";
  name += file;
  name += ".rels";
  return name;
}

Part AsUtf8(Part part) {
  if (EncodingByMark(part.bytes.view).starts_with("utf-16")) part.bytes = XmlAsUtf8(part.bytes.view);
  return part;
}

}  // namespace

base::Result<OpcPackage> OpcPackage::Open(std::string_view bytes, const Limits& limits) {
  TIDEMILL_ASSIGN(ZipArchive archive, ZipArchive::Open(bytes, limits));
  return OpcPackage(std::move(archive), limits);
}

OpcPackage::OpcPackage(ZipArchive archive, const Limits& limits)
    : archive_(std::move(archive)), read_(std::make_unique<std::atomic<std::uint64_t>>(0)), limits_(limits) {
  constexpr std::uint64_t kTimes = 16;
  constexpr std::uint64_t kGrace = std::uint64_t{64} << 20U;
  most_read_ = kGrace;
  for (const ZipArchive::Entry& entry : archive_.entries()) most_read_ += kTimes * entry.size;
}

base::Result<const ZipArchive::Entry*> OpcPackage::GetEntry(std::string_view name) const {
  const ZipArchive::Entry* entry = archive_.Find(name);
  if (entry == nullptr) {
    return base::Fail(base::ErrorCode::kMalformed, "corrupt-container: no part {} in the package", base::Quoted(name));
  }
  return entry;
}

base::Result<Part> OpcPackage::Read(std::string_view name) const {
  TIDEMILL_ASSIGN(Part part, ReadBinary(name));
  return AsUtf8(std::move(part));
}

base::Result<Part> OpcPackage::ReadBinary(std::string_view name) const {
  TIDEMILL_ASSIGN(const ZipArchive::Entry* entry, GetEntry(name));
  if (read_->fetch_add(entry->size) > most_read_) {
    return base::Fail(base::ErrorCode::kTooLarge,
                      "limit: the parts of the package are read over and over, {} bytes of them, expected at most {}",
                      read_->load(), most_read_);
  }
  return ReadEntry(*entry);
}

base::Result<Part> OpcPackage::ReadEntry(const ZipArchive::Entry& entry) const {
  TIDEMILL_ASSIGN(ZipArchive::Member member, archive_.ReadUpTo(entry, kMostOfPart));
  return Part{.name = entry.name, .bytes = std::move(member.bytes), .issues = std::move(member.issues)};
}

base::Result<MemberStream> OpcPackage::OpenStream(std::string_view name) const {
  TIDEMILL_ASSIGN(const ZipArchive::Entry* entry, GetEntry(name));
  TIDEMILL_ASSIGN(MemberStream stream, archive_.OpenStream(*entry));
  if (const auto first = stream.Peek(); !first || !EncodingByMark(*first).starts_with("utf-16")) return stream;
  TIDEMILL_ASSIGN(Part part, Read(name));
  return MemberStream::Of(std::move(part.bytes), std::move(part.issues));
}

std::string ResolveTarget(std::string_view part_name, std::string_view target) {
  std::string path(target);
  std::replace(path.begin(), path.end(), '\\', '/');
  if (auto decoded = base::PercentDecode(path)) path = *std::move(decoded);
  if (!path.starts_with('/')) path = std::string(FolderOf(part_name)) + "/" + path;
  std::vector<std::string> parts;
  for (const std::string_view piece : base::Split(path, '/')) {
    if (piece.empty() || piece == ".") continue;
    if (piece != "..") {
      parts.emplace_back(piece);
    } else if (!parts.empty()) {
      parts.pop_back();
    }
  }
  return base::Join(parts, "/");
}

std::vector<Relation> OpcPackage::Relations(std::string_view part_name) const {
  std::vector<Relation> relations;
  const ZipArchive::Entry* entry = archive_.Find(RelationsName(part_name));
  if (entry == nullptr) return relations;
  auto read = ReadEntry(*entry);  // each part's own: it is not counted
  if (!read) return relations;
  const Part part = AsUtf8(*std::move(read));
  XmlReader xml(part.bytes.view, limits_.xml_depth);
  for (auto event = xml.Next(); event != XmlReader::Event::kDone && event != XmlReader::Event::kError;
       event = xml.Next()) {
    if (relations.size() == kMostRelations) break;
    if (event != XmlReader::Event::kStart || xml.name() != "Relationship") continue;
    const std::string type = xml.Attribute("Type");
    Relation relation{.id = xml.Attribute("Id"),
                      .type = type.substr(type.rfind('/') + 1),
                      .target = xml.Attribute("Target"),
                      .external = xml.Attribute("TargetMode") == "External"};
    if (!relation.external) relation.target = ResolveTarget(part_name, relation.target);
    relations.push_back(std::move(relation));
  }
  return relations;
}

RelationIndex IndexById(const std::vector<Relation>& relations) {
  RelationIndex index;
  for (const Relation& relation : relations) index.try_emplace(relation.id, &relation);
  return index;
}

const Relation* FindByType(const std::vector<Relation>& relations, std::string_view type) {
  const auto found = std::find_if(relations.begin(), relations.end(),
                                  [&](const Relation& r) { return r.type == type && !r.external; });
  return found == relations.end() ? nullptr : &*found;
}

}  // namespace tidemill::workbook
