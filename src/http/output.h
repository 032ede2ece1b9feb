// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "tidemill/http/message.h"

namespace tidemill::http {

// Bytes on their way to one client: small ones copied together, so that many answers go out in one write; large ones
// kept where they are and gathered.
class Output {
 public:
  void Append(std::string_view bytes) { text_ += bytes; }
  // For bodies: over kLargeBytes they are kept, not copied.
  void AppendBody(SharedBytes body);
  void AppendBody(std::string&& body);

  bool empty() const { return bytes() == 0; }
  std::size_t bytes() const { return text_.size() + large_bytes_ - written_; }
  // Unwritten bytes of a body that lies in a file (see file_owner.h).
  struct FilePart {
    int file = -1;
    std::size_t offset = 0, size = 0;
  };
  // The next pieces to write: at most `most`, and at most `most_bytes` of them. They end before a body in a file; that
  // is what comes behind them, of size 0 where there is none.
  FilePart Pieces(std::vector<std::string_view>& pieces, std::size_t most, std::size_t most_bytes) const;
  // From now on all bodies are among the pieces.
  void ForgetFiles();
  // The first `count` bytes have been written. Where that was all, memory of ordinary size is kept for the next.
  void Consume(std::size_t count);

 private:
  static constexpr std::size_t kLargeBytes = std::size_t{16} << 10U;
  struct Large {
    std::size_t at;  // in text_
    int file;        // that holds the body as well, or -1
    SharedBytes body;
  };

  std::string text_;
  std::vector<Large> large_;
  std::size_t large_bytes_ = 0;
  std::size_t written_ = 0;  // of text and large bodies together
};

}  // namespace tidemill::http
