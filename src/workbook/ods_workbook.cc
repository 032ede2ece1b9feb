// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <map>
#include <set>

#include "formats.h"
#include "ods_sheet.h"
#include "ods_structure.h"
#include "text_encoding.h"
#include "zip.h"

namespace tidemill::workbook {
namespace {

using base::ErrorCode;
using base::Fail;
using base::FailAt;
using Event = XmlReader::Event;

constexpr std::string_view kContent = "content.xml";
constexpr std::uint64_t kMostOfPart = std::uint64_t{40} << 20U;  // of the styles and the manifest

// The manifest (part 2, 4) says which members are encrypted; their flags in the archive do not.
bool IsEncrypted(std::string_view manifest, const Limits& limits) {
  XmlReader xml(manifest, limits.xml_depth);
  for (Event event = xml.Next(); event != Event::kDone && event != Event::kError; event = xml.Next()) {
    if (event == Event::kStart && xml.name() == "encryption-data") return true;
  }
  return false;
}

// The common styles; those that stand beside them are of headers and footers.
void ReadCommonStyles(std::string_view text, const Limits& limits, OdsStyles& styles) {
  XmlReader xml(text, limits.xml_depth);
  for (Event event = xml.Next(); event != Event::kDone && event != Event::kError; event = xml.Next()) {
    if (event != Event::kStart || xml.name() == "document-styles") continue;
    if (xml.name() == "styles") {
      styles.ReadSection(xml);
    } else {
      xml.SkipElement();
    }
  }
}

// Notes the texts of the rows that are headers of database ranges, on their way to a taker of rows.
class HeaderCells final : public RowSink {
 public:
  HeaderCells(const std::vector<OdsStructure::DatabaseRange>& ranges, RowSink* next) : next_(next) {
    for (const auto& range : ranges) rows_.insert(range.table.range.first_row);
  }

  bool Row(const Sheet& sheet, const Sheet::Row& row, std::span<const Cell> cells) override {
    if (rows_.contains(row.number)) {
      for (const Cell& cell : cells) texts_[{row.number, cell.column}] = sheet.DisplayText(cell);
    }
    return next_->Row(sheet, row, cells);
  }

  // Of the first row of a range, in a sheet that has its cells or has given them to this.
  std::vector<std::string> Texts(const Range& range, const Sheet& sheet) const {
    std::vector<std::string> texts;
    for (std::uint32_t column = range.first_column; column <= range.last_column; ++column) {
      const Cell* cell = sheet.Find(range.first_row, column);
      const auto noted = texts_.find({range.first_row, column});
      texts.push_back(cell != nullptr ? sheet.DisplayText(*cell) : noted != texts_.end() ? noted->second : "");
    }
    return texts;
  }

 private:
  RowSink* next_;
  std::set<std::uint32_t> rows_;
  std::map<std::pair<std::uint32_t, std::uint32_t>, std::string> texts_;  // by row and column
};

class OdsWorkbook final : public Workbook {
 public:
  static base::Result<std::unique_ptr<Workbook>> OpenPackage(std::string_view bytes, const Limits& limits) {
    TIDEMILL_ASSIGN(const ZipArchive archive, ZipArchive::Open(bytes, limits));
    auto workbook = std::unique_ptr<OdsWorkbook>(new OdsWorkbook(Format::kOds, limits));
    if (const auto* manifest = archive.Find("META-INF/manifest.xml")) {
      TIDEMILL_ASSIGN(const ZipArchive::Member member, archive.ReadUpTo(*manifest, kMostOfPart));
      if (IsEncrypted(member.bytes.view, limits)) {
        return Fail(ErrorCode::kUnsupported,
                    "encrypted: the workbook is protected by a password, expected an open one");
      }
    }
    if (const auto* styles = archive.Find("styles.xml")) {
      TIDEMILL_ASSIGN(ZipArchive::Member member, archive.ReadUpTo(*styles, kMostOfPart));
      ReadCommonStyles(workbook->Take(std::move(member)).view, limits, workbook->book_.styles);
    }
    const auto* content = archive.Find(kContent);
    if (content == nullptr) {
      return Fail(ErrorCode::kMalformed, "corrupt-container: no member 'content.xml' in the package");
    }
    TIDEMILL_ASSIGN(MemberStream stream, workbook->OpenContent(archive, *content));
    TIDEMILL_CHECK(workbook->ReadStructure(std::move(stream)));
    return workbook;
  }

