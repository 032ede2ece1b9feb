// SPDX-License-Identifier: Apache-2.0
#include "xls_comments.h"

#include <optional>
#include <unordered_map>

#include "code_page.h"

namespace tidemill::workbook {
namespace {

class CommentsReader {
 public:
  CommentsReader(std::string_view stream, const BiffText& text, CellSink& sink)
      : stream_(stream), text_(text), sink_(sink) {}

  void Read() {
    BiffWalker walker(stream_, 0);
    BiffRecord record;
    int depth = 0;
    while (walker.Next(record)) {
      if (IsBof(record.id)) ++depth;
      if (record.id == Biff::kEof && --depth <= 0) break;
      if (depth == 1) Handle(record);
    }
    for (const auto& [object, comment] : by_object_) {
      const auto text = texts_.find(object);
      if (text != texts_.end()) sink_.sheet().comments[comment].text = text->second;
    }
  }

 private:
  void Handle(const BiffRecord& record) {
    switch (record.id) {
      case Biff::kNote:
        return text_.version < kBiff8 ? OldNote(record.body) : Note(record);
      case Biff::kObject:
        object_.reset();
        if (record.body.size() >= 8 && LoadU16(record.body, 0) == kCommonPart) object_ = LoadU16(record.body, 6);
        return;
      case Biff::kTextObject:
        if (object_) texts_[*object_] = TextOf(record);
        return;
      default:
        return;
    }
  }

  // The text follows in CONTINUE records.
  std::string TextOf(const BiffRecord& record) const {
    constexpr std::size_t kFixedPart = 18;
    std::string text;
    const std::size_t count = LoadU16(record.body, 10);
    if (count == 0) return text;
    BiffReader reader(stream_, record);
    reader.Skip(kFixedPart);
    const bool wide = (reader.U8() & 1U) != 0;
    reader.Characters(count, wide, text);
    return text;
  }

  void Note(const BiffRecord& record) {
    if (record.body.size() < 8) return;
    BiffReader reader(stream_, record);
    reader.Skip(8);
    ReadBiffString(reader, text_, LengthField::kWord, string_);
    by_object_.emplace_back(LoadU16(record.body, 6), sink_.sheet().comments.size());
    sink_.sheet().comments.push_back(
        {.row = LoadU16(record.body, 0), .column = LoadU16(record.body, 2), .author = string_.text, .text = {}});
  }

  // A long text goes on in further records whose row is 65,535.
  void OldNote(std::string_view body) {
    constexpr std::uint16_t kGoesOn = 0xFFFF;
    auto& comments = sink_.sheet().comments;
    if (body.size() < 6) return;
    const bool goes_on = LoadU16(body, 0) == kGoesOn;
    if (goes_on && comments.empty()) return;
    if (!goes_on) {
      comments.push_back({.row = LoadU16(body, 0), .column = LoadU16(body, 2), .author = {}, .text = {}});
    }
    AppendCodePage(comments.back().text, body.substr(6), text_.code_page);
  }

  static constexpr std::uint16_t kCommonPart = 0x15;

  std::string_view stream_;
  const BiffText& text_;
  CellSink& sink_;
  BiffString string_;
  std::optional<std::uint16_t> object_;
  std::unordered_map<std::uint16_t, std::string> texts_;
  std::vector<std::pair<std::uint16_t, std::size_t>> by_object_;
};

}  // namespace

void ReadXlsComments(std::string_view records, const BiffText& text, CellSink& sink) {
  CommentsReader(records, text, sink).Read();
}

}  // namespace tidemill::workbook
