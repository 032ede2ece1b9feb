// SPDX-License-Identifier: Apache-2.0
#include "pieced_bytes.h"

#include <algorithm>
#include <memory>

namespace tidemill::workbook {

PiecedBytes::PiecedBytes(Buffer bytes) : PiecedBytes(std::vector<std::string_view>{bytes.view}) {
  owned_ = std::move(bytes);
}

PiecedBytes::PiecedBytes(std::vector<std::string_view> pieces) : pieces_(std::move(pieces)) {
  for (const std::string_view piece : pieces_) {
    begins_.push_back(size_);
    size_ += piece.size();
  }
}

std::string_view PiecedBytes::PieceAt(std::size_t at) const {
  if (at >= size_) return {};
  const auto next = std::upper_bound(begins_.begin(), begins_.end(), at);
  const auto index = static_cast<std::size_t>(next - begins_.begin()) - 1;
  return pieces_[index].substr(at - begins_[index]);
}

Buffer PiecedBytes::Part(std::size_t at, std::size_t size) const {
  Buffer part;
  if (at >= size_) return part;
  size = std::min(size, size_ - at);
  const std::string_view together = PieceAt(at);
  if (together.size() >= size) {
    part.view = together.substr(0, size);
    return part;
  }
  part.memory = std::make_unique_for_overwrite<char[]>(size);
  for (std::size_t done = 0; done < size;) {
    const std::string_view piece = PieceAt(at + done).substr(0, size - done);
    piece.copy(part.memory.get() + done, piece.size());
    done += piece.size();
  }
  part.view = {part.memory.get(), size};
  return part;
}

}  // namespace tidemill::workbook
