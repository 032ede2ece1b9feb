// SPDX-License-Identifier: Apache-2.0
// How an answer gets to its client.
#include <algorithm>

#include "connection.h"
#include "io_thread.h"

namespace tidemill::http {
namespace {

using Outcome = StreamSocket::Outcome;

constexpr std::size_t kMostPieces = 64;
constexpr std::size_t kMostTurnBytes = std::size_t{256} << 10U;  // written before it is the other connections' turn

}  // namespace

// What the socket takes at once, at most so many bytes.
StreamSocket::Outcome Connection::WriteSome(std::size_t most, std::size_t& count) {
  auto& pieces = thread_.pieces();
  const Output::FilePart part = writing_out_.Pieces(pieces, kMostPieces, most);
  if (pieces.empty()) {
    const Outcome outcome = socket_.SendFile(part.file, part.offset, std::min(part.size, most), count);
    if (outcome != Outcome::kClosed) return outcome;
    writing_out_.ForgetFiles();  // where it is the socket's fault the next write says so
    return Outcome::kDone;
  }
  return socket_.Send(pieces, part.size > 0, count);  // the head goes out with the first bytes of a body in a file
}

// True where all was written; else it goes on when the socket takes more, or in the next turn.
bool Connection::Write() {
  std::size_t written = 0;
  while (!writing_out_.empty()) {
    if (written >= kMostTurnBytes) {
      GoOnLater();
      return false;
    }
    std::size_t count = 0;
    const Outcome outcome = WriteSome(kMostTurnBytes - written, count);
    if (outcome == Outcome::kBlocked) {
      writing_ = blocked_ = true;
      return false;
    }
    if (outcome == Outcome::kClosed) {
      Close();
      return false;
    }
    writing_out_.Consume(count);
    written += count;
    window_bytes_ += count;
  }
  return true;
}

void Connection::GoOnLater() {
  writing_ = true;
  thread_.loop().Post([self = shared_from_this()] { self->GoOn(); });
}

void Connection::GoOn() {
  writing_ = false;
  if (!closed_ && Write()) Step();
}

}  // namespace tidemill::http
