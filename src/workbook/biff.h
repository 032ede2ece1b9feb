// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string_view>

#include "bytes.h"

namespace tidemill::workbook {

// Record numbers of BIFF5 and BIFF8 ([MS-XLS] 2.3).
enum class Biff : std::uint16_t {
  kFormula = 0x0006,
  kEof = 0x000A,
  kName = 0x0018,
  kExternSheet = 0x0017,
  kDateMode = 0x0022,
  kFilePass = 0x002F,
  kFont = 0x0031,
  kContinue = 0x003C,
  kCodePage = 0x0042,
  kColInfo = 0x007D,
  kBoundSheet = 0x0085,
  kMulRk = 0x00BD,
  kRString = 0x00D6,
  kXf = 0x00E0,
  kMergedCells = 0x00E5,
  kSst = 0x00FC,
  kLabelSst = 0x00FD,
  kSupBook = 0x01AE,
  kHyperlink = 0x01B8,
  kNumber = 0x0203,
  kLabel = 0x0204,
  kBoolErr = 0x0205,
  kString = 0x0207,
  kRow = 0x0208,
  kArray = 0x0221,
  kTable = 0x0236,
  kRk = 0x027E,
  kFormat = 0x041E,
  kSharedFormula = 0x04BC,
  kBof = 0x0809,
};

inline constexpr std::uint16_t kBiff5 = 0x0500;
inline constexpr std::uint16_t kBiff8 = 0x0600;

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
    const std::size_t size = LoadU16(stream_, at_ + 2);
    record = {.id = static_cast<Biff>(LoadU16(stream_, at_)), .body = Slice(stream_, at_ + 4, size), .at = at_};
    truncated_ = record.body.size() < size;
    at_ += 4 + size;
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

// An RK number ([MS-XLS] 2.5.217).
inline double DecodeRk(std::uint32_t rk) {
  double value = 0;
  if ((rk & 2U) != 0) {
    value = static_cast<double>(static_cast<std::int32_t>(rk) >> 2U);
  } else {
    value = std::bit_cast<double>(std::uint64_t{rk & 0xFFFFFFFCU} << 32U);
  }
  return (rk & 1U) != 0 ? value / 100.0 : value;
}

}  // namespace tidemill::workbook
