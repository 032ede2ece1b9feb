// SPDX-License-Identifier: Apache-2.0
#include "biff_text.h"

#include <algorithm>

#include "code_page.h"

namespace tidemill::workbook {
namespace {

constexpr std::uint8_t kWideFlag = 1;
constexpr std::uint8_t kExtendedFlag = 4;
constexpr std::uint8_t kRichTextFlag = 8;

}  // namespace

const TextRun& BiffText::Font(std::uint32_t index) const {
  static const TextRun kPlain;
  if (index > 4) --index;
  return index < fonts.size() ? fonts[index] : kPlain;
}

void AppendRuns(std::span<const FileRun> file_runs, BiffString& result) {
  if (file_runs.empty() || result.text.empty()) return;
  if (file_runs.front().character > 0) result.runs.push_back({.run = {}, .inherits = true});
  std::size_t at = 0;
  std::uint32_t units = 0;
  for (const FileRun& file_run : file_runs) {
    while (at < result.text.size() && units < file_run.character) {
      const auto lead = static_cast<unsigned char>(result.text[at]);
      units += lead >= 0xF0 ? 2 : 1;
      at += lead < 0x80 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
    }
    if (at >= result.text.size()) break;
    TextRun run = file_run.font;
    run.start = static_cast<std::uint32_t>(at);
    result.runs.push_back({.run = run, .inherits = false});
  }
}

bool BiffReader::NextPart() {
  if (end_ + 4 > stream_.size() || static_cast<Biff>(LoadU16(stream_, end_)) != Biff::kContinue) return false;
  const std::size_t size = LoadU16(stream_, end_ + 2);
  at_ = end_ + 4;
  end_ = std::min(at_ + size, stream_.size());
  return true;
}

bool BiffReader::AtEnd() {
  while (at_ >= end_) {
    if (!NextPart()) return true;
  }
  return false;
}

std::uint8_t BiffReader::U8() {
  if (AtEnd()) {
    ok_ = false;
    return 0;
  }
  return LoadU8(stream_, at_++);
}

std::uint16_t BiffReader::U16() {
  if (remaining() >= 2) {
    at_ += 2;
    return LoadU16(stream_, at_ - 2);
  }
  const std::uint32_t low = U8();
  return static_cast<std::uint16_t>(low | std::uint32_t{U8()} << 8U);
}

std::uint32_t BiffReader::U32() {
  const std::uint32_t low = U16();
  return low | std::uint32_t{U16()} << 16U;
}

void BiffReader::Skip(std::size_t size) {
  while (size > 0) {
    if (AtEnd()) {
      ok_ = false;
      return;
    }
    const std::size_t step = std::min(size, remaining());
    at_ += step;
    size -= step;
  }
}

void BiffReader::Characters(std::size_t count, bool wide, std::string& out) {
  const std::size_t size = wide ? 2 * count : count;
  if (remaining() >= size) {
    const std::string_view bytes = stream_.substr(at_, size);
    wide ? AppendUtf16(out, bytes) : AppendLatin1(out, bytes);
    at_ += size;
    return;
  }
  wide_.clear();
  while (count > 0) {
    if (remaining() < (wide ? 2U : 1U)) {
      at_ = end_;
      if (AtEnd()) {
        ok_ = false;
        break;
      }
      wide = (U8() & kWideFlag) != 0;
      continue;
    }
    const std::size_t units = std::min(count, remaining() / (wide ? 2 : 1));
    const std::string_view bytes = stream_.substr(at_, wide ? 2 * units : units);
    if (wide) {
      wide_.append(bytes);
    } else {
      for (const char c : bytes) wide_.append({c, '\0'});
    }
    at_ += bytes.size();
    count -= units;
  }
  AppendUtf16(out, wide_);
}

void BiffReader::Bytes(std::size_t count, std::string& out) {
  while (count > 0) {
    if (AtEnd()) {
      ok_ = false;
      return;
    }
    const std::size_t step = std::min(count, remaining());
    out.append(stream_.substr(at_, step));
    at_ += step;
    count -= step;
  }
}

void ReadByteString(BiffReader& reader, std::uint16_t code_page, LengthField length, BiffString& result) {
  result.text.clear();
  result.runs.clear();
  std::string bytes;
  reader.Bytes(length == LengthField::kByte ? reader.U8() : reader.U16(), bytes);
  AppendCodePage(result.text, bytes, code_page);
}

void ReadBiffString(BiffReader& reader, const BiffText& format, LengthField length, BiffString& result) {
  if (format.version < kBiff8) return ReadByteString(reader, format.code_page, length, result);
  result.text.clear();
  result.runs.clear();
  const std::size_t count = length == LengthField::kByte ? reader.U8() : reader.U16();
  if (count == 0 && reader.remaining() == 0) return;  // some writers leave the flags out then
  const std::uint8_t flags = reader.U8();
  const std::size_t run_count = (flags & kRichTextFlag) != 0 ? reader.U16() : 0;
  const std::size_t extension = (flags & kExtendedFlag) != 0 ? reader.U32() : 0;
  reader.Characters(count, (flags & kWideFlag) != 0, result.text);
  if (run_count > 0) {
    std::vector<FileRun> runs;
    for (std::size_t i = 0; i < run_count && reader.ok(); ++i) {
      const std::uint32_t character = reader.U16();
      runs.push_back({.character = character, .font = format.Font(reader.U16())});
    }
    AppendRuns(runs, result);
  }
  reader.Skip(extension);
}

void ReadTrailingRuns(BiffReader& reader, const BiffText& format, BiffString& result) {
  const bool bytes = format.version < kBiff8;
  const std::size_t count = bytes ? reader.U8() : reader.U16();
  std::vector<FileRun> runs;
  for (std::size_t i = 0; i < count && reader.ok(); ++i) {
    const std::uint32_t character = bytes ? reader.U8() : reader.U16();
    runs.push_back({.character = character, .font = format.Font(bytes ? std::uint32_t{reader.U8()} : reader.U16())});
  }
  if (reader.ok()) AppendRuns(runs, result);
}

// The counts at the beginning may be wrong; the strings end where the records do.
SharedStrings ReadSst(std::string_view stream, const BiffRecord& record, const BiffText& format,
                      std::uint32_t character_limit) {
  SharedStrings strings(character_limit);
  BiffReader reader(stream, record);
  reader.Skip(4);
  const std::uint32_t unique = reader.U32();
  strings.Reserve(std::min<std::size_t>(unique, record.body.size() / 3 + 1), record.body.size());
  BiffString string;
  while (!reader.AtEnd()) {
    ReadBiffString(reader, format, LengthField::kWord, string);
    if (!reader.ok() && string.text.empty()) break;
    strings.Add(string.text, string.runs);
  }
  if (strings.size() < unique) {
    strings.issues.push_back(
        {.code = "string-table",
         .message = "the shared strings end after " + std::to_string(strings.size()) + " of " + std::to_string(unique),
         .sheet = {},
         .cell = {},
         .offset = record.at});
  }
  return strings;
}

}  // namespace tidemill::workbook
