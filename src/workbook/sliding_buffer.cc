// SPDX-License-Identifier: Apache-2.0
#include "sliding_buffer.h"

#include <cstring>

namespace tidemill::workbook {

std::uint8_t* SlidingBuffer::Slide(std::size_t kept, std::size_t behind) {
  const std::size_t room = kept + kPiece + behind + kPadding;
  if (capacity_ < room) {
    auto larger = std::make_unique_for_overwrite<std::uint8_t[]>(room + kept);
    if (kept > 0) std::memcpy(larger.get(), memory_.get() + size_ - kept, kept);
    memory_ = std::move(larger);
    capacity_ = room + kept;
  } else if (kept > 0) {
    std::memmove(memory_.get(), memory_.get() + size_ - kept, kept);
  }
  size_ = kept;
  piece_ = kept;
  return memory_.get() + size_;
}

std::string_view SlidingBuffer::View(std::uint8_t* end, std::size_t kept) {
  std::memset(end, 0, kPadding);
  size_ = static_cast<std::size_t>(end - memory_.get());
  return {reinterpret_cast<const char*>(memory_.get()) + piece_ - kept, size_ - piece_ + kept};
}

}  // namespace tidemill::workbook
