// SPDX-License-Identifier: Apache-2.0
#include "zip.h"

#include <algorithm>
#include <limits>
#include <memory>

#include <fmt/format.h>
#include <libdeflate.h>

#include "tidemill/base/ascii.h"

namespace tidemill::workbook {
namespace {

using base::ErrorCode;
using base::Fail;
using base::FailAt;

constexpr std::uint32_t kLocalSignature = 0x04034B50;
constexpr std::uint32_t kCentralSignature = 0x02014B50;
constexpr std::uint32_t kEndSignature = 0x06054B50;
constexpr std::uint32_t kEnd64Signature = 0x06064B50;
constexpr std::uint32_t kLocator64Signature = 0x07064B50;
constexpr std::size_t kLocalSize = 30;
constexpr std::size_t kCentralSize = 46;
constexpr std::size_t kEndSize = 22;
constexpr std::size_t kLocator64Size = 20;
constexpr std::uint32_t kInExtra = 0xFFFFFFFF;
constexpr std::uint16_t kStored = 0;
constexpr std::uint16_t kDeflated = 8;

std::string CleanName(std::string_view raw) {
  std::string name(raw);
  std::replace(name.begin(), name.end(), '\\', '/');
  return name.substr(std::min(name.find_first_not_of('/'), name.size()));
}

// Zip64's extra field gives, in this order, what does not fit the fixed fields.
void ReadZip64Extra(std::string_view extra, ZipArchive::Entry& entry) {
  while (extra.size() >= 4) {
    const std::string_view body = Slice(extra, 4, LoadU16(extra, 2));
    if (LoadU16(extra, 0) == 1) {
      std::size_t at = 0;
      for (std::uint64_t* field : {&entry.size, &entry.compressed_size, &entry.offset}) {
        if (*field != kInExtra || at + 8 > body.size()) continue;
        *field = LoadU64(body, at);
        at += 8;
      }
      return;
    }
    extra.remove_prefix(std::min(extra.size(), 4 + body.size()));
  }
}

MemberFacts FactsOf(const ZipArchive::Entry& entry) {
  return {.name = entry.name, .crc = entry.crc, .compressed_size = entry.compressed_size, .offset = entry.offset};
}

tl::unexpected<base::Error> OtherMethod(const ZipArchive::Entry& entry) {
  return FailAt(ErrorCode::kUnsupported, entry.name,
                "corrupt-container: compression method {}, expected stored or deflated", entry.method);
}

struct FreeDecompressor {
  void operator()(libdeflate_decompressor* decompressor) const { libdeflate_free_decompressor(decompressor); }
};

}  // namespace

bool LooksLikeZip(std::string_view bytes) {
  return bytes.starts_with("PK\x03\x04") || bytes.starts_with("PK\x05\x06");
}

base::Result<ZipArchive> ZipArchive::Open(std::string_view bytes, const Limits& limits) {
  ZipArchive archive(bytes, limits);
  const auto end = archive.FindEnd();
  if (!end) {
    return Fail(ErrorCode::kMalformed,
                "corrupt-container: zip archive of {} bytes without its directory, perhaps cut off", bytes.size());
  }
  TIDEMILL_CHECK(archive.ReadDirectory(*end));
  TIDEMILL_CHECK(archive.CheckEntries());
  for (std::size_t i = 0; i < archive.entries_.size(); ++i) {
    archive.by_name_[base::LowerAscii(archive.entries_[i].name)] = i;
  }
  return archive;
}

// The last end record whose directory is there; junk may follow it.
std::optional<ZipArchive::End> ZipArchive::FindEnd() const {
  constexpr std::size_t kFarthest = std::size_t{1} << 20U;
  if (bytes_.size() < kEndSize) return std::nullopt;
  const std::size_t last = bytes_.size() - kEndSize;
  const std::size_t first = last > kFarthest ? last - kFarthest : 0;
  for (std::size_t at = last + 1; at-- > first;) {
    if (bytes_[at] != 'P' || LoadU32(bytes_, at) != kEndSignature) continue;
    const End end = Zip64End({.count = LoadU16(bytes_, at + 10),
                              .size = LoadU32(bytes_, at + 12),
                              .offset = LoadU32(bytes_, at + 16),
                              .at = at});
    if (end.size <= end.at) return end;
  }
  return std::nullopt;
}

ZipArchive::End ZipArchive::Zip64End(End end) const {
  if (end.at < kLocator64Size || LoadU32(bytes_, end.at - kLocator64Size) != kLocator64Signature) return end;
  // The offset it names is off where bytes stand before the archive; right before the locator it is then.
  for (const std::uint64_t at : {LoadU64(bytes_, end.at - kLocator64Size + 8), end.at - kLocator64Size - 56}) {
    if (at >= bytes_.size() || LoadU32(bytes_, at) != kEnd64Signature) continue;
    return {.count = LoadU64(bytes_, at + 32),
            .size = LoadU64(bytes_, at + 40),
            .offset = LoadU64(bytes_, at + 48),
            .at = at};
  }
  return end;
}

base::Status ZipArchive::ReadDirectory(const End& end) {
  // The directory ends where the end record begins, whatever the offsets in the file count from.
  std::uint64_t at = end.at - end.size;
  std::uint64_t shift = at - std::min(at, end.offset);
  if (LoadU32(bytes_, at) != kCentralSignature && LoadU32(bytes_, end.offset) == kCentralSignature) {
    at = end.offset;
    shift = 0;
  }
  while (LoadU32(bytes_, at) == kCentralSignature && at < end.at) {
    if (entries_.size() >= limits_.zip_entries) {
      return Fail(ErrorCode::kTooLarge, "limit: zip archive of more than {} members", limits_.zip_entries);
    }
    const std::string_view fixed = Slice(bytes_, at, kCentralSize);
    const std::size_t name_size = LoadU16(fixed, 28);
    const std::size_t extra_size = LoadU16(fixed, 30);
    Entry entry{.name = CleanName(Slice(bytes_, at + kCentralSize, name_size)),
                .method = LoadU16(fixed, 10),
                .flags = LoadU16(fixed, 8),
                .crc = LoadU32(fixed, 16),
                .compressed_size = LoadU32(fixed, 20),
                .size = LoadU32(fixed, 24),
                .offset = LoadU32(fixed, 42)};
    ReadZip64Extra(Slice(bytes_, at + kCentralSize + name_size, extra_size), entry);
    entry.offset += shift;
    entries_.push_back(std::move(entry));
    at += kCentralSize + name_size + extra_size + LoadU16(fixed, 32);
  }
  return {};
}

// Members that share bytes make a small archive large.
base::Status ZipArchive::CheckEntries() const {
  std::vector<const Entry*> by_offset;
  std::uint64_t total = 0;
  for (const Entry& entry : entries_) {
    by_offset.push_back(&entry);
    if (entry.size > std::numeric_limits<std::uint64_t>::max() - total)
      total = std::numeric_limits<std::uint64_t>::max();
    else
      total += entry.size;
  }
  if (total > limits_.total_bytes) {
    return Fail(ErrorCode::kTooLarge, "limit: zip archive of {} bytes inflated, expected at most {}", total,
                limits_.total_bytes);
  }
  std::sort(by_offset.begin(), by_offset.end(), [](const Entry* a, const Entry* b) { return a->offset < b->offset; });
  for (std::size_t i = 0; i + 1 < by_offset.size(); ++i) {
    const std::uint64_t room = by_offset[i + 1]->offset - by_offset[i]->offset;
    if (by_offset[i]->compressed_size > room || room - by_offset[i]->compressed_size < kLocalSize) {
      return Fail(ErrorCode::kTooLarge, "bomb: members {} and {} of the zip archive overlap",
                  base::Quoted(by_offset[i]->name), base::Quoted(by_offset[i + 1]->name));
    }
  }
  return {};
}

const ZipArchive::Entry* ZipArchive::Find(std::string_view name) const {
  const auto found = by_name_.find(base::LowerAscii(name));
  return found == by_name_.end() ? nullptr : &entries_[found->second];
}

base::Result<std::string_view> ZipArchive::CompressedBytes(const Entry& entry) const {
  if ((entry.flags & 1U) != 0) {
    return FailAt(ErrorCode::kUnsupported, entry.name, "encrypted: the member needs a password");
  }
  if (LoadU32(bytes_, entry.offset) != kLocalSignature) {
    return FailAt(ErrorCode::kMalformed, entry.name, "corrupt-container: no member at offset {} of {} bytes",
                  entry.offset, bytes_.size());
  }
  const std::uint64_t start =
      entry.offset + kLocalSize + LoadU16(bytes_, entry.offset + 26) + LoadU16(bytes_, entry.offset + 28);
  if (start > bytes_.size() || entry.compressed_size > bytes_.size() - start) {
    return FailAt(ErrorCode::kMalformed, entry.name,
                  "corrupt-container: {} bytes at offset {}, but the file has {} bytes", entry.compressed_size, start,
                  bytes_.size());
  }
  return bytes_.substr(start, entry.compressed_size);
}

// The directory's size is believed at first; where it is too small, memory grows within the limits. kTooLarge for more
// than `most` bytes.
base::Result<Buffer> ZipArchive::Inflate(const Entry& entry, std::string_view compressed, std::uint64_t most) const {
  const std::unique_ptr<libdeflate_decompressor, FreeDecompressor> inflater(libdeflate_alloc_decompressor());
  std::uint64_t room = std::max<std::uint64_t>(entry.size, 1);
  for (;;) {
    TIDEMILL_CHECK(CheckInflatedSize(FactsOf(entry), room, limits_));
    if (room > most) return FailAt(ErrorCode::kTooLarge, entry.name, "limit: expected at most {} bytes", most);
    Buffer result;
    result.memory = std::make_unique_for_overwrite<char[]>(room);
    std::size_t size = 0;
    const libdeflate_result outcome = libdeflate_deflate_decompress(
        inflater.get(), compressed.data(), compressed.size(), result.memory.get(), room, &size);
    if (outcome == LIBDEFLATE_SUCCESS) {
      result.view = {result.memory.get(), size};
      return result;
    }
    if (outcome != LIBDEFLATE_INSUFFICIENT_SPACE) {
      return FailAt(ErrorCode::kMalformed, entry.name, "corrupt-container: the member cannot be inflated");
    }
    room = room * 2 + 4096;
  }
}

base::Result<ZipArchive::Member> ZipArchive::Read(const Entry& entry) const {
  return ReadWhole(entry, std::numeric_limits<std::uint64_t>::max());
}

base::Result<ZipArchive::Member> ZipArchive::ReadUpTo(const Entry& entry, std::uint64_t most) const {
  auto whole = ReadWhole(entry, most);
  if (whole || whole.error().code != ErrorCode::kTooLarge) return whole;
  TIDEMILL_ASSIGN(MemberStream stream, OpenStream(entry));
  Member member;
  member.bytes.memory = std::make_unique_for_overwrite<char[]>(most);
  std::size_t size = 0;
  while (size < most) {
    TIDEMILL_ASSIGN(const std::string_view piece, stream.Next());
    if (piece.empty()) break;
    size += piece.copy(member.bytes.memory.get() + size, most - size);
  }
  member.bytes.view = {member.bytes.memory.get(), size};
  member.issues.push_back({.code = "limit",
                           .message = fmt::format("{}: more than {} bytes; the rest is left out", entry.name, most),
                           .sheet = {},
                           .cell = {},
                           .offset = entry.offset});
  return member;
}

base::Result<ZipArchive::Member> ZipArchive::ReadWhole(const Entry& entry, std::uint64_t most) const {
  TIDEMILL_ASSIGN(const std::string_view compressed, CompressedBytes(entry));
  Member member;
  if (entry.method == kStored) {
    TIDEMILL_CHECK(CheckInflatedSize(FactsOf(entry), compressed.size(), limits_));
    if (compressed.size() > most)
      return FailAt(ErrorCode::kTooLarge, entry.name, "limit: expected at most {} bytes", most);
    member.bytes.view = compressed;
  } else if (entry.method == kDeflated) {
    TIDEMILL_ASSIGN(member.bytes, Inflate(entry, compressed, most));
  } else {
    return OtherMethod(entry);
  }
  const std::string_view bytes = member.bytes.view;
  if (libdeflate_crc32(0, bytes.data(), bytes.size()) != entry.crc) {
    member.issues.push_back({.code = "crc-mismatch",
                             .message = entry.name + ": the checksum does not fit the bytes",
                             .sheet = {},
                             .cell = {},
                             .offset = entry.offset});
  }
  return member;
}

base::Result<MemberStream> ZipArchive::OpenStream(const Entry& entry) const {
  TIDEMILL_ASSIGN(const std::string_view compressed, CompressedBytes(entry));
  if (entry.method == kStored) return MemberStream::Stored(compressed, FactsOf(entry), limits_);
  if (entry.method != kDeflated) return OtherMethod(entry);
  TIDEMILL_CHECK(CheckInflatedSize(FactsOf(entry), entry.size, limits_));
  return MemberStream::Inflate(compressed, FactsOf(entry), limits_);
}

}  // namespace tidemill::workbook
