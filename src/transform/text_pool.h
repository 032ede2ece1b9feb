// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace tidemill::transform {

// Keeps each text once and gives it a number, in order of appearance.
class TextPool {
 public:
  std::uint32_t Add(std::string_view text);
  std::string_view Text(std::uint32_t number) const { return texts_[number]; }
  std::size_t size() const { return texts_.size(); }

 private:
  std::string_view Keep(std::string_view text);

  std::vector<std::unique_ptr<char[]>> blocks_;
  std::deque<std::string> long_;
  std::size_t free_ = 0;  // bytes at the end of the last block
  std::vector<std::string_view> texts_;
  std::unordered_map<std::string_view, std::uint32_t> numbers_;
};

}  // namespace tidemill::transform
