// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>

#include "tidemill/base/text.h"
#include "tidemill/transform/explained_formats.h"

#include "picture_rows.h"

namespace tidemill::transform {
namespace {

constexpr std::size_t kHead = 2;           // rows that are drawn of a stretch alike
constexpr std::size_t kMostLines = 160;    // of one picture
constexpr std::size_t kRowNumber = 8;      // characters in front of the cells
constexpr std::size_t kLeastText = 24;     // characters kept for the text beside the cells
constexpr std::size_t kMostFindings = 40;  // that are listed

// Codes of ECMA-48: the letter says the same without them.
std::string_view ColourOf(CellClass cell_class) {
  switch (cell_class) {
    case CellClass::kValue:
      return "32";
    case CellClass::kMarker:
      return "33";
    case CellClass::kCode:
    case CellClass::kGroup:
      return "36";
    case CellClass::kLabel:
    case CellClass::kDimension:
      return "34";
    case CellClass::kHeader:
      return "35";
    case CellClass::kTotal:
    case CellClass::kRepeat:
      return "92";
    case CellClass::kNone:
      return "97;41";
    default:
      return "90";
  }
}

std::string Coloured(std::string_view text, std::string_view code, bool colour) {
  return colour ? fmt::format("\x1B[{}m{}\x1B[0m", code, text) : std::string(text);
}

// The bytes of a character that must not reach a terminal: control characters, and those that turn the direction of
// text. 0 where there is none at the beginning.
std::size_t UnsafeAt(std::string_view text) {
  const auto byte = [&](std::size_t i) { return i < text.size() ? static_cast<unsigned char>(text[i]) : 0U; };
  if (byte(0) < 0x20 || byte(0) == 0x7F) return 1;
  if (byte(0) == 0xC2 && byte(1) >= 0x80 && byte(1) < 0xA0) return 2;
  const bool turns = byte(0) == 0xE2 && ((byte(1) == 0x80 && byte(2) >= 0xAA && byte(2) <= 0xAE) ||
                                         (byte(1) == 0x81 && byte(2) >= 0xA6 && byte(2) <= 0xA9));
  return turns ? 3 : 0;
}

// What a terminal may show, cut to `most` bytes at the end of a character.
std::string Plain(std::string_view text, std::size_t most) {
  std::string plain;
  const std::string collapsed = base::CollapseSpace(text);
  for (std::string_view rest = collapsed; !rest.empty();) {
    const std::size_t unsafe = UnsafeAt(rest);
    plain += unsafe > 0 ? '?' : rest.front();
    rest.remove_prefix(std::max<std::size_t>(unsafe, 1));
  }
  if (plain.size() <= most) return plain;
  while (most > 0 && (static_cast<unsigned char>(plain[most]) & 0xC0U) == 0x80U) --most;
  plain.resize(most);
  return plain + "…";
}

class Drawing {
 public:
  Drawing(const Explained& explained, const Picture& picture, const TextLook& look)
      : picture_(picture), look_(look), found_(FindingsOn(explained, picture.sheet)), rows_(RowsOf(picture)) {
    ChooseColumns(ColumnsOf(picture));
  }
  std::string Draw();

 private:
  void ChooseColumns(std::vector<std::uint32_t> columns);
  std::string ColumnLines() const;
  std::string RowLine(const PictureRow& row) const;
  std::string CellLetter(const PictureCell& cell) const;

