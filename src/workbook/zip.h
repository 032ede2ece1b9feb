// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "tidemill/workbook/workbook.h"

#include "bytes.h"
#include "member_stream.h"

namespace tidemill::workbook {

bool LooksLikeZip(std::string_view bytes);

// A zip archive by its central directory (APPNOTE 6.3.10), zip64 and bytes around the archive included.
class ZipArchive {
 public:
  struct Entry {
    std::string name;  // with forward slashes, none in front
    std::uint16_t method = 0;
    std::uint16_t flags = 0;
    std::uint32_t crc = 0;
    std::uint64_t compressed_size = 0;
    std::uint64_t size = 0;
    std::uint64_t offset = 0;  // of the local header
  };
  struct Member {
    Buffer bytes;
    std::vector<Issue> issues;
  };

  // Errors: kMalformed "corrupt-container: …", kTooLarge "bomb: …" and "limit: …".
  static base::Result<ZipArchive> Open(std::string_view bytes, const Limits& limits);

  const std::vector<Entry>& entries() const { return entries_; }
  // By name, letter case aside; of several the last. Null where there is none.
  const Entry* Find(std::string_view name) const;
  // The whole member. kUnsupported for encrypted members and other methods than "stored" and "deflated".
  base::Result<Member> Read(const Entry& entry) const;
  // Of a longer one the first `most` bytes, with an issue "limit".
  base::Result<Member> ReadUpTo(const Entry& entry, std::uint64_t most) const;
  // The same in pieces: memory does not grow with the member. `bytes` of Open must outlive it.
  base::Result<MemberStream> OpenStream(const Entry& entry) const;

 private:
  struct End {
    std::uint64_t count = 0;
    std::uint64_t size = 0;
    std::uint64_t offset = 0;
    std::uint64_t at = 0;  // where the end record, or zip64's, stands
  };

  ZipArchive(std::string_view bytes, const Limits& limits) : bytes_(bytes), limits_(limits) {}
  std::optional<End> FindEnd() const;
  End Zip64End(End end) const;
  base::Status ReadDirectory(const End& end);
  base::Status CheckEntries() const;
  base::Result<std::string_view> CompressedBytes(const Entry& entry) const;
  base::Result<Buffer> Inflate(const Entry& entry, std::string_view compressed, std::uint64_t most) const;
  base::Result<Member> ReadWhole(const Entry& entry, std::uint64_t most) const;

  std::string_view bytes_;
  Limits limits_;
  std::vector<Entry> entries_;
  std::unordered_map<std::string, std::size_t> by_name_;  // lower case
};

}  // namespace tidemill::workbook
