// SPDX-License-Identifier: Apache-2.0
#include "value_index.h"

#include <utility>

namespace tidemill::frame {

ValueIndex::Slot& ValueIndex::SlotOf(std::uint64_t value) {
  std::uint64_t hash = value * 0x9E3779B97F4A7C15U;
  hash ^= hash >> 32U;
  std::size_t at = hash & (slots_.size() - 1);
  while (slots_[at].number != kFull && slots_[at].value != value) at = (at + 1) & (slots_.size() - 1);
  return slots_[at];
}

void ValueIndex::Grow() {
  const std::vector<Slot> before = std::exchange(slots_, std::vector<Slot>(slots_.size() * 4));
  for (const Slot& slot : before) {
    if (slot.number != kFull) SlotOf(slot.value) = slot;
  }
}

std::uint32_t ValueIndex::Find(std::uint64_t value) {
  Slot* slot = &SlotOf(value);
  if (slot->number != kFull) return slot->number;
  if (size_ >= most_) return kFull;
  if ((size_ + 1) * 2 > slots_.size()) {
    Grow();
    slot = &SlotOf(value);
  }
  *slot = {value, static_cast<std::uint32_t>(size_++)};
  return slot->number;
}

}  // namespace tidemill::frame
