// SPDX-License-Identifier: Apache-2.0
#include "sheet_column.h"

namespace tidemill::transform {
namespace {

// Blocks grow: a sheet may have sixteen thousand columns with a cell each.
constexpr std::size_t kFirstBlock = 16;
constexpr std::size_t kLargestBlock = 8192;

}  // namespace

SheetColumn::Block::Block(std::uint32_t row, std::size_t values)
    : first_row(row),
      room(values),
      bits(std::make_unique_for_overwrite<std::uint64_t[]>(values)),
      kinds(std::make_unique_for_overwrite<ValueKind[]>(values)) {}

void SheetColumn::AddBlock(std::uint32_t row) {
  const std::size_t before = blocks_.empty() ? 0 : blocks_.back().room;
  blocks_.emplace_back(row, std::clamp(before * 4, kFirstBlock, kLargestBlock));
}

void SheetColumn::Block::AddRow(std::uint32_t row) {
  if (rows.empty()) {
    rows.reserve(room);
    for (std::size_t i = 0; i < size; ++i) rows.push_back(first_row + static_cast<std::uint32_t>(i));
  }
  rows.push_back(row);
}

}  // namespace tidemill::transform
