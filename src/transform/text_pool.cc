// SPDX-License-Identifier: Apache-2.0
#include "text_pool.h"

#include <cstring>

namespace tidemill::transform {
namespace {

constexpr std::size_t kBlockBytes = std::size_t{64} << 10U;

}  // namespace

std::uint32_t TextPool::Add(std::string_view text) {
  if (const auto found = numbers_.find(text); found != numbers_.end()) return found->second;
  const auto number = static_cast<std::uint32_t>(texts_.size());
  texts_.push_back(Keep(text));
  numbers_.emplace(texts_.back(), number);
  return number;
}

std::string_view TextPool::Keep(std::string_view text) {
  if (text.empty()) return {};
  if (text.size() > kBlockBytes / 4) return long_.emplace_back(text);
  if (text.size() > free_) {
    blocks_.push_back(std::make_unique<char[]>(kBlockBytes));
    free_ = kBlockBytes;
  }
  char* const begin = blocks_.back().get() + (kBlockBytes - free_);
  std::memcpy(begin, text.data(), text.size());
  free_ -= text.size();
  return {begin, text.size()};
}

}  // namespace tidemill::transform
