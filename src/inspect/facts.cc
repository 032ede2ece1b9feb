// SPDX-License-Identifier: Apache-2.0
#include "tidemill/inspect/facts.h"

#include "tidemill/workbook/ordered_rows.h"

#include "cell_text.h"
#include "in_order.h"
#include "row_counter.h"

namespace tidemill::inspect {
namespace {

Facts FactsOf(const workbook::Workbook& book, const workbook::Sniffed& sniffed) {
  return {.format = std::string(workbook::ToText(book.format())),
          .what = sniffed.what,
          .date1904 = book.date1904(),
          .sheets = {},
          .names = book.names(),
          .issues = book.issues()};
}

struct Counted {
  SheetFacts facts;
  std::vector<workbook::Issue> issues;
};

void TakeStructure(workbook::Sheet& sheet, Counted& counted) {
  counted.facts.hidden_rows = std::move(sheet.hidden_rows);
  counted.facts.hidden_columns = std::move(sheet.hidden_columns);
  counted.facts.merges = std::move(sheet.merges);
  counted.facts.tables = std::move(sheet.tables);
  counted.facts.hyperlinks = std::move(sheet.hyperlinks);
  counted.facts.comments = std::move(sheet.comments);
  counted.issues = std::move(sheet.issues);
}

Counted CountSheet(const workbook::Workbook& book, std::size_t index, const CountOptions& options) {
  Counted counted;
  counted.facts.entry = book.sheets()[index];
  if (!HasCells(counted.facts.entry)) return counted;
  RowCounter counter;
  auto sheet = workbook::StreamInOrder(
      book, index,
      [&](const workbook::Sheet& read, const workbook::Sheet::Row& row, std::span<const workbook::Cell> cells) {
        return counter.Row(read, row, cells);
      },
      [&] { counter = RowCounter(); }, options.stop, {.comments = options.comments});
  if (!sheet) {
    counted.facts.error = std::move(sheet).error();
    return counted;
  }
  counter.Finish(counted.facts);
  TakeStructure(*sheet, counted);
  return counted;
}

}  // namespace

Facts ListWorkbook(const workbook::Workbook& book, const workbook::Sniffed& sniffed) {
  Facts facts = FactsOf(book, sniffed);
  facts.listed = true;
  for (std::size_t i = 0; i < book.sheets().size(); ++i) {
    SheetFacts& sheet = facts.sheets.emplace_back();
    sheet.entry = book.sheets()[i];
    auto tables = HasCells(sheet.entry) ? book.ReadTables(i) : std::vector<workbook::NativeTable>();
    if (tables) {
      sheet.tables = *std::move(tables);
    } else {
      sheet.error = std::move(tables).error();
    }
  }
  return facts;
}

base::Result<Facts> CountWorkbook(const workbook::Workbook& book, const workbook::Sniffed& sniffed,
                                  const CountOptions& options) {
  Facts facts = FactsOf(book, sniffed);
  const auto count = [&](std::size_t index) { return CountSheet(book, index, options); };
  const auto take = [&](std::size_t, Counted counted) -> base::Status {
    auto& error = counted.facts.error;
    if (error && error->code == base::ErrorCode::kCancelled) return tl::unexpected(*std::move(error));
    facts.sheets.push_back(std::move(counted.facts));
    std::move(counted.issues.begin(), counted.issues.end(), std::back_inserter(facts.issues));
    return {};
  };
  TIDEMILL_CHECK(InOrder(book.sheets().size(), options.threads, count, take));
  return facts;
}

}  // namespace tidemill::inspect