  const Picture& picture_;
  const TextLook& look_;
  FoundAt found_;
  std::vector<PictureRow> rows_;
  std::vector<std::uint32_t> columns_;
  std::string left_out_;  // "columns AB to BX are left out"
};

void Drawing::ChooseColumns(std::vector<std::uint32_t> columns) {
  const std::size_t room = std::max(look_.columns, kRowNumber + kLeastText + 20) - kRowNumber - kLeastText;
  if (columns.size() > room) {
    left_out_ = fmt::format("columns {} to {} are not drawn: the line is {} characters wide",
                            workbook::ColumnName(columns[room]), workbook::ColumnName(columns.back()), look_.columns);
    columns.resize(room);
  }
  columns_ = std::move(columns);
}

// The names of the columns, from top to bottom.
std::string Drawing::ColumnLines() const {
  std::size_t height = 1;
  for (const std::uint32_t column : columns_) height = std::max(height, workbook::ColumnName(column).size());
  std::string lines;
  for (std::size_t line = 0; line < height; ++line) {
    lines.append(kRowNumber, ' ');
    for (const std::uint32_t column : columns_) {
      const std::string name = workbook::ColumnName(column);
      const std::size_t missing = height - name.size();
      lines += line < missing ? ' ' : name[line - missing];
    }
    lines += '\n';
  }
  return lines;
}

std::string Drawing::CellLetter(const PictureCell& cell) const {
  char letter = LetterOf(cell.cell_class);
  const bool marked = found_.contains(workbook::A1(cell.row, cell.column));
  if (marked) letter = letter == '?' ? '!' : static_cast<char>(letter - 'a' + 'A');
  const std::string code = fmt::format("{}{}", marked ? "1;7;" : "", ColourOf(cell.cell_class));
  return Coloured({&letter, 1}, code, look_.colour);
}

std::string Drawing::RowLine(const PictureRow& row) const {
  std::string line = fmt::format("{:>{}}  ", row.number + 1, kRowNumber - 2);
  auto cell = row.cells.begin();
  for (const std::uint32_t column : columns_) {
    while (cell != row.cells.end() && cell->column < column) ++cell;
    if (cell != row.cells.end() && cell->column == column) {
      line += CellLetter(*cell);
    } else {
      line += found_.contains(workbook::A1(row.number, column)) ? '!' : ' ';
    }
  }
  std::string texts;
  for (const PictureCell& one : row.cells) {
    if (one.cell_class == CellClass::kValue || one.cell_class == CellClass::kTotal) continue;
    texts += (texts.empty() ? "" : " | ") + base::CollapseSpace(one.text);
    if (texts.size() > look_.columns) break;
  }
  const std::size_t used = kRowNumber + columns_.size() + 2;
  return line + "  " + Plain(texts, look_.columns > used + 8 ? look_.columns - used - 1 : 8) + "\n";
}

std::string Drawing::Draw() {
  std::string text = fmt::format("\n'{}'{}\n", Plain(picture_.sheet, 60), picture_.bound ? "" : ", not bound");
  text += ColumnLines();
  std::size_t lines = 0;
  for (const Stretch& stretch : Fold(rows_, found_, kHead)) {
    if (stretch.folded) {
      text += fmt::format("{:>{}}  {} rows alike\n", "⋮", kRowNumber - 2, stretch.end - stretch.first);
      ++lines;
      continue;
    }
    for (std::size_t i = stretch.first; i < stretch.end; ++i, ++lines) {
      if (lines >= kMostLines) {
        return text + fmt::format("        {} more rows; --html draws them all\n", rows_.size() - i) +
               (left_out_.empty() ? "" : "        " + left_out_ + "\n");
      }
      text += RowLine(rows_[i]);
    }
  }
  if (!left_out_.empty()) text += "        " + left_out_ + "\n";
  return text;
}

std::string Legend(const Explained& explained, const TextLook& look) {
  std::array<std::int64_t, static_cast<std::size_t>(CellClass::kIgnored) + 1> counts{};
  for (const Picture& picture : explained.pictures) {
    for (const PictureCell& cell : picture.cells) ++counts.at(static_cast<std::size_t>(cell.cell_class));
  }
  std::string legend;
  for (std::size_t i = 0; i < counts.size(); ++i) {
    if (counts[i] == 0) continue;
    const auto cell_class = static_cast<CellClass>(i);
    const char letter = LetterOf(cell_class);
    legend +=
        fmt::format("{}{} {} {}", legend.empty() ? "" : ", ", Coloured({&letter, 1}, ColourOf(cell_class), look.colour),
                    ToText(cell_class), base::Thousands(counts[i]));
  }
  return "\nletters  " + legend + (explained.findings.empty() ? "" : "; upper case and !: a finding lies there") + "\n";
}

std::string PlaceOf(const Candidate& candidate) {
  const std::string sheet = fmt::format("'{}'", Plain(candidate.sheet, 60));
  return candidate.range ? sheet + "!" + workbook::A1(*candidate.range) : sheet;
}

std::string Candidates(const Explained& explained) {
  std::string text;
  for (const Candidate& candidate : explained.candidates) {
    text += fmt::format("  {:.2f}  {}  {}: {}\n", candidate.score, candidate.what, PlaceOf(candidate),
                        Plain(candidate.why, 200));
  }
  return text.empty() ? text : "candidates\n" + text;
}

std::string FindingLines(const Explained& explained) {
  std::string text;
  for (std::size_t i = 0; i < explained.findings.size() && i < kMostFindings; ++i) {
    const Finding& finding = explained.findings[i];
    text += fmt::format("{:<8} {}: {}\n", ToText(finding.severity), finding.Id(), finding.message);
  }
  if (explained.findings.size() > kMostFindings) {
    text += fmt::format("         … and {} more findings\n", explained.findings.size() - kMostFindings);
  }
  return text;
}

}  // namespace

std::string ToText(const Explained& explained, const TextLook& look) {
  std::string text = explained.text;
  if (explained.error) text += fmt::format("not bound: {}\n", explained.error->ToText());
  text += Candidates(explained) + FindingLines(explained);
  for (const Picture& picture : explained.pictures) text += Drawing(explained, picture, look).Draw();
  return text + Legend(explained, look);
}

}  // namespace tidemill::transform
