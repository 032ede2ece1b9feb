// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

// Files made in tests, byte by byte, with whatever oddity a test wants.
namespace tidemill::workbook::testing {

// Little-endian bytes.
std::string U16(std::uint32_t value);
std::string U32(std::uint32_t value);
std::string U64(std::uint64_t value);
std::string F64(double value);

struct ZipMember {
  std::string name;
  std::string bytes;
  bool deflate = true;
};
struct ZipOptions {
  bool data_descriptors = false;  // sizes and checksums behind the bytes, zeros in front
  bool zip64 = false;             // all sizes and offsets in extra fields
  std::string prefix = {};        // in front of the archive, not counted in its offsets
  std::string suffix = {};
};
std::string MakeZip(const std::vector<ZipMember>& members, const ZipOptions& options = {});

// An OLE2 file of version 3; streams below 4,096 bytes lie in the mini stream.
std::string MakeOle2(const std::vector<std::pair<std::string, std::string>>& streams);

// One record of BIFF.
std::string Record(std::uint16_t id, std::string_view body);
// The text of a BIFF8 string with a two-byte length, in 8 bits.
std::string BiffText(std::string_view text);

// The first part of a BIFF8 stream (`globals` without BOF and EOF) and its sheets (name and records without BOF and
// EOF).
std::string MakeXlsStream(std::string_view globals, const std::vector<std::pair<std::string, std::string>>& sheets);

// Parts of an xlsx package by name; relationships, content types, the workbook with the sheets "A", "B" … are added.
struct XlsxParts {
  std::vector<std::string> sheets;  // inside of <worksheet>
  std::string shared_strings = {};  // inside of <sst>
  std::string styles = {};          // inside of <styleSheet>
  std::string workbook = {};        // behind <sheets>
  std::vector<ZipMember> more = {};
};
std::vector<ZipMember> XlsxMembers(const XlsxParts& parts);
std::string MakeXlsx(const XlsxParts& parts);

// Parts of an OpenDocument spreadsheet; the sheets are called "A", "B" …
struct OdsParts {
  std::vector<std::string> tables;    // inside of <table:table>
  std::string automatic_styles = {};  // inside of <office:automatic-styles>
  std::string styles = {};            // inside of <office:styles>
  std::string after_tables = {};
  std::string table_attributes = {};  // of every table
  std::vector<ZipMember> more = {};
};
std::vector<ZipMember> OdsMembers(const OdsParts& parts);
std::string MakeOds(const OdsParts& parts);
std::string MakeFods(const OdsParts& parts);

}  // namespace tidemill::workbook::testing
