// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>

namespace tidemill::workbook {

// Bytes that pass by in pieces: what is still wanted of those before stays in front of the new ones, in one stretch.
class SlidingBuffer {
 public:
  static constexpr std::size_t kPiece = std::size_t{128} << 10U;  // half of a core's second cache on most processors
  static constexpr std::size_t kPadding = 64;

  // Moves the last `kept` bytes to the front and makes room for a piece, for `behind` bytes that a writer may spill
  // over its end, and for the padding. Gives the place of the next byte.
  std::uint8_t* Slide(std::size_t kept, std::size_t behind = 0);
  // The bytes up to `end` are there now; zeros follow them. The view begins `kept` bytes before the piece.
  std::string_view View(std::uint8_t* end, std::size_t kept);

  const std::uint8_t* begin() const { return memory_.get(); }
  std::size_t size() const { return size_; }

 private:
  std::unique_ptr<std::uint8_t[]> memory_;
  std::size_t capacity_ = 0;
  std::size_t size_ = 0;
  std::size_t piece_ = 0;  // where the last piece begins
};

}  // namespace tidemill::workbook
