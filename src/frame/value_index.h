// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace tidemill::frame {

// Numbers values 0, 1, 2 … in the order they are first seen, up to `most` of them. Open addressing, at most half full.
class ValueIndex {
 public:
  static constexpr std::uint32_t kFull = 0xFFFFFFFFU;

  explicit ValueIndex(std::size_t most) : most_(most), slots_(kFirstSlots) {}
  // The value's number; kFull where it is new and there are `most` already.
  std::uint32_t Find(std::uint64_t value);

 private:
  static constexpr std::size_t kFirstSlots = 256;
  struct Slot {
    std::uint64_t value = 0;
    std::uint32_t number = kFull;
  };
  Slot& SlotOf(std::uint64_t value);
  void Grow();

  std::size_t most_;
  std::size_t size_ = 0;
  std::vector<Slot> slots_;
};

}  // namespace tidemill::frame
