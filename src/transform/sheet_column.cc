// SPDX-License-Identifier: Apache-2.0
#include "sheet_column.h"

namespace tidemill::transform {
namespace {

// Blocks grow: a sheet may have sixteen thousand columns with a cell each.
constexpr std::size_t kFirstBlock = 16;
constexpr std::size_t kLargestBlock = 8192;

}  // namespace

SheetColumn::Block& SheetColumn::BlockFor(std::uint32_t row) {
  if (!blocks_.empty() && blocks_.back().bits.size() < blocks_.back().bits.capacity()) return blocks_.back();
  const std::size_t size = blocks_.empty() ? kFirstBlock : std::min(kLargestBlock, blocks_.back().bits.capacity() * 4);
  Block& block = blocks_.emplace_back();
  block.first_row = row;
  block.bits.reserve(size);
  block.kinds.reserve(size);
  return block;
}

void SheetColumn::Add(const SheetValue& value) {
  Block& block = BlockFor(value.row);
  const std::size_t size = block.bits.size();
  if (block.rows.empty() && value.row != block.first_row + size) {
    block.rows.reserve(block.bits.capacity());
    for (std::size_t i = 0; i < size; ++i) block.rows.push_back(block.first_row + static_cast<std::uint32_t>(i));
  }
  if (!block.rows.empty()) block.rows.push_back(value.row);
  block.bits.push_back(value.bits);
  block.kinds.push_back(value.kind);
  ++counts_[static_cast<std::size_t>(value.kind)];
  ++size_;
}

}  // namespace tidemill::transform