  static base::Result<std::unique_ptr<Workbook>> OpenFlat(std::string_view bytes, const Limits& limits) {
    auto workbook = std::unique_ptr<OdsWorkbook>(new OdsWorkbook(Format::kFods, limits));
    workbook->content_ = XmlAsUtf8(bytes);
    TIDEMILL_CHECK(workbook->ReadStructure(workbook->ContentInMemory()));
    return workbook;
  }

  Format format() const override { return format_; }
  const std::vector<SheetEntry>& sheets() const override { return sheets_; }
  const std::vector<DefinedName>& names() const override { return structure_.names; }
  const std::vector<Issue>& issues() const override { return issues_; }
  bool date1904() const override { return false; }  // dates are written as such

  base::Result<std::vector<NativeTable>> ReadTables(std::size_t index) const override {
    if (index >= sheets_.size()) return Fail(ErrorCode::kNotFound, "sheet {} of {}", index, sheets_.size());
    std::vector<NativeTable> tables;
    for (const OdsStructure::DatabaseRange& range : structure_.ranges) {
      if (range.sheet == sheets_[index].name) tables.push_back(range.table);
    }
    return tables;
  }

  base::Result<Sheet> Read(std::size_t index, RowSink* rows, std::stop_token stop,
                           const ReadOptions& options) const override {
    if (index >= sheets_.size()) return Fail(ErrorCode::kNotFound, "sheet {} of {}", index, sheets_.size());
    const MemberStream::Place& place = places_[index];
    MemberStream stream = MemberStream::From(place);
    XmlReader xml(stream, book_.book.limits.xml_depth);
    SkipTo(xml, structure_.tables[index].offset - place.offset);
    xml.Next();
    HeaderCells headers(structure_.ranges, rows);
    CellSink sink(book_.book, std::make_shared<const SharedStrings>(book_.book.limits.string_characters),
                  sheets_[index], rows == nullptr ? nullptr : &headers);
    TIDEMILL_CHECK(ReadOdsSheet(xml, book_, stop, options, sink));
    TIDEMILL_ASSIGN(Sheet sheet, std::move(sink).Finish());
    for (Issue& issue : sheet.issues) issue.offset += place.offset;
    AddTables(headers, sheet);
    return sheet;
  }

 private:
  OdsWorkbook(Format format, const Limits& limits) : format_(format) { book_.book.limits = limits; }

  Buffer Take(ZipArchive::Member member) {
    issues_.insert(issues_.end(), member.issues.begin(), member.issues.end());
    if (EncodingByMark(member.bytes.view).empty() && !member.bytes.view.starts_with("<?xml"))
      return std::move(member.bytes);
    Buffer text = XmlAsUtf8(member.bytes.view);
    if (text.memory == nullptr) text.memory = std::move(member.bytes.memory);
    return text;
  }

  // A stream of what is UTF-8; other texts are turned into it in memory.
  base::Result<MemberStream> OpenContent(const ZipArchive& archive, const ZipArchive::Entry& entry) {
    TIDEMILL_ASSIGN(MemberStream stream, archive.OpenStream(entry));
    stream.KeepPlaces();
    TIDEMILL_ASSIGN(const std::string_view first, stream.Peek());
    if (XmlAsUtf8(first).memory == nullptr) return stream;
    TIDEMILL_ASSIGN(ZipArchive::Member member, archive.Read(entry));
    content_ = Take(std::move(member));
    return ContentInMemory();
  }

  MemberStream ContentInMemory() const {
    MemberStream stream = MemberStream::Of({.memory = nullptr, .view = content_.view});
    stream.KeepPlaces();
    return stream;
  }

