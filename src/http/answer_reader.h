// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "tidemill/http/client.h"

namespace tidemill::http {

// Reads the answer to one GET or HEAD as its bytes come, by RFC 9112. Bodies are taken up to their limit only, and
// are decoded where they are gzip.
class AnswerReader {
 public:
  enum class Fault {
    kNone,
    kNoHttp,          // no status line, or a head that cannot be read
    kHeadTooLarge,    // more than 256 KiB
    kBodyTooLarge,    // more than the limit, sent or decoded
    kBodyUnreadable,  // broken chunks or gzip, or an encoding that was not asked for
    kNothing,         // ended before the first byte
    kBrokenOff        // ended before the end
  };

  // `head_only`: to a HEAD, which has no body whatever its head says.
  AnswerReader(bool head_only, std::uint64_t most_bytes) : head_only_(head_only), most_bytes_(most_bytes) {}

  // Takes bytes in order, until the answer is whole.
  Fault Take(std::string_view bytes);
  // The server ended the connection.
  Fault End();

  bool whole() const { return stage_ == Stage::kWhole; }
  bool begun() const { return begun_; }
  // Whether another request may go over the same connection; of a whole answer.
  bool keeps_alive() const { return keeps_alive_; }
  // Bytes of the body so far, as sent, and how many there will be (0 where unknown).
  std::uint64_t have() const { return response_.body.size(); }
  std::uint64_t of() const { return sized_ ? length_ : 0; }
  const ClientResponse& response() const { return response_; }
  ClientResponse TakeResponse() && { return std::move(response_); }

 private:
  enum class Stage { kHead, kSized, kToEnd, kChunkSize, kChunk, kChunkEnd, kTrailer, kWhole };

  Fault TakeHead();
  bool ReadHead(std::string_view head);
  Fault BeginBody();
  Fault TakeBody();
  Fault TakeChunkLine();
  Fault Append(std::uint64_t most);
  Fault Finish();

  const bool head_only_;
  const std::uint64_t most_bytes_;
  Stage stage_ = Stage::kHead;
  bool begun_ = false;
  bool keeps_alive_ = false;
  bool sized_ = false;
  std::uint64_t length_ = 0;   // of the body, or what is left of a chunk
  std::size_t looked_at_ = 0;  // of the head, for its end
  std::string waiting_;        // not yet read
  ClientResponse response_;
};

}  // namespace tidemill::http
