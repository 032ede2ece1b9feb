// SPDX-License-Identifier: Apache-2.0
#include "ole2.h"

#include <algorithm>
#include <limits>

#include "tidemill/base/ascii.h"

namespace tidemill::workbook {
namespace {

using base::ErrorCode;
using base::Fail;

constexpr std::string_view kSignature = "\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1";
constexpr std::size_t kHeaderSize = 512;
constexpr std::size_t kEntrySize = 128;
constexpr std::uint64_t kMostEntries = 65'536;
constexpr std::uint32_t kNoStream = 0xFFFFFFFF;
constexpr std::uint32_t kLastRegular = 0xFFFFFFFA;
constexpr std::uint8_t kTypeStream = 2;
constexpr std::uint8_t kTypeRoot = 5;

std::string EntryName(std::string_view raw) {
  const std::size_t units = std::min<std::size_t>(LoadU16(raw, 64), 64) / 2;
  std::string name;
  for (std::size_t i = 0; i < units; ++i) {
    const std::uint16_t unit = LoadU16(raw, 2 * i);
    if (unit == 0) break;
    name.push_back(unit < 0x80 ? base::LowerAscii(static_cast<char>(unit)) : '?');
  }
  return name;
}

}  // namespace

bool LooksLikeOle2(std::string_view bytes) {
  return bytes.starts_with(kSignature);
}

std::string_view StrayWorkbook(std::string_view bytes) {
  constexpr std::uint16_t kBof = 0x0809;
  constexpr std::uint16_t kGlobals = 0x0005;
  constexpr std::size_t kSector = 512;
  for (std::size_t at = kHeaderSize; at + 8 <= bytes.size(); at += kSector) {
    const std::uint16_t version = LoadU16(bytes, at + 4);
    if (LoadU16(bytes, at) == kBof && LoadU16(bytes, at + 6) == kGlobals && (version == 0x0500 || version == 0x0600)) {
      return bytes.substr(at);
    }
  }
  return {};
}

base::Result<Ole2File> Ole2File::Open(std::string_view bytes) {
  Ole2File file(bytes);
  TIDEMILL_CHECK(file.ReadHeader());
  file.ReadFat();
  file.ReadDirectory();
  if (file.entries_.empty()) {
    return Fail(ErrorCode::kMalformed, "corrupt-container: OLE2 file of {} bytes without a directory", bytes.size());
  }
  return file;
}

base::Status Ole2File::ReadHeader() {
  if (!LooksLikeOle2(bytes_)) return Fail(ErrorCode::kMalformed, "corrupt-container: no OLE2 signature");
  if (bytes_.size() < kHeaderSize) {
    return Fail(ErrorCode::kMalformed, "corrupt-container: OLE2 file cut off after {} bytes", bytes_.size());
  }
  // Other shifts are writers' mistakes; the common ones then hold.
  const std::uint32_t sector_shift = LoadU16(bytes_, 30);
  const std::uint32_t mini_shift = LoadU16(bytes_, 32);
  sector_shift_ = sector_shift >= 7 && sector_shift <= 16 ? sector_shift : 9;
  mini_shift_ = mini_shift >= 4 && mini_shift <= sector_shift_ ? mini_shift : 6;
  mini_cutoff_ = LoadU32(bytes_, 56);
  const std::size_t start = std::max<std::size_t>(kHeaderSize, std::size_t{1} << sector_shift_);
  const std::size_t sector_size = std::size_t{1} << sector_shift_;
  const std::size_t behind = bytes_.size() > start ? bytes_.size() - start : 0;
  sector_count_ = static_cast<std::uint32_t>(
      std::min<std::size_t>((behind + sector_size - 1) >> sector_shift_, std::size_t{kLastRegular}));
  return {};
}

std::string_view Ole2File::Sector(std::uint32_t number) const {
  const std::size_t size = std::size_t{1} << sector_shift_;
  return Slice(bytes_, std::max(kHeaderSize, size) + std::size_t{number} * size, size);
}

void Ole2File::AddFatSector(std::uint32_t sector) {
  const std::string_view bytes = Sector(sector);
  for (std::size_t at = 0; at + 4 <= bytes.size() && fat_.size() < sector_count_; at += 4) {
    fat_.push_back(LoadU32(bytes, at));
  }
}

// The 109 sectors of the FAT that the header names, then those of the chain of DIFAT sectors.
void Ole2File::ReadFat() {
  constexpr std::size_t kInHeader = 109;
  for (std::size_t i = 0; i < kInHeader && fat_.size() < sector_count_; ++i) {
    const std::uint32_t sector = LoadU32(bytes_, 76 + 4 * i);
    if (sector < sector_count_) AddFatSector(sector);
  }
  const std::size_t in_sector = (std::size_t{1} << sector_shift_) / 4 - 1;
  std::uint32_t next = LoadU32(bytes_, 68);
  for (std::uint32_t steps = 0; next < sector_count_ && steps < sector_count_ && fat_.size() < sector_count_; ++steps) {
    const std::string_view sectors = Sector(next);
    for (std::size_t i = 0; i < in_sector; ++i) {
      const std::uint32_t sector = LoadU32(sectors, 4 * i);
      if (sector < sector_count_ && 4 * i + 4 <= sectors.size()) AddFatSector(sector);
    }
    next = sectors.size() >= 4 * in_sector + 4 ? LoadU32(sectors, 4 * in_sector) : kNoStream;
  }
}

// At most `sectors` of a chain; it ends where it comes back to itself.
std::vector<std::uint32_t> Ole2File::Chain(std::uint32_t start, const std::vector<std::uint32_t>& table,
                                           std::uint64_t sectors) const {
  std::vector<std::uint32_t> chain;
  std::vector<bool> visited(table.size());
  for (std::uint32_t at = start; at < table.size() && !visited[at] && chain.size() < sectors; at = table[at]) {
    visited[at] = true;
    chain.push_back(at);
  }
  return chain;
}

std::vector<std::string_view> Ole2File::Pieces(std::uint32_t start, std::uint64_t size) const {
  const std::size_t sector_size = std::size_t{1} << sector_shift_;
  const auto chain = Chain(start, fat_, size / sector_size + 1);
  std::vector<std::string_view> pieces;
  for (std::size_t first = 0, last = 0; first < chain.size() && size > 0; first = last) {
    last = first + 1;
    while (last < chain.size() && chain[last] == chain[last - 1] + 1) ++last;
    const std::size_t at = std::max(kHeaderSize, sector_size) + std::size_t{chain[first]} * sector_size;
    const std::string_view piece = Slice(bytes_, at, std::min<std::uint64_t>(size, (last - first) * sector_size));
    if (piece.empty()) break;
    pieces.push_back(piece);
    size -= piece.size();
  }
  return pieces;
}

Buffer Ole2File::ReadChain(std::uint32_t start, std::uint64_t size) const {
  return PiecedBytes(Pieces(start, size)).Part(0, std::numeric_limits<std::size_t>::max());
}

Buffer Ole2File::ReadMiniChain(std::uint32_t start, std::uint64_t size) const {
  const std::size_t sector_size = std::size_t{1} << mini_shift_;
  const auto chain = Chain(start, mini_fat_, size / sector_size + 1);
  const std::uint64_t wanted = std::min<std::uint64_t>(size, chain.size() * sector_size);
  Buffer result;
  result.memory = std::make_unique_for_overwrite<char[]>(wanted);
  std::size_t at = 0;
  for (const std::uint32_t number : chain) {
    const std::string_view sector =
        Slice(mini_stream_.view, std::size_t{number} * sector_size, sector_size).substr(0, wanted - at);
    sector.copy(result.memory.get() + at, sector.size());
    at += sector.size();
  }
  result.view = {result.memory.get(), at};
  return result;
}

void Ole2File::ReadDirectory() {
  const Buffer directory = ReadChain(LoadU32(bytes_, 48), kMostEntries * kEntrySize);
  const bool wide_sizes = sector_shift_ >= 12;  // in version 3 the upper half may be rubbish
  for (std::size_t at = 0; at + kEntrySize <= directory.view.size(); at += kEntrySize) {
    const std::string_view raw = directory.view.substr(at, kEntrySize);
    entries_.push_back({.name = EntryName(raw),
                        .type = LoadU8(raw, 66),
                        .left = LoadU32(raw, 68),
                        .right = LoadU32(raw, 72),
                        .child = LoadU32(raw, 76),
                        .start = LoadU32(raw, 116),
                        .size = wide_sizes ? LoadU64(raw, 120) : LoadU32(raw, 120)});
  }
  const auto root = std::find_if(entries_.begin(), entries_.end(), [](const Entry& e) { return e.type == kTypeRoot; });
  if (root == entries_.end()) return;
  MarkRootEntries();
  mini_stream_ = ReadChain(root->start, root->size);
  const Buffer table = ReadChain(LoadU32(bytes_, 60), std::numeric_limits<std::uint64_t>::max());
  const std::size_t mini_sectors = (mini_stream_.view.size() >> mini_shift_) + 1;
  for (std::size_t at = 0; at + 4 <= table.view.size() && mini_fat_.size() < mini_sectors; at += 4) {
    mini_fat_.push_back(LoadU32(table.view, at));
  }
}

void Ole2File::MarkRootEntries() {
  std::vector<std::uint32_t> open;
  for (const Entry& entry : entries_) {
    if (entry.type == kTypeRoot) open.push_back(entry.child);
  }
  while (!open.empty()) {
    const std::uint32_t at = open.back();
    open.pop_back();
    if (at >= entries_.size() || entries_[at].in_root) continue;
    entries_[at].in_root = true;
    open.push_back(entries_[at].left);
    open.push_back(entries_[at].right);
  }
}

const Ole2File::Entry* Ole2File::FindStream(std::string_view name) const {
  const Entry* elsewhere = nullptr;
  for (const Entry& entry : entries_) {
    const bool same =
        entry.type == kTypeStream && std::equal(name.begin(), name.end(), entry.name.begin(), entry.name.end(),
                                                [](char a, char b) { return base::LowerAscii(a) == b; });
    if (same && entry.in_root) return &entry;
    if (same && elsewhere == nullptr) elsewhere = &entry;
  }
  return elsewhere;
}

Buffer Ole2File::Read(std::string_view name, std::uint64_t most) const {
  const Entry* entry = FindStream(name);
  if (entry == nullptr) return {};
  const std::uint64_t size = std::min(entry->size, most);
  return entry->size < mini_cutoff_ ? ReadMiniChain(entry->start, size) : ReadChain(entry->start, size);
}

PiecedBytes Ole2File::Stream(std::string_view name) const {
  const Entry* entry = FindStream(name);
  if (entry == nullptr) return {};
  if (entry->size < mini_cutoff_) return PiecedBytes(ReadMiniChain(entry->start, entry->size));
  return PiecedBytes(Pieces(entry->start, entry->size));
}

}  // namespace tidemill::workbook
