// SPDX-License-Identifier: Apache-2.0
#include "zip_writer.h"

#include <algorithm>
#include <array>
#include <limits>
#include <new>

#include <zlib.h>

namespace tidemill::query {
namespace {

constexpr std::uint64_t kMostBytes = std::numeric_limits<std::uint32_t>::max();
constexpr std::uint32_t kFirstDosDay = 0x0021;  // 1980-01-01, the least that a member can have
constexpr std::uint16_t kFlags = 0x0808;        // sizes behind the bytes, names in UTF-8
constexpr std::uint16_t kVersion = 20;          // deflate
constexpr std::size_t kPiece = std::size_t{1} << 20U;

void Put16(std::string& out, std::uint64_t number) {
  out += static_cast<char>(number & 0xFFU);
  out += static_cast<char>(number >> 8U & 0xFFU);
}
void Put32(std::string& out, std::uint64_t number) {
  Put16(out, number & 0xFFFFU);
  Put16(out, number >> 16U & 0xFFFFU);
}

}  // namespace

struct ZipWriter::Member {
  std::string name;
  std::uint64_t offset = 0, packed = 0, size = 0;
  std::uint32_t crc = 0;

  // From the version to the length of what is extra, as both headers have it.
  void PutFacts(std::string& out, bool known) const {
    Put16(out, kVersion);
    Put16(out, kFlags);
    Put16(out, Z_DEFLATED);
    Put16(out, 0);
    Put16(out, kFirstDosDay);
    Put32(out, known ? crc : 0);
    Put32(out, known ? packed : 0);
    Put32(out, known ? size : 0);
    Put16(out, name.size());
    Put16(out, 0);
  }
};

struct ZipWriter::Deflater {
  Deflater() {
    constexpr int kRaw = -15;
    constexpr int kLevel = 4;  // made for one client and sent once: speed counts
    if (deflateInit2(&stream, kLevel, Z_DEFLATED, kRaw, 8, Z_DEFAULT_STRATEGY) != Z_OK) throw std::bad_alloc();
  }
  ~Deflater() { deflateEnd(&stream); }
  Deflater(const Deflater&) = delete;
  Deflater& operator=(const Deflater&) = delete;

  z_stream stream{};
  std::array<char, std::size_t{32} << 10U> room{};
};

ZipWriter::ZipWriter(std::string& out) : out_(out), deflater_(std::make_unique<Deflater>()) {}
ZipWriter::~ZipWriter() = default;

void ZipWriter::Append(std::string_view bytes) {
  out_ += bytes;
  written_ += bytes.size();
}

void ZipWriter::Begin(std::string_view name) {
  Member& member = members_.emplace_back();
  member.name = name;
  member.offset = written_;
  std::string header = "PK\x03\x04";
  member.PutFacts(header, /*known=*/false);
  Append(header + member.name);
  deflateReset(&deflater_->stream);
}

void ZipWriter::Write(std::string_view bytes) {
  for (std::size_t at = 0; at < bytes.size(); at += kPiece) Deflate(bytes.substr(at, kPiece), /*last=*/false);
}

void ZipWriter::Deflate(std::string_view bytes, bool last) {
  Member& member = members_.back();
  z_stream& stream = deflater_->stream;
  const auto* input = reinterpret_cast<const Bytef*>(bytes.data());
  member.size += bytes.size();
  member.crc = static_cast<std::uint32_t>(crc32(member.crc, input, static_cast<uInt>(bytes.size())));
  stream.next_in = const_cast<Bytef*>(input);  // zlib only reads it
  stream.avail_in = static_cast<uInt>(bytes.size());
  auto& room = deflater_->room;
  do {
    stream.next_out = reinterpret_cast<Bytef*>(room.data());
    stream.avail_out = static_cast<uInt>(room.size());
    deflate(&stream, last ? Z_FINISH : Z_NO_FLUSH);  // fails only for a state that is none
    const std::size_t made = room.size() - stream.avail_out;
    member.packed += made;
    Append({room.data(), made});
  } while (stream.avail_out == 0);
}

base::Status ZipWriter::End() {
  Deflate(std::string_view(""), /*last=*/true);
  const Member& member = members_.back();
  if (member.size > kMostBytes || member.packed > kMostBytes) {
    return base::Fail(base::ErrorCode::kTooLarge, "{} has {} bytes; at most {} fit into a workbook", member.name,
                      member.size, kMostBytes);
  }
  std::string descriptor = "PK\x07\x08";
  Put32(descriptor, member.crc);
  Put32(descriptor, member.packed);
  Put32(descriptor, member.size);
  Append(descriptor);
  return {};
}

base::Status ZipWriter::Finish() {
  const std::uint64_t begin = written_;
  if (begin > kMostBytes) {
    return base::Fail(base::ErrorCode::kTooLarge, "the workbook has {} bytes; at most {} can be written", begin,
                      kMostBytes);
  }
  std::string directory;
  for (const Member& member : members_) {
    directory += "PK\x01\x02";
    Put16(directory, kVersion);
    member.PutFacts(directory, /*known=*/true);
    Put16(directory, 0);  // comment
    Put16(directory, 0);  // disk
    Put16(directory, 0);  // attributes
    Put32(directory, 0);
    Put32(directory, member.offset);
    directory += member.name;
  }
  const std::size_t size = directory.size();
  directory += "PK\x05\x06";
  Put32(directory, 0);  // disks
  Put16(directory, members_.size());
  Put16(directory, members_.size());
  Put32(directory, size);
  Put32(directory, begin);
  Put16(directory, 0);
  Append(directory);
  return {};
}

}  // namespace tidemill::query
