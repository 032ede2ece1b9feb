// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "biff.h"
#include "shared_strings.h"

namespace tidemill::workbook {

// Reads a record that goes on in CONTINUE records. Beyond the end everything reads as 0 and ok() is false.
class BiffReader {
 public:
  BiffReader(std::string_view stream, const BiffRecord& record)
      : stream_(stream), at_(record.at + 4), end_(at_ + record.body.size()) {}

  bool ok() const { return ok_; }
  bool AtEnd();
  std::uint8_t U8();
  std::uint16_t U16();
  std::uint32_t U32();
  void Skip(std::size_t size);
  // Characters as UTF-8, appended. Where they break, the next part begins with its own flag for 16 bits.
  void Characters(std::size_t count, bool wide, std::string& out);
  // Single bytes of a BIFF5 text.
  void Bytes(std::size_t count, std::string& out);
  std::size_t remaining() const { return end_ - at_; }
  // True where a two-byte length and as many bytes are all there is: a text of BIFF5.
  bool NextIsBytes(std::size_t size) const { return size > 2 && LoadU16(stream_, at_) + std::size_t{2} == size; }

 private:
  bool NextPart();

  std::string_view stream_;
  std::size_t at_;
  std::size_t end_;
  bool ok_ = true;
  std::string wide_;  // UTF-16 of a text in several parts
};

// How texts are written in a stream, and the fonts of its runs.
struct BiffText {
  std::uint16_t version = kBiff8;
  std::uint16_t code_page = 1252;
  std::vector<TextRun> fonts;  // as numbered in the file, index 4 left out

  // Fonts are numbered 0 to 3, then from 5.
  const TextRun& Font(std::uint32_t index) const;
};

struct BiffString {
  std::string text;
  std::vector<RawRun> runs;
};

// Where a font begins, counted in UTF-16 units.
struct FileRun {
  std::uint32_t character = 0;
  TextRun font;
};
// Runs as byte offsets of the string's text. What stands before the first run has the cell's font.
void AppendRuns(std::span<const FileRun> file_runs, BiffString& result);

enum class LengthField : std::uint8_t { kByte = 1, kWord = 2 };
// A text as a string of BIFF8 (XLUnicodeString, XLUnicodeRichExtendedString) or as bytes of BIFF5. `result` is reused.
void ReadBiffString(BiffReader& reader, const BiffText& format, LengthField length, BiffString& result);
// A text of BIFF5 and before, in a stream of any version.
void ReadByteString(BiffReader& reader, std::uint16_t code_page, LengthField length, BiffString& result);
// RSTRING's own run list, after its text.
void ReadTrailingRuns(BiffReader& reader, const BiffText& format, BiffString& result);
// The shared string table; what cannot be read is left out and said in its issues.
SharedStrings ReadSst(std::string_view stream, const BiffRecord& record, const BiffText& format,
                      std::uint32_t character_limit);

}  // namespace tidemill::workbook
