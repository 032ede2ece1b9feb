// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <arrow/type_fwd.h>

#include "tidemill/base/result.h"

// Cells of SpreadsheetML.
namespace tidemill::query {

// The places of these in the workbook's cell formats.
enum class CellStyle : int { kPlain = 0, kHeader = 1, kDate = 2, kInstant = 3 };

std::string ColumnLetters(std::size_t column);  // from 0: "A"
// Text of XML; what XML cannot hold as `_xHHHH_`, and a text that looks like that with its '_' so.
void AppendXmlText(std::string& out, std::string_view text);
// Texts over 32,767 characters do not fit into a cell. kTooLarge.
base::Status AppendTextCell(std::string& out, std::string_view place, std::string_view text, CellStyle style);

// Writes rows of a batch, typed: numbers, dates, moments and truth as such. Whole numbers that a double cannot hold,
// and dates that the calendar of spreadsheets has otherwise (before March 1900), are texts.
class RowCells {
 public:
  virtual ~RowCells() = default;
  // `number` from 1, in the sheet.
  virtual base::Status AppendRow(std::string& out, std::int64_t row, std::uint64_t number) = 0;
};
// `batch` must outlive it. kUnsupported for a type that has no text.
base::Result<std::unique_ptr<RowCells>> MakeRowCells(const arrow::RecordBatch& batch);

}  // namespace tidemill::query
