// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <string>
#include <string_view>

namespace tidemill::worker {

// Bytes as lines: each is said without its end, one longer than 16 kB in pieces; what is no UTF-8 is marked. What is
// left at its end is a line too.
class LineCutter {
 public:
  explicit LineCutter(const std::function<void(std::string_view)>& say) : say_(say) {}
  LineCutter(const LineCutter&) = delete;
  LineCutter& operator=(const LineCutter&) = delete;
  ~LineCutter() { Say(); }

  void Add(std::string_view bytes) {
    for (const char c : bytes) {
      if (c == '\n') {
        Say();
      } else {
        line_ += c;
        if (line_.size() >= kLongest) Say();
      }
    }
  }

 private:
  static constexpr std::size_t kLongest = std::size_t{16} << 10U;
  void Say() {
    if (!line_.empty() && line_.back() == '\r') line_.pop_back();
    if (!line_.empty() && say_) say_(line_);
    line_.clear();
  }

  const std::function<void(std::string_view)>& say_;
  std::string line_;
};

}  // namespace tidemill::worker
