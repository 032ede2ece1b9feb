// SPDX-License-Identifier: Apache-2.0
#include "xlsb_parts.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "biff12.h"
#include "formula_text.h"

namespace tidemill::workbook {
namespace {

constexpr std::size_t kMostSheets = 16'384;

class WorkbookPartReader {
 public:
  XlsbWorkbookPart Read(std::string_view part) {
    Biff12Walker walker(part);
    Biff12Record record;
    while (walker.Next(record)) Handle(record);
    if (!walker.AtEnd()) AddIssue("cut-off", "the workbook part ends inside of a record", walker.at());
    if (left_out_ > 0) AddIssue("limit", std::to_string(left_out_) + " sheets and names too many are left out", 0);
    for (const auto& sheet : part_.sheets) names_.sheets.push_back(sheet.entry.name);
    for (const DefinedName& name : part_.names) names_.names.push_back(name.name);
    for (std::size_t i = 0; i < formulas_.size(); ++i) {
      part_.names[i].refers_to = FormulaText(formulas_[i], kBiff12, names_).value_or("");
    }
    return std::move(part_);
  }

 private:
  void Handle(const Biff12Record& record) {
    Biff12Fields fields(record.body);
    switch (record.id) {
      case Biff12::kWorkbookProperties:
        part_.date1904 = (fields.U32() & 1U) != 0;
        return;
      case Biff12::kBundleSheet:
        return AddSheet(fields);
      case Biff12::kName:
        return AddName(fields);
      case Biff12::kBookSelf:
      case Biff12::kBookSame:
        own_books_.push_back(true);
        return;
      case Biff12::kBookSource:
      case Biff12::kBookAddIn:
        own_books_.push_back(false);
        return;
      case Biff12::kExternSheet:
        return AddLinks(fields);
      default:
        return;
    }
  }

  void AddIssue(std::string code, std::string message, std::size_t at) {
    part_.issues.push_back(
        {.code = std::move(code), .message = std::move(message), .sheet = {}, .cell = {}, .offset = at});
  }

  void AddSheet(Biff12Fields& fields) {
    if (part_.sheets.size() >= kMostSheets) {
      ++left_out_;
      return;
    }
    ListedSheet item;
    const std::uint32_t state = fields.U32();
    item.entry.visibility = state == 0   ? Visibility::kVisible
                            : state == 1 ? Visibility::kHidden
                                         : Visibility::kVeryHidden;
    fields.U32();  // its number, which may have gaps
    item.relation = fields.Text();
    item.entry.name = fields.Text();
    part_.sheets.push_back(std::move(item));
  }

  // Names of macros and functions have no formula.
  void AddName(Biff12Fields& fields) {
    constexpr std::uint32_t kBuiltIn = 0x20;
    if (part_.names.size() >= kMostNames) {
      ++left_out_;
      return;
    }
    const std::uint32_t flags = fields.U32();
    fields.U8();  // keyboard shortcut
    const std::uint32_t sheet = fields.U32();
    DefinedName name{.name = fields.Text(), .refers_to = {}};
    if ((flags & kBuiltIn) != 0 && !name.name.starts_with("_xlnm.")) name.name = "_xlnm." + name.name;
    if (sheet < part_.sheets.size()) name.sheet = static_cast<int>(sheet);
    formulas_.push_back(fields.Take(fields.U32()));
    part_.names.push_back(std::move(name));
  }

  void AddLinks(Biff12Fields& fields) {
    const std::uint32_t count = fields.U32();
    for (std::uint32_t i = 0; i < count && !fields.empty(); ++i) {
      const std::uint32_t book = fields.U32();
      FormulaNames::Link link{.own = book < own_books_.size() && own_books_[book], .outside = {}};
      link.first_sheet = static_cast<std::int32_t>(fields.U32());
      link.last_sheet = static_cast<std::int32_t>(fields.U32());
      if (!link.own) link.outside = "[" + std::to_string(book) + "]";
      names_.links.push_back(std::move(link));
    }
  }

  XlsbWorkbookPart part_;
  std::size_t left_out_ = 0;
  FormulaNames names_;
  std::vector<bool> own_books_;
  std::vector<std::string_view> formulas_;
};

}  // namespace

XlsbWorkbookPart ReadXlsbWorkbook(std::string_view part) {
  return WorkbookPartReader().Read(part);
}

// The counts at the beginning may be wrong; the strings end where the part does.
SharedStrings ReadXlsbStrings(std::string_view part, const std::vector<TextRun>& fonts, const Limits& limits) {
  constexpr std::size_t kSmallestItem = 7;
  SharedStrings strings(limits.string_characters);
  Biff12Walker walker(part);
  Biff12Record record;
  BiffString string;
  std::uint32_t unique = 0;
  while (walker.Next(record)) {
    if (record.id == Biff12::kBeginShared) {
      unique = LoadU32(record.body, 4);
      strings.Reserve(std::min<std::size_t>(unique, part.size() / kSmallestItem), part.size() / 2);
    }
    if (record.id != Biff12::kSharedItem) continue;
    Biff12Fields(record.body).Rich(fonts, string);
    strings.Add(string.text, string.runs);
  }
  if (!walker.AtEnd() || strings.size() < unique) {
    strings.issues.push_back(
        {.code = "string-table",
         .message = "the shared strings end after " + std::to_string(strings.size()) + " of " + std::to_string(unique),
         .sheet = {},
         .cell = {},
         .offset = walker.at()});
  }
  return strings;
}

NativeTable ReadXlsbTable(std::string_view part) {
  NativeTable table;
  Biff12Walker walker(part);
  Biff12Record record;
  while (walker.Next(record)) {
    Biff12Fields fields(record.body);
    if (record.id == Biff12::kBeginTable) {
      table.range = fields.Rectangle();
      fields.Take(8);  // kind and number
      table.header_rows = fields.U32();
      table.totals_rows = fields.U32();
      fields.Take(32);  // flags, six formats, connection
      table.name = fields.Text();
      if (std::string shown = fields.Text(); !shown.empty()) table.name = std::move(shown);
    } else if (record.id == Biff12::kBeginTableColumn) {
      fields.Take(24);  // numbers and formats
      std::string unique = fields.Text();
      std::string caption = fields.Text();
      table.columns.push_back(caption.empty() ? std::move(unique) : std::move(caption));
    }
  }
  return table;
}

void ReadXlsbComments(std::string_view part, CellSink& sink) {
  std::vector<std::string> authors;
  std::optional<Comment> comment;
  BiffString string;
  Biff12Walker walker(part);
  Biff12Record record;
  const auto give = [&] {
    if (comment) sink.AddComment(*std::exchange(comment, std::nullopt));
  };
  while (walker.Next(record)) {
    Biff12Fields fields(record.body);
    if (record.id == Biff12::kCommentAuthor) {
      authors.push_back(fields.Text());
    } else if (record.id == Biff12::kBeginComment) {
      give();
      const std::uint32_t author = fields.U32();
      const Range range = fields.Rectangle();
      comment = {.row = range.first_row,
                 .column = range.first_column,
                 .author = author < authors.size() ? authors[author] : std::string(),
                 .text = {}};
    } else if (record.id == Biff12::kCommentText && comment) {
      fields.Rich({}, string);
      comment->text = string.text;
    }
  }
  give();
}

}  // namespace tidemill::workbook
