// SPDX-License-Identifier: Apache-2.0
#include "tidemill/workbook/testing/make_files.h"

namespace tidemill::workbook::testing {
namespace {

constexpr std::size_t kSector = 512;
constexpr std::size_t kMiniSector = 64;
constexpr std::size_t kMiniCutoff = 4096;
constexpr std::uint32_t kEnd = 0xFFFFFFFE;
constexpr std::uint32_t kFatSector = 0xFFFFFFFD;
constexpr std::uint32_t kNone = 0xFFFFFFFF;

std::uint32_t Size(std::string_view bytes) {
  return static_cast<std::uint32_t>(bytes.size());
}

void Pad(std::string& bytes, std::size_t unit, char with = '\0') {
  while (bytes.size() % unit != 0) bytes.push_back(with);
}

std::string Utf16(std::string_view ascii) {
  std::string wide;
  for (const char c : ascii) wide += {c, '\0'};
  return wide;
}

std::string DirectoryEntry(std::string_view name, char type, std::uint32_t right, std::uint32_t child,
                           std::uint32_t start, std::uint32_t size) {
  std::string entry = Utf16(name);
  entry.resize(64);
  entry += U16(static_cast<std::uint32_t>(2 * name.size() + 2)) + std::string(1, type) + std::string(1, '\1');
  entry += U32(kNone) + U32(right) + U32(child) + std::string(36, '\0') + U32(start) + U32(size) + U32(0);
  return entry;
}

// Sectors behind each other, with their table.
class Sectors {
 public:
  explicit Sectors(std::size_t size) : size_(size) {}
  std::uint32_t Add(std::string bytes) {
    if (bytes.empty()) return kEnd;
    Pad(bytes, size_);
    const auto first = static_cast<std::uint32_t>(bytes_.size() / size_);
    const auto count = static_cast<std::uint32_t>(bytes.size() / size_);
    for (std::uint32_t i = 1; i < count; ++i) table_ += U32(first + i);
    table_ += U32(kEnd);
    bytes_ += bytes;
    return first;
  }
  const std::string& bytes() const { return bytes_; }
  const std::string& table() const { return table_; }

 private:
  std::size_t size_;
  std::string bytes_;
  std::string table_;
};

}  // namespace

std::string MakeOle2(const std::vector<std::pair<std::string, std::string>>& streams) {
  Sectors sectors(kSector);
  Sectors mini(kMiniSector);
  std::string entries;
  for (std::size_t i = 0; i < streams.size(); ++i) {
    const auto& [name, bytes] = streams[i];
    const std::uint32_t start = bytes.size() < kMiniCutoff ? mini.Add(bytes) : sectors.Add(bytes);
    const std::uint32_t right = i + 1 < streams.size() ? static_cast<std::uint32_t>(i + 2) : kNone;
    entries += DirectoryEntry(name, 2, right, kNone, start, Size(bytes));
  }
  const std::uint32_t mini_start = sectors.Add(mini.bytes());
  std::string mini_table = mini.table();
  Pad(mini_table, kSector, '\xFF');
  const std::uint32_t mini_table_start = sectors.Add(mini_table);
  const std::uint32_t directory = sectors.Add(
      DirectoryEntry("Root Entry", 5, kNone, streams.empty() ? kNone : 1, mini_start, Size(mini.bytes())) + entries);
  const std::size_t used = sectors.table().size() / 4;
  std::size_t fat_sectors = 1;
  while (fat_sectors * (kSector / 4) < used + fat_sectors) ++fat_sectors;
  std::string fat = sectors.table();
  for (std::size_t i = 0; i < fat_sectors; ++i) fat += U32(kFatSector);
  Pad(fat, kSector, '\xFF');
  std::string header = "\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1" + std::string(16, '\0') + U16(0x3E) + U16(3) + U16(0xFFFE) +
                       U16(9) + U16(6) + std::string(10, '\0') + U32(static_cast<std::uint32_t>(fat_sectors)) +
                       U32(directory) + U32(0) + U32(kMiniCutoff) + U32(mini_table_start) +
                       U32(static_cast<std::uint32_t>(mini_table.size() / kSector)) + U32(kEnd) + U32(0);
  for (std::size_t i = 0; i < 109; ++i) header += U32(i < fat_sectors ? static_cast<std::uint32_t>(used + i) : kNone);
  return header + sectors.bytes() + fat;
}

std::string Record(std::uint16_t id, std::string_view body) {
  return U16(id) + U16(Size(body)) + std::string(body);
}

std::string BiffText(std::string_view text) {
  return U16(Size(text)) + std::string(1, '\0') + std::string(text);
}

std::string MakeXlsStream(std::string_view globals, const std::vector<std::pair<std::string, std::string>>& sheets) {
  const std::string begin = Record(0x0809, U16(0x0600) + U16(0x0005) + std::string(12, '\0')) + std::string(globals);
  const std::string end = Record(0x000A, "");
  std::size_t offset = begin.size() + end.size();
  for (const auto& [name, records] : sheets) offset += 4 + 8 + name.size();
  std::string directory;
  std::string bodies;
  for (const auto& [name, records] : sheets) {
    directory += Record(0x0085, U32(static_cast<std::uint32_t>(offset + bodies.size())) + U16(0) +
                                    std::string(1, static_cast<char>(name.size())) + std::string(1, '\0') + name);
    bodies += Record(0x0809, U16(0x0600) + U16(0x0010) + std::string(12, '\0')) + records + end;
  }
  return begin + directory + end + bodies;
}

}  // namespace tidemill::workbook::testing
