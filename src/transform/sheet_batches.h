// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>
#include <vector>

#include <arrow/type_fwd.h>

#include "tidemill/base/result.h"

#include "sheet_column.h"
#include "text_pool.h"

namespace tidemill::transform {

// The values of which kind a table's column holds. All others of the same sheet column are in its texts.
enum class ColumnType { kInt64, kFloat64, kDate32, kTimestampMs, kBool, kTexts };

// A sheet's column as one or two of a table's.
struct TypedColumn {
  SheetColumn cells;
  ColumnType type = ColumnType::kTexts;
  bool has_texts = false;  // beside another type
  std::string name;
  std::string texts_name;            // where it has texts beside
  std::vector<std::uint32_t> words;  // numbers in the pool of the different texts; the cells' bits are indices of these
  std::uint64_t texts = 0;
};

// Takes a table apart batch by batch.
std::shared_ptr<arrow::RecordBatchReader> MakeSheetBatches(std::vector<TypedColumn> columns, std::uint32_t rows,
                                                           std::shared_ptr<const TextPool> pool, bool dictionaries);

// "int64", "utf8" …
std::string_view NameOf(ColumnType type);

}  // namespace tidemill::transform
