// SPDX-License-Identifier: Apache-2.0
#include "tidemill/transform/sheet_table.h"

#include <set>

#include <arrow/record_batch.h>

#include "tidemill/base/text.h"

#include "sheet_batches.h"
#include "sheet_rows.h"

namespace tidemill::transform {
namespace {

using base::ErrorCode;
using base::Quoted;

constexpr std::uint64_t kMostPlaces = 2'000'000'000;  // of the table, blank ones too

std::string Count(std::uint64_t count, std::string_view what) {
  return fmt::format("{} {}{}", base::Thousands(static_cast<std::int64_t>(count)), what, count == 1 ? "" : "s");
}

class Finisher {
 public:
  Finisher(SheetRows& rows, SheetTableFacts& facts) : rows_(rows), facts_(facts) {}

  base::Result<std::shared_ptr<arrow::RecordBatchReader>> Finish(const workbook::Sheet& sheet, bool dictionaries) {
    rows_.Finish();
    if (!rows_.used) return base::Fail(ErrorCode::kNotFound, "no cells there, expected a table");
    const std::vector<std::uint32_t> numbers = ColumnNumbers();
    if (std::uint64_t{rows_.rows} * numbers.size() > kMostPlaces) {
      return base::Fail(ErrorCode::kTooLarge, "limit: {} rows of {} columns have more than {} places", rows_.rows,
                        numbers.size(), kMostPlaces);
    }
    SayWhatIsLeftOut();
    NameAll(numbers, sheet.merges);
    facts_.rows = rows_.rows;
    facts_.header = rows_.header_rows;
    facts_.used = rows_.used;
    return MakeSheetBatches(std::move(typed_), rows_.rows, rows_.pool, dictionaries);
  }

 private:
  bool IsFilled(std::uint32_t column) const { return column < rows_.columns.size() && rows_.columns[column]; }

  // Those of a range, as far as anything stands in it; of a whole sheet those with a cell.
  std::vector<std::uint32_t> ColumnNumbers() const {
    std::set<std::uint32_t> with_header;
    for (const HeaderCell& cell : rows_.header) with_header.insert(cell.column);
    const auto& range = rows_.options().range;
    const bool named = !rows_.options().names.empty();
    const std::uint32_t last = range && named ? range->last_column : rows_.used->last_column;
    std::vector<std::uint32_t> numbers;
    for (std::uint32_t column = range ? range->first_column : rows_.used->first_column; column <= last; ++column) {
      if (range || with_header.contains(column) || IsFilled(column)) numbers.push_back(column);
    }
    return numbers;
  }

  void SayWhatIsLeftOut() {
    if (rows_.cells_above > 0) {
      facts_.remarks.push_back(Count(rows_.cells_above, "cell") + " above the header left out");
    }
    if (rows_.cells_of_totals > 0) {
      facts_.remarks.push_back(Count(rows_.cells_of_totals, "cell") + " of the table's totals left out");
    }
    if (rows_.header_rows.empty() && rows_.options().names.empty()) {
      facts_.remarks.push_back("no header found: columns are named by their letters");
    }
  }

  void NameAll(const std::vector<std::uint32_t>& numbers, const std::vector<workbook::Range>& merges) {
    UniqueNames taken;
    std::vector<std::string> names;
    if (rows_.options().names.size() == numbers.size()) {
      for (const std::string& name : rows_.options().names) names.push_back(taken.Take(name));
    } else {
      names = NameColumns(rows_.header, merges, numbers, taken, facts_.remarks);
    }
    for (std::size_t i = 0; i < numbers.size(); ++i) AddColumn(numbers[i], names[i], taken);
  }

  void AddColumn(std::uint32_t number, const std::string& name, UniqueNames& taken) {
    CollectedColumn collected;
    if (IsFilled(number)) collected = std::move(*rows_.columns[number]);
    const std::uint64_t errors = collected.cells.count(ValueKind::kError);
    const std::uint64_t all = collected.cells.size();
    TypedColumn& typed =
        typed_.emplace_back(ToTyped(std::move(collected.cells), collected.traits, *rows_.pool, codes_));
    typed.name = name;
    const bool is_texts = typed.type == ColumnType::kTexts;
    const std::string letter = workbook::ColumnName(number);
    facts_.columns.push_back({.name = name,
                              .type = std::string(NameOf(typed.type)),
                              .letter = letter,
                              .values = is_texts ? typed.texts : all - typed.texts});
    if (typed.has_texts) {
      typed.texts_name = taken.Take(name + "_text");
      facts_.columns.push_back(
          {.name = typed.texts_name, .type = "utf8", .letter = letter, .values = typed.texts, .texts_of = name});
      facts_.remarks.push_back(fmt::format("column {}: {} of {} cells are no {}, they are in {}", Quoted(name),
                                           typed.texts, all, NameOf(typed.type), Quoted(typed.texts_name)));
    }
    if (errors > 0) {
      facts_.remarks.push_back(fmt::format("column {}: {}, as text", Quoted(name), Count(errors, "error")));
    }
    if (collected.days > 0) {
      facts_.remarks.push_back(fmt::format("column {}: {} without a day (durations, times of day) are numbers of days",
                                           Quoted(name), Count(collected.days, "value")));
    }
  }

  SheetRows& rows_;
  SheetTableFacts& facts_;
  std::vector<TypedColumn> typed_;
  std::vector<std::int32_t> codes_;
};

}  // namespace

struct SheetTable::Impl {
  SheetRows rows;
};

SheetTable::SheetTable(SheetTableOptions options) : impl_(new Impl{SheetRows(std::move(options))}) {}
SheetTable::SheetTable(SheetTable&&) noexcept = default;
SheetTable::~SheetTable() = default;

std::uint64_t SheetTable::cells() const {
  return impl_->rows.cells();
}

void SheetTable::Row(const workbook::Sheet& sheet, const workbook::Sheet::Row& row,
                     std::span<const workbook::Cell> cells) {
  impl_->rows.Take(sheet, row.number, cells);
}

base::Result<std::shared_ptr<arrow::RecordBatchReader>> SheetTable::Finish(const workbook::Sheet& sheet,
                                                                           bool dictionaries,
                                                                           SheetTableFacts& facts) && {
  return Finisher(impl_->rows, facts).Finish(sheet, dictionaries);
}

}  // namespace tidemill::transform
