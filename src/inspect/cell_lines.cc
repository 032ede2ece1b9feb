// SPDX-License-Identifier: Apache-2.0
#include "tidemill/inspect/cell_lines.h"

#include <algorithm>
#include <iterator>
#include <string>

#include "tidemill/workbook/ordered_rows.h"

#include "cell_text.h"
#include "in_order.h"
#include "line_writer.h"

namespace tidemill::inspect {
namespace {

struct SheetLines {
  std::string text;  // what has not gone to `sink`
  std::vector<workbook::Issue> issues;
  base::Status status;  // of the sheet
  base::Status written;
};

// Rows out of order are met while lines are still held back, or looked for before any is let go.
base::Result<workbook::Sheet> WriteCells(const workbook::Workbook& book, std::size_t index, const std::stop_token& stop,
                                         LineWriter& writer) {
  const auto take = [&](const workbook::Sheet& sheet, const workbook::Sheet::Row& row,
                        std::span<const workbook::Cell> cells) { return writer.Row(sheet, row, cells); };
  const auto again = [&] {
    writer.Begin();
    writer.Release();
  };
  auto sheet = workbook::StreamInOrder(book, index, take, again, stop);
  if (!writer.is_full()) return sheet;
  again();
  TIDEMILL_ASSIGN(const bool in_order, workbook::ComesInOrder(book, index, stop));
  if (in_order) return workbook::StreamInOrder(book, index, take, again, stop);
  TIDEMILL_ASSIGN(workbook::Sheet whole, book.ReadSheet(index, stop));
  for (std::size_t i = 0; i < whole.rows().size(); ++i) {
    if (!take(whole, whole.rows()[i], whole.CellsOf(i))) break;
  }
  return whole;
}

// `sink`: null where the lines are to be kept.
SheetLines WriteSheet(const workbook::Workbook& book, std::size_t index, const std::stop_token& stop,
                      const base::ByteSink* sink) {
  SheetLines lines;
  const workbook::SheetEntry& entry = book.sheets()[index];
  if (!HasLines(book.format(), entry)) return lines;
  LineWriter writer(entry, sink);
  writer.Begin();
  if (HasCells(entry)) {
    auto sheet = WriteCells(book, index, stop, writer);
    if (sheet) {
      lines.issues = std::move(sheet->issues);
    } else {
      lines.status = tl::unexpected(std::move(sheet).error());
    }
  }
  lines.written = writer.Finish();
  lines.text = writer.text();
  return lines;
}

bool IsCancelled(const base::Status& status) {
  return !status && status.error().code == base::ErrorCode::kCancelled;
}

}  // namespace

base::Result<CellLinesReport> WriteCellLines(const workbook::Workbook& book, unsigned threads,
                                             const std::stop_token& stop, const base::ByteSink& sink) {
  CellLinesReport report;
  const base::ByteSink* const direct = threads > 1 ? nullptr : &sink;
  const auto make = [&, direct](std::size_t index) { return WriteSheet(book, index, stop, direct); };
  const auto take = [&](std::size_t, SheetLines lines) -> base::Status {
    TIDEMILL_CHECK(std::move(lines.written));
    if (IsCancelled(lines.status)) return lines.status;
    if (!lines.text.empty()) TIDEMILL_CHECK(sink(lines.text));
    if (!lines.status) report.errors.push_back(std::move(lines.status).error());
    std::move(lines.issues.begin(), lines.issues.end(), std::back_inserter(report.issues));
    return {};
  };
  TIDEMILL_CHECK(InOrder(book.sheets().size(), threads, make, take));
  return report;
}

}  // namespace tidemill::inspect
