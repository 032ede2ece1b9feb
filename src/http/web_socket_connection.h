// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <chrono>
#include <cstddef>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "tidemill/http/web_socket.h"

#include "stream_socket.h"
#include "web_socket_frames.h"

namespace tidemill::http {

class IoThread;

// A connection after its upgrade. Lives on its I/O thread, but for Send and Close; the listener is called on workers.
// While one is in a call, what comes meanwhile is gathered for the next, up to kMostPending; then reading stops.
class WebSocketConnection final : public WebSocket,
                                  public Watched,
                                  public std::enable_shared_from_this<WebSocketConnection> {
 public:
  using Milliseconds = std::chrono::milliseconds;

  // `input` is what came behind the request.
  WebSocketConnection(StreamSocket socket, IoThread& thread, std::shared_ptr<WebSocketListener> listener,
                      std::string_view input);
  ~WebSocketConnection() override = default;
  WebSocketConnection(const WebSocketConnection&) = delete;
  WebSocketConnection& operator=(const WebSocketConnection&) = delete;

  void Start();
  void OnReady(const Readiness& ready) override;
  int descriptor() const { return socket_.descriptor(); }
  void CheckTime();  // every tick
  void Drain();      // the server goes away
  void Abandon();    // without a word

  bool Send(std::string text) override;
  void Close(std::uint16_t code, std::string_view reason) override;

 private:
  void StartRead();
  void Read();
  void TakeFrames();
  void Work();
  void OnWorked(const std::vector<WebSocketItem>& done, bool failed);
  void Answer(const WebSocketItem& item);
  void End(std::uint16_t code, std::string_view reason);
  void Write();
  void WriteOn();

  StreamSocket socket_;
  IoThread& thread_;
  std::shared_ptr<WebSocketListener> listener_;
  FrameReader frames_;
  std::string input_;
  std::size_t input_size_ = 0;
  std::vector<WebSocketItem> pending_;
  std::size_t pending_bytes_ = 0;
  std::string ready_, writing_out_;
  std::size_t written_ = 0;                        // of writing_out_
  std::size_t ready_cost_ = 0, writing_cost_ = 0;  // of the texts in them, as queued_ counts them
  Milliseconds heard_{0}, pinged_{0}, write_began_{0};
  bool opened_ = false, reading_ = false, writing_ = false, working_ = false;
  bool blocked_ = false;  // writing waits for room
  bool ending_ = false;   // a close frame is on its way: nothing more is read or said
  bool closed_ = false;

  std::mutex open_mutex_;  // of is_open_: nothing is posted to a loop that may be gone
  bool is_open_ = true;
  std::atomic<std::size_t> queued_{0};  // bytes of texts that are not written yet
};

}  // namespace tidemill::http
