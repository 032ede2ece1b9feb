// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "tidemill/http/server.h"

#include "output.h"
#include "request_head.h"
#include "stream_socket.h"

namespace tidemill::http {

class IoThread;

// One client. Lives on its I/O thread; a worker only runs the handler over the request and posts the answer back.
// At any time it reads, or writes, or waits for a worker (and may write what was ready before): it parses no further
// until the answer before is queued, so answers keep the order of the requests.
class Connection final : public Watched, public std::enable_shared_from_this<Connection> {
 public:
  using Milliseconds = std::chrono::milliseconds;

  Connection(StreamSocket socket, IoThread& thread);
  void Start();
  void OnReady(const Readiness& ready) override;
  int descriptor() const { return socket_.descriptor(); }
  // Takes no more requests: closes when nothing is in the works.
  void Drain();
  // Ends what has waited too long. Called every tick.
  void CheckTime();
  void Close();

 private:
  enum class Phase { kIdle, kHead, kAnswer, kLinger };

  void Step();
  bool TakeRequest();
  bool TakeHead(Refusal& refusal);
  bool ReadsBody() const;
  bool TakeBody(std::size_t head_size, Refusal& refusal);
  void HandOver();
  Response RunHandler() const;
  void OnAnswer(std::uint64_t number, Response response);
  void HandSocketOver();
  void AskForPiece();
  base::Result<std::string> MakePiece();
  void OnPiece(std::uint64_t number, base::Result<std::string> piece);
  void Abort();
  void Observe(int status, std::uint64_t body_bytes, bool whole = true);
  void Refuse(const Refusal& refusal);
  bool Write();
  StreamSocket::Outcome WriteSome(std::size_t most, std::size_t& count);
  void GoOnLater();
  void GoOn();
  void StartRead();
  void Read();
  void StartLinger();
  void Discard();
  void Enter(Phase phase, Milliseconds timeout);
  bool IsHeadRequest() const { return request_.method == "HEAD"; }

  StreamSocket socket_;
  IoThread& thread_;
  std::string input_;
  std::size_t begin_ = 0, end_ = 0;  // of what was read and not yet taken
  HeadScan scan_;
  std::size_t head_size_ = 0;  // of a head whose body is still on its way
  Request request_;
  Framing framing_;
  Output ready_, writing_out_;
  std::function<base::Result<std::string>()> next_piece_;  // of the answer that is being sent; a worker may be in it
  std::shared_ptr<WebSocketListener> web_socket_;          // who takes the socket when the answer is written
  int status_ = 0;                                         // of that answer
  std::uint64_t piece_bytes_ = 0;                          // of its body so far
  std::string peer_;                                       // where somebody observes
  std::chrono::steady_clock::time_point request_began_;
  Phase phase_ = Phase::kIdle;
  Milliseconds deadline_{0};      // of the phase
  Milliseconds window_end_{0};    // of the slow-reader watch
  std::size_t window_bytes_ = 0;  // written in it
  std::size_t discarded_ = 0;
  std::size_t answers_ = 0;  // in ready_
  std::uint64_t answer_number_ = 0;
  bool reading_ = false, writing_ = false, waiting_ = false, last_ = false, closed_ = false;
  bool blocked_ = false;  // writing waits for room
  bool sending_pieces_ = false;
  bool is_prepared_ = false;  // the answer lay ready
};

}  // namespace tidemill::http
