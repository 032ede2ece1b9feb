// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>
#include <vector>

#include "bytes.h"

namespace tidemill::workbook {

// Bytes that lie in several places one after the other, as the sectors of a container do. They are not copied but where
// somebody wants a stretch across two places. Views outlive it, memory of its own does not.
class PiecedBytes {
 public:
  PiecedBytes() = default;
  explicit PiecedBytes(Buffer bytes);
  explicit PiecedBytes(std::vector<std::string_view> pieces);

  std::size_t size() const { return size_; }
  bool lie_together() const { return pieces_.size() <= 1; }
  // What lies together from a place on; empty behind the end.
  std::string_view PieceAt(std::size_t at) const;
  // Cut where the bytes end; a view where it lies together.
  Buffer Part(std::size_t at, std::size_t size) const;

 private:
  Buffer owned_;
  std::vector<std::string_view> pieces_;
  std::vector<std::size_t> begins_;  // of the pieces
  std::size_t size_ = 0;
};

}  // namespace tidemill::workbook
