// SPDX-License-Identifier: Apache-2.0
#include "line_writer.h"

#include <array>
#include <charconv>

#include "tidemill/base/text.h"

#include "cell_text.h"
#include "runs_json.h"

namespace tidemill::inspect {
namespace {

using workbook::Cell;
using workbook::CellKind;

constexpr std::size_t kPiece = std::size_t{64} << 10U;
constexpr std::size_t kMostHeld = std::size_t{4} << 20U;

void AppendInt(std::string& out, std::uint32_t number) {
  std::array<char, 12> digits{};
  out.append(digits.data(), std::to_chars(digits.data(), digits.data() + digits.size(), number).ptr);
}

}  // namespace

LineWriter::LineWriter(const workbook::SheetEntry& entry, const base::ByteSink* sink) : sink_(sink) {
  sheet_members_ = R"({"sheet":)";
  base::AppendJsonString(sheet_members_, entry.name);
  sheet_members_ += R"(,"visibility":")";
  sheet_members_ += NameOf(entry.visibility);
  sheet_members_ += '"';
}

void LineWriter::Begin() {
  out_ = sheet_members_;
  out_ += "}\n";
}

bool LineWriter::is_full() const {
  return sink_ != nullptr && !released_ && out_.size() > kMostHeld;
}

bool LineWriter::Row(const workbook::Sheet& sheet, const workbook::Sheet::Row& row, std::span<const Cell> cells) {
  row_members_ = sheet_members_;
  row_members_ += R"(,"row":)";
  AppendInt(row_members_, row.number);
  row_members_ += R"(,"col":)";
  for (const Cell& cell : cells) AddCell(sheet, cell);
  if (!released_) return !is_full();
  return out_.size() < kPiece || Flush();
}

void LineWriter::AddCell(const workbook::Sheet& sheet, const Cell& cell) {
  if (cell.kind == CellKind::kBlank) return;
  out_ += row_members_;
  AppendInt(out_, cell.column);
  switch (cell.kind) {
    case CellKind::kString:
      AddString(sheet, cell);
      break;
    case CellKind::kBool:
      out_ += cell.boolean() ? R"(,"kind":"b","value":"TRUE")" : R"(,"kind":"b","value":"FALSE")";
      break;
    case CellKind::kError:
      out_ += R"(,"kind":"e","value":")";
      out_ += workbook::ToText(cell.error());
      out_ += '"';
      break;
    default:
      out_ += R"(,"kind":"n","value":")";
      AppendNumber(out_, cell.number());
      out_ += '"';
  }
  out_ += "}\n";
}

void LineWriter::AddString(const workbook::Sheet& sheet, const Cell& cell) {
  const std::string_view text = sheet.Text(cell);
  out_ += R"(,"kind":"s","value":)";
  base::AppendJsonString(out_, WithLineFeeds(text, scratch_));
  const workbook::Script script = sheet.StyleOf(cell).script;
  if (const auto runs = sheet.Runs(cell); !runs.empty()) {
    out_ += R"(,"runs":)";
    AppendRuns(out_, text, runs);
  } else if (script != workbook::Script::kPlain) {
    const workbook::Style& style = sheet.StyleOf(cell);
    const workbook::TextRun whole{
        .start = 0, .script = script, .bold = style.bold, .italic = style.italic, .strike = style.strike};
    out_ += R"(,"runs":)";
    AppendRuns(out_, text, std::span(&whole, 1));
  }
  if (script == workbook::Script::kPlain) return;
  out_ += R"(,"cell_script":")";
  out_ += NameOf(script);
  out_ += '"';
}

bool LineWriter::Flush() {
  if (sink_ == nullptr) return true;
  if (status_) status_ = (*sink_)(out_);
  out_.clear();
  return status_.has_value();
}

base::Status LineWriter::Finish() {
  Flush();
  return status_;
}

}  // namespace tidemill::inspect