  base::Status ReadStructure(MemberStream stream) {
    XmlReader xml(stream, book_.book.limits.xml_depth);
    structure_ = ReadOdsStructure(xml, book_.styles);
    // To its end, where the checksum is known, and a limit may be passed.
    std::optional<base::Error> broken = xml.stream_error();
    while (!broken) {
      const auto next = stream.Next();
      if (!next) broken = next.error();
      if (next && next->empty()) break;
    }
    if (broken && (broken->code == ErrorCode::kTooLarge || structure_.tables.empty())) return tl::unexpected(*broken);
    if (structure_.tables.empty()) {
      return FailAt(ErrorCode::kMalformed, std::string(kContent), "corrupt-container: no sheets in the document{}{}",
                    structure_.error.empty() ? "" : ": ", structure_.error);
    }
    issues_.insert(issues_.end(), stream.issues().begin(), stream.issues().end());
    if (broken) {
      AddIssue("inflate", broken->ToText(), xml.offset());
    } else if (!structure_.error.empty()) {
      AddIssue("xml", structure_.error, xml.offset());
    }
    if (structure_.is_cut) AddIssue("limit", "more sheets or names than a workbook may have; the rest are left out", 0);
    SetStyles();
    for (const OdsStructure::Table& table : structure_.tables) {
      sheets_.push_back(table.entry);
      places_.push_back(PlaceOf(stream.places(), table.offset));
    }
    return {};
  }

  void SetStyles() {
    if (book_.styles.too_many()) AddIssue("styles", "more than 65535 styles; the rest count as none", 0);
    std::vector<Style> styles = book_.styles.MakeStyles();
    book_.percent_style = static_cast<std::uint32_t>(styles.size());
    styles.push_back({.number_format = "0%", .number_class = NumberClass::kPercent});
    book_.book.SetStyles(std::move(styles));
  }

  // The last one that does not stand behind `offset`.
  static MemberStream::Place PlaceOf(const std::vector<MemberStream::Place>& places, std::uint64_t offset) {
    const auto behind =
        std::upper_bound(places.begin() + 1, places.end(), offset,
                         [](std::uint64_t wanted, const MemberStream::Place& place) { return wanted < place.offset; });
    return *(behind - 1);
  }

  // `xml` has just begun.
  static void SkipTo(XmlReader& xml, std::uint64_t offset) {
    do {
      const std::uint64_t left = offset - std::min(offset, xml.offset());
      xml.Take(static_cast<std::size_t>(std::min<std::uint64_t>(left, xml.rest().size())));
    } while (xml.offset() < offset && xml.ReadMore());
  }

  void AddIssue(std::string code, std::string message, std::uint64_t offset) {
    issues_.push_back(
        {.code = std::move(code), .message = std::move(message), .sheet = {}, .cell = {}, .offset = offset});
  }

  void AddTables(const HeaderCells& headers, Sheet& sheet) const {
    for (const OdsStructure::DatabaseRange& range : structure_.ranges) {
      if (range.sheet != sheet.name) continue;
      NativeTable table = range.table;
      if (table.header_rows > 0) table.columns = headers.Texts(table.range, sheet);
      sheet.tables.push_back(std::move(table));
    }
  }

  Format format_;
  OdsBook book_;
  Buffer content_;                           // where it is not streamed
  std::vector<MemberStream::Place> places_;  // from where the sheets are read
  OdsStructure structure_;
  std::vector<SheetEntry> sheets_;
  std::vector<Issue> issues_;
};

}  // namespace

base::Result<std::unique_ptr<Workbook>> OpenOds(std::string_view bytes, const Limits& limits) {
  return OdsWorkbook::OpenPackage(bytes, limits);
}

base::Result<std::unique_ptr<Workbook>> OpenFods(std::string_view bytes, const Limits& limits) {
  return OdsWorkbook::OpenFlat(bytes, limits);
}

}  // namespace tidemill::workbook
