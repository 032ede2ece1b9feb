// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "tidemill/base/result.h"

#include "bytes.h"
#include "pieced_bytes.h"

namespace tidemill::workbook {

bool LooksLikeOle2(std::string_view bytes);
// What is left of the workbook in a file that was cut off before its directory: most programs write its stream first
// and in one stretch, which ends with the file here. From the first sector on that begins as such a stream does
// ([MS-XLS] 2.4.21: a BOF record of the workbook's globals); empty where none does.
std::string_view StrayWorkbook(std::string_view bytes);

// An OLE2 compound file ([MS-CFB]): streams by name. Broken chains end where they break; nothing is read twice.
class Ole2File {
 public:
  // kMalformed "corrupt-container: …"
  static base::Result<Ole2File> Open(std::string_view bytes);

  // Streams right in the root, names in any letter case; where the directory's tree is broken, anywhere.
  bool Has(std::string_view name) const { return FindStream(name) != nullptr; }
  // The stream's bytes, as many as there are, at most `most`. A view of the file where they lie together.
  Buffer Read(std::string_view name, std::uint64_t most = 0xFFFFFFFFFFFFFFFF) const;
  // The whole stream, without a copy unless it is a small one.
  PiecedBytes Stream(std::string_view name) const;

 private:
  struct Entry {
    std::string name;  // ASCII lower case; what is not ASCII is '?'
    std::uint8_t type = 0;
    std::uint32_t left = 0;
    std::uint32_t right = 0;
    std::uint32_t child = 0;
    std::uint32_t start = 0;
    std::uint64_t size = 0;
    bool in_root = false;
  };

  explicit Ole2File(std::string_view bytes) : bytes_(bytes) {}
  base::Status ReadHeader();
  void ReadFat();
  void AddFatSector(std::uint32_t sector);
  void ReadDirectory();
  void MarkRootEntries();
  const Entry* FindStream(std::string_view name) const;
  std::string_view Sector(std::uint32_t number) const;
  std::vector<std::uint32_t> Chain(std::uint32_t start, const std::vector<std::uint32_t>& table,
                                   std::uint64_t sectors) const;
  // What of a chain lies together, in order.
  std::vector<std::string_view> Pieces(std::uint32_t start, std::uint64_t size) const;
  Buffer ReadChain(std::uint32_t start, std::uint64_t size) const;
  Buffer ReadMiniChain(std::uint32_t start, std::uint64_t size) const;

  std::string_view bytes_;
  std::uint32_t sector_shift_ = 9;
  std::uint32_t mini_shift_ = 6;
  std::uint32_t mini_cutoff_ = 4096;
  std::uint32_t sector_count_ = 0;
  std::vector<std::uint32_t> fat_;
  std::vector<std::uint32_t> mini_fat_;
  std::vector<Entry> entries_;
  Buffer mini_stream_;
};

}  // namespace tidemill::workbook
