// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <utility>

#include "tidemill/base/result.h"

namespace tidemill::base {

// An open file of the system, closed at the end of its life.
class Descriptor {
 public:
  explicit Descriptor(int fd = -1) : fd_(fd) {}
  Descriptor(Descriptor&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  Descriptor& operator=(Descriptor&&) = delete;
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  ~Descriptor() { Close(); }
  int get() const { return fd_; }
  // The system's answer: 0, or -1 with errno.
  int Close();

 private:
  int fd_;
};

// "FILE: cannot <what>: <the system's words>"; the code is that of the system's error number.
tl::unexpected<Error> FailOnFile(const std::string& what, const std::string& file, int error);

}  // namespace tidemill::base
