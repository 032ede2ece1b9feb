// SPDX-License-Identifier: Apache-2.0
#include <bit>
#include <memory>

#include <libdeflate.h>

#include "tidemill/workbook/testing/make_files.h"

namespace tidemill::workbook::testing {
namespace {

std::string Bytes(std::uint64_t value, int count) {
  std::string bytes;
  for (int i = 0; i < count; ++i)
    bytes.push_back(static_cast<char>(static_cast<unsigned char>(value >> (8 * i) & 0xFFU)));
  return bytes;
}

std::string Deflate(std::string_view bytes) {
  libdeflate_compressor* compressor = libdeflate_alloc_compressor(6);
  std::string packed(libdeflate_deflate_compress_bound(compressor, bytes.size()), '\0');
  packed.resize(libdeflate_deflate_compress(compressor, bytes.data(), bytes.size(), packed.data(), packed.size()));
  libdeflate_free_compressor(compressor);
  return packed;
}

}  // namespace

std::string U16(std::uint32_t value) {
  return Bytes(value, 2);
}
std::string U32(std::uint32_t value) {
  return Bytes(value, 4);
}
std::string U64(std::uint64_t value) {
  return Bytes(value, 8);
}
std::string F64(double value) {
  return U64(std::bit_cast<std::uint64_t>(value));
}

std::string MakeZip(const std::vector<ZipMember>& members, const ZipOptions& options) {
  std::string archive;
  std::string directory;
  for (const ZipMember& member : members) {
    const std::string packed = member.deflate ? Deflate(member.bytes) : member.bytes;
    const std::string crc = U32(libdeflate_crc32(0, member.bytes.data(), member.bytes.size()));
    const std::string sizes =
        U32(static_cast<std::uint32_t>(packed.size())) + U32(static_cast<std::uint32_t>(member.bytes.size()));
    const std::string head = U16(options.data_descriptors ? 8 : 0) + U16(member.deflate ? 8 : 0) + U32(0);
    const std::string name_size = U16(static_cast<std::uint32_t>(member.name.size()));
    const auto offset = static_cast<std::uint32_t>(archive.size());
    archive += "PK\x03\x04" + U16(20) + head + (options.data_descriptors ? std::string(12, '\0') : crc + sizes) +
               name_size + U16(0) + member.name + packed;
    if (options.data_descriptors) archive += "PK\x07\x08" + crc + sizes;
    const std::string extra =
        options.zip64 ? U16(1) + U16(24) + U64(member.bytes.size()) + U64(packed.size()) + U64(offset) : std::string();
    directory += "PK\x01\x02" + U16(20) + U16(20) + head + crc +
                 (options.zip64 ? U32(0xFFFFFFFF) + U32(0xFFFFFFFF) : sizes) + name_size +
                 U16(static_cast<std::uint32_t>(extra.size())) + U16(0) + U16(0) + U16(0) + U32(0) +
                 U32(options.zip64 ? 0xFFFFFFFF : offset) + member.name + extra;
  }
  const auto count = static_cast<std::uint32_t>(members.size());
  const std::uint64_t start = archive.size();
  archive += directory;
  if (options.zip64) {
    const std::uint64_t end = archive.size();
    archive += "PK\x06\x06" + U64(44) + U16(45) + U16(45) + U32(0) + U32(0) + U64(count) + U64(count) +
               U64(directory.size()) + U64(start) + "PK\x06\x07" + U32(0) + U64(end) + U32(1);
  }
  archive +=
      "PK\x05\x06" + U16(0) + U16(0) + (options.zip64 ? U16(0xFFFF) + U16(0xFFFF) : U16(count) + U16(count)) +
      (options.zip64 ? U32(0xFFFFFFFF) + U32(0xFFFFFFFF)
                     : U32(static_cast<std::uint32_t>(directory.size())) + U32(static_cast<std::uint32_t>(start))) +
      U16(0);
  return options.prefix + archive + options.suffix;
}

}  // namespace tidemill::workbook::testing
