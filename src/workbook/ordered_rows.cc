// SPDX-License-Identifier: Apache-2.0
#include "tidemill/workbook/ordered_rows.h"

#include <optional>

namespace tidemill::workbook {
namespace {

// Stops at the first row that does not stand below the one before.
class InOrderOnly final : public RowSink {
 public:
  explicit InOrderOnly(const TakeRow& take) : take_(take) {}
  bool Row(const Sheet& sheet, const Sheet::Row& row, std::span<const Cell> cells) override {
    if (last_ && row.number <= *last_) {
      in_order_ = false;
      return false;
    }
    last_ = row.number;
    return take_(sheet, row, cells);
  }
  bool in_order() const { return in_order_; }

 private:
  const TakeRow& take_;
  std::optional<std::uint32_t> last_;
  bool in_order_ = true;
};

}  // namespace

base::Result<Sheet> StreamInOrder(const Workbook& book, std::size_t index, const TakeRow& take,
                                  const std::function<void()>& again, const std::stop_token& stop,
                                  const ReadOptions& options) {
  InOrderOnly rows(take);
  auto streamed = book.StreamSheet(index, rows, stop, options);
  if (rows.in_order()) return streamed;
  again();
  TIDEMILL_ASSIGN(Sheet sheet, book.ReadSheet(index, stop, options));
  for (std::size_t i = 0; i < sheet.rows().size(); ++i) {
    if (!take(sheet, sheet.rows()[i], sheet.CellsOf(i))) break;
  }
  return sheet;
}

base::Result<bool> ComesInOrder(const Workbook& book, std::size_t index, const std::stop_token& stop) {
  const TakeRow all = [](const Sheet&, const Sheet::Row&, std::span<const Cell>) { return true; };
  InOrderOnly rows(all);
  TIDEMILL_ASSIGN(const Sheet sheet, book.StreamSheet(index, rows, stop));
  return rows.in_order();
}

}  // namespace tidemill::workbook
