// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "biff_text.h"
#include "bytes.h"

namespace tidemill::workbook {

// Record numbers of BIFF12 ([MS-XLSB] 2.3.2).
enum class Biff12 : std::uint32_t {
  kRowHeader = 0,
  kCellBlank = 1,
  kCellRk = 2,
  kCellError = 3,
  kCellBool = 4,
  kCellReal = 5,
  kCellString = 6,
  kCellShared = 7,
  kFormulaString = 8,
  kFormulaNumber = 9,
  kFormulaBool = 10,
  kFormulaError = 11,
  // Cells without a column of their own: each stands right of the cell before.
  kShortBlank = 12,
  kShortRk = 13,
  kShortError = 14,
  kShortBool = 15,
  kShortReal = 16,
  kShortString = 17,
  kShortShared = 18,
  kSharedItem = 19,
  kName = 39,
  kFont = 43,
  kFormat = 44,
  kFill = 45,
  kXf = 47,
  kColumnInfo = 60,
  kCellRichString = 62,
  kBeginSheetData = 145,
  kEndSheetData = 146,
  kWorkbookProperties = 153,
  kBundleSheet = 156,
  kBeginShared = 159,
  kMergeCell = 176,
  kBeginTable = 343,
  kBeginTableColumn = 347,
  kBookSource = 355,
  kBookSelf = 357,
  kBookSame = 358,
  kExternSheet = 362,
  kHyperlink = 494,
  kBeginFills = 603,
  kEndFills = 604,
  kBeginFonts = 611,
  kEndFonts = 612,
  kBeginFormats = 615,
  kEndFormats = 616,
  kBeginCellXfs = 617,
  kEndCellXfs = 618,
  kCommentAuthor = 632,
  kBeginComment = 635,
  kCommentText = 637,
  kBookAddIn = 667,
};

struct Biff12Record {
  Biff12 id = Biff12::kRowHeader;
  std::string_view body;
  std::size_t at = 0;  // of its number, in the part
};

// Walks the records of a part; numbers and lengths are 7-bit groups ([MS-XLSB] 2.1.4).
class Biff12Walker {
 public:
  explicit Biff12Walker(std::string_view part) : part_(part) {}

  // False where the part ends; what is left then is no whole record.
  bool Next(Biff12Record& record) {
    const std::size_t left = part_.size() - at_;
    if (left >= 2) {
      // Cells have numbers and lengths of one byte.
      const auto id = static_cast<unsigned char>(part_[at_]);
      const auto size = static_cast<unsigned char>(part_[at_ + 1]);
      if (((id | size) & 0x80U) == 0 && size <= left - 2) {
        record = {.id = static_cast<Biff12>(id), .body = {part_.data() + at_ + 2, size}, .at = at_};
        at_ += std::size_t{2} + size;
        return true;
      }
    }
    return NextLong(record);
  }
  std::size_t at() const { return at_; }
  bool AtEnd() const { return at_ == part_.size(); }
  // Where the record that Next could not give ends, nothing where its length is not there either.
  std::optional<std::size_t> EndOfNext() const {
    std::size_t at = at_;
    std::uint32_t id = 0;
    std::uint32_t size = 0;
    if (!Group(at, 2, id) || !Group(at, 4, size)) return std::nullopt;
    return at + size;
  }

 private:
  bool NextLong(Biff12Record& record) {
    std::size_t at = at_;
    std::uint32_t id = 0;
    std::uint32_t size = 0;
    if (!Group(at, 2, id) || !Group(at, 4, size) || part_.size() - at < size) return false;
    record = {.id = static_cast<Biff12>(id), .body = part_.substr(at, size), .at = at_};
    at_ = at + size;
    return true;
  }

  bool Group(std::size_t& at, unsigned most, std::uint32_t& value) const {
    for (unsigned i = 0; i < most; ++i) {
      if (at >= part_.size()) return false;
      const auto byte = static_cast<unsigned char>(part_[at++]);
      value |= (byte & 0x7FU) << (7U * i);
      if ((byte & 0x80U) == 0) break;
    }
    return true;
  }

  std::string_view part_;
  std::size_t at_ = 0;
};

// Reads the fields of a record one after the other; beyond its end everything is empty or 0.
class Biff12Fields {
 public:
  explicit Biff12Fields(std::string_view body) : rest_(body) {}

  std::uint8_t U8() { return LoadU8(Take(1), 0); }
  std::uint16_t U16() { return LoadU16(Take(2), 0); }
  std::uint32_t U32() { return LoadU32(Take(4), 0); }
  Range Rectangle();
  std::string_view Take(std::size_t size) {
    const std::string_view taken = rest_.substr(0, size);
    rest_.remove_prefix(taken.size());
    return taken;
  }
  // XLWideString and XLNullableWideString: a length in characters and UTF-16. The bytes.
  std::string_view Wide();
  std::string Text();
  // RichStr; the phonetic part is left out.
  void Rich(const std::vector<TextRun>& fonts, BiffString& result);
  bool empty() const { return rest_.empty(); }

 private:
  std::string_view rest_;
};

}  // namespace tidemill::workbook
