// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

namespace tidemill::transform {

enum class ValueKind : std::uint8_t { kNumber, kDate, kBool, kText, kError };
inline constexpr std::size_t kValueKinds = 5;

// What a cell holds: a double's bits (a date's serial from 1899-12-30), 0 or 1, or the number of a text in the pool.
struct SheetValue {
  std::uint32_t row = 0;  // of the table, from 0
  ValueKind kind = ValueKind::kNumber;
  std::uint64_t bits = 0;
};

// The cells of one column of a sheet, rows ascending; memory is taken for what is there, not for what is blank.
class SheetColumn {
 public:
  void Add(const SheetValue& value) {
    if (blocks_.empty() || blocks_.back().size == blocks_.back().room) AddBlock(value.row);
    Block& block = blocks_.back();
    if (value.row != block.first_row + block.size || !block.rows.empty()) block.AddRow(value.row);
    block.bits[block.size] = value.bits;
    block.kinds[block.size] = value.kind;
    ++block.size;
    ++counts_[static_cast<std::size_t>(value.kind)];
    ++size_;
  }
  std::uint64_t count(ValueKind kind) const { return counts_[static_cast<std::size_t>(kind)]; }
  std::uint64_t size() const { return size_; }

  // Gives the values above row `end` that were not given before to `take`; the memory of what is done with is freed.
  template <class Take>
  void Drain(std::uint32_t end, Take&& take);
  // Calls `change` with every value's kind and bits, both to be changed.
  template <class Change>
  void ForEach(Change&& change);

 private:
  struct Block {
    Block(std::uint32_t row, std::size_t values);
    std::uint32_t RowOf(std::size_t i) const {
      return rows.empty() ? first_row + static_cast<std::uint32_t>(i) : rows[i];
    }
    void AddRow(std::uint32_t row);

    std::uint32_t first_row;
    std::size_t size = 0, room;  // values there are, and there can be
    std::unique_ptr<std::uint64_t[]> bits;
    std::unique_ptr<ValueKind[]> kinds;
    std::vector<std::uint32_t> rows;  // empty while they follow each other without a gap
  };
  void AddBlock(std::uint32_t row);

  std::vector<Block> blocks_;
  std::array<std::uint64_t, kValueKinds> counts_{};
  std::uint64_t size_ = 0;
  std::size_t block_ = 0;  // how far Drain has come
  std::size_t at_ = 0;
};

template <class Take>
void SheetColumn::Drain(std::uint32_t end, Take&& take) {
  for (; block_ < blocks_.size(); ++block_, at_ = 0) {
    Block& block = blocks_[block_];
    for (; at_ < block.size; ++at_) {
      const std::uint32_t row = block.RowOf(at_);
      if (row >= end) return;
      take(SheetValue{.row = row, .kind = block.kinds[at_], .bits = block.bits[at_]});
    }
    block = Block(0, 0);
  }
}

template <class Change>
void SheetColumn::ForEach(Change&& change) {
  counts_ = {};
  for (Block& block : blocks_) {
    for (std::size_t i = 0; i < block.size; ++i) {
      change(block.kinds[i], block.bits[i]);
      ++counts_[static_cast<std::size_t>(block.kinds[i])];
    }
  }
}

}  // namespace tidemill::transform
