// SPDX-License-Identifier: Apache-2.0
#include "curl_socket.h"

#include <array>

#include <poll.h>

#include "client_error.h"
#include "curl_trust.h"
#include "no_pipe_signal.h"

namespace tidemill::http {
namespace {

int StopsConnect(void* user, curl_off_t /*of*/, curl_off_t /*have*/, curl_off_t /*upload_of*/,
                 curl_off_t /*uploaded*/) noexcept {
  return static_cast<const std::stop_token*>(user)->stop_requested() ? 1 : 0;
}

}  // namespace

CurlSocket::~CurlSocket() {
  const NoPipeSignal no_signal;  // it may say goodbye to a peer that is gone
  if (easy_ != nullptr) curl_.easy_cleanup(easy_);
}

base::Result<std::unique_ptr<CurlSocket>> CurlSocket::Connect(const std::string& url, std::chrono::milliseconds timeout,
                                                              const std::stop_token& stop) {
  TIDEMILL_ASSIGN(const CurlLibrary* curl, LoadCurl());
  auto socket = std::make_unique<CurlSocket>(*curl);
  if (socket->easy_ == nullptr) return base::Fail(base::ErrorCode::kInternal, "libcurl gives no handle: out of memory");
  TIDEMILL_CHECK(socket->Open(url, timeout, stop));
  return socket;
}

base::Status CurlSocket::Open(const std::string& url, std::chrono::milliseconds timeout, const std::stop_token& stop) {
  std::array<char, CURL_ERROR_SIZE> detail{};
  std::stop_token asked = stop;
  const long milliseconds = timeout.count();
  curl_.easy_setopt(easy_, CURLOPT_ERRORBUFFER, detail.data());
  curl_.easy_setopt(easy_, CURLOPT_URL, url.c_str());
  curl_.easy_setopt(easy_, CURLOPT_PROTOCOLS_STR, "http,https");
  curl_.easy_setopt(easy_, CURLOPT_NOSIGNAL, 1L);
  curl_.easy_setopt(easy_, CURLOPT_CONNECT_ONLY, 1L);
  curl_.easy_setopt(easy_, CURLOPT_HTTPPROXYTUNNEL, 1L);  // what follows is no request that a proxy could read
  curl_.easy_setopt(easy_, CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_1_1));
  curl_.easy_setopt(easy_, CURLOPT_CONNECTTIMEOUT_MS, milliseconds);
  curl_.easy_setopt(easy_, CURLOPT_XFERINFOFUNCTION, &StopsConnect);
  curl_.easy_setopt(easy_, CURLOPT_XFERINFODATA, &asked);
  curl_.easy_setopt(easy_, CURLOPT_NOPROGRESS, 0L);
  SetNamedTrust(curl_, easy_);
  const NoPipeSignal no_signal;
  const CURLcode code = curl_.easy_perform(easy_);
  curl_.easy_setopt(easy_, CURLOPT_NOPROGRESS, 1L);  // what it points to ends here
  curl_.easy_setopt(easy_, CURLOPT_ERRORBUFFER, nullptr);
  curl_socket_t descriptor = CURL_SOCKET_BAD;
  if (code == CURLE_OK) curl_.easy_getinfo(easy_, CURLINFO_ACTIVESOCKET, &descriptor);
  descriptor_ = descriptor;
  if (code == CURLE_OK && descriptor != CURL_SOCKET_BAD) return {};
  long os_error = 0;
  curl_.easy_getinfo(easy_, CURLINFO_OS_ERRNO, &os_error);
  const ClientRequest request{.url = url, .connect_timeout = timeout};
  return tl::unexpected(ToError({.code = code == CURLE_OK ? CURLE_COULDNT_CONNECT : code,
                                 .os_error = static_cast<int>(os_error),
                                 .detail = detail[0] != '\0' ? detail.data() : curl_.easy_strerror(code),
                                 .url = url},
                                request));
}

SocketOutcome CurlSocket::Send(std::string_view bytes, SteadyTime until, const StopWaker& waker) {
  const NoPipeSignal no_signal;
  while (!bytes.empty()) {
    std::size_t sent = 0;
    const CURLcode code = curl_.easy_send(easy_, bytes.data(), bytes.size(), &sent);
    bytes.remove_prefix(sent);
    if (code == CURLE_OK) continue;
    if (code != CURLE_AGAIN) return SocketOutcome::kFailed;
    const SocketOutcome outcome = WaitForSocket(descriptor_, POLLOUT, until, waker);
    if (outcome != SocketOutcome::kDone) return outcome;
  }
  return SocketOutcome::kDone;
}

SocketOutcome CurlSocket::Receive(std::span<char> buffer, SteadyTime until, const StopWaker& waker, std::size_t& got) {
  const NoPipeSignal no_signal;
  for (;;) {
    got = 0;
    // TLS may hold bytes for which the socket would never wake: it is asked before waiting.
    const CURLcode code = curl_.easy_recv(easy_, buffer.data(), buffer.size(), &got);
    if (code == CURLE_OK) return got > 0 ? SocketOutcome::kDone : SocketOutcome::kClosed;
    if (code != CURLE_AGAIN) return SocketOutcome::kFailed;
    const SocketOutcome outcome = WaitForSocket(descriptor_, POLLIN, until, waker);
    if (outcome != SocketOutcome::kDone) return outcome;
  }
}

}  // namespace tidemill::http
