// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <bit>
#include <cstdint>
#include <cstring>
#include <string_view>

#include "bytes.h"

namespace tidemill::workbook {

// Record numbers ([MS-XLS] 2.3; those of BIFF2 to BIFF4 as in OpenOffice's documentation of the format). A number means
// the same in all versions but for FORMULA of BIFF2, whose cell attributes are a byte longer.
enum class Biff : std::uint16_t {
  kBlank2 = 0x0001,
  kInteger2 = 0x0002,
  kNumber2 = 0x0003,
  kLabel2 = 0x0004,
  kBoolErr2 = 0x0005,
  kFormula = 0x0006,
  kString2 = 0x0007,
  kRow2 = 0x0008,
  kBof2 = 0x0009,
  kEof = 0x000A,
  kExternSheet = 0x0017,
  kName = 0x0018,
  kNote = 0x001C,
  kFormat2 = 0x001E,
  kDateMode = 0x0022,
  kColumnWidth2 = 0x0024,
  kFilePass = 0x002F,
  kFont = 0x0031,
  kContinue = 0x003C,
  kCodePage = 0x0042,
  kXf2 = 0x0043,
  kXfIndex2 = 0x0044,
  kObject = 0x005D,
  kColInfo = 0x007D,
  kRkOld = 0x007E,
  kBoundSheet = 0x0085,
  kSheetHeader4 = 0x008F,
  kMulRk = 0x00BD,
  kRString = 0x00D6,
  kXf = 0x00E0,
  kInterfaceHeader = 0x00E1,
  kMergedCells = 0x00E5,
  kSst = 0x00FC,
  kLabelSst = 0x00FD,
  kRevisionHead = 0x0138,
  kSharedUsers = 0x0194,
  kFileLock = 0x0195,
  kRevisionInfo = 0x0196,
  kSupBook = 0x01AE,
  kTextObject = 0x01B6,
  kHyperlink = 0x01B8,
  kNumber = 0x0203,
  kLabel = 0x0204,
  kBoolErr = 0x0205,
  kFormula3 = 0x0206,
  kString = 0x0207,
  kRow = 0x0208,
  kBof3 = 0x0209,
  kName3 = 0x0218,
  kFont3 = 0x0231,
  kXf3 = 0x0243,
  kRk = 0x027E,
  kFormula4 = 0x0406,
  kBof4 = 0x0409,
  kFormat = 0x041E,
  kXf4 = 0x0443,
  kBof = 0x0809,
};

inline constexpr std::uint16_t kBiff2 = 0x0200;
inline constexpr std::uint16_t kBiff3 = 0x0300;
inline constexpr std::uint16_t kBiff4 = 0x0400;
inline constexpr std::uint16_t kBiff5 = 0x0500;
inline constexpr std::uint16_t kBiff8 = 0x0600;

// The version that a BOF record stands for, 0 for another record. In BIFF5 and 8 it is in the body, where writers have
// left odd numbers; what is not BIFF5 counts as `fallback` then.
inline std::uint16_t BofVersion(Biff id, std::string_view body, std::uint16_t fallback = kBiff8) {
  switch (id) {
    case Biff::kBof2:
      return kBiff2;
    case Biff::kBof3:
      return kBiff3;
    case Biff::kBof4:
      return kBiff4;
    case Biff::kBof: {
      const std::uint16_t version = LoadU16(body, 0);
      return version == kBiff5 || version == kBiff8 ? version : fallback;
    }
    default:
      return 0;
  }
}
inline bool IsBof(Biff id) {
  return id == Biff::kBof || id == Biff::kBof2 || id == Biff::kBof3 || id == Biff::kBof4;
}

struct BiffRecord {
  Biff id = Biff::kEof;
  std::string_view body;  // cut where the stream ends
  std::size_t at = 0;     // of the header, in the stream
};

// Walks the records of a stream; CONTINUE is a record like any other here.
class BiffWalker {
 public:
  BiffWalker(std::string_view stream, std::size_t at) : stream_(stream), at_(at) {}

  // False at the end of the stream.
  bool Next(BiffRecord& record) {
    if (at_ > stream_.size() || stream_.size() - at_ < 4) return false;
    const char* header = stream_.data() + at_;
    std::uint16_t id = 0;
    std::uint16_t size = 0;
    std::memcpy(&id, header, sizeof id);
    std::memcpy(&size, header + 2, sizeof size);
    const std::size_t left = stream_.size() - at_ - 4;
    truncated_ = size > left;
    record = {.id = static_cast<Biff>(id), .body = {header + 4, truncated_ ? left : size}, .at = at_};
    at_ += std::size_t{4} + size;
    return true;
  }
  // The last record went beyond the stream's end.
  bool truncated() const { return truncated_; }
  std::size_t at() const { return at_; }

 private:
  std::string_view stream_;
  std::size_t at_;
  bool truncated_ = false;
};

// An RK number ([MS-XLS] 2.5.217). Without branches: nothing foretells which of its forms a number has.
inline double DecodeRk(std::uint32_t rk) {
  static constexpr std::array<double, 2> kScales = {1.0, 100.0};
  const auto whole = std::bit_cast<std::uint64_t>(static_cast<double>(static_cast<std::int32_t>(rk) >> 2U));
  const std::uint64_t high = std::uint64_t{rk & 0xFFFFFFFCU} << 32U;
  return std::bit_cast<double>((rk & 2U) != 0 ? whole : high) / kScales[rk & 1U];
}

}  // namespace tidemill::workbook
