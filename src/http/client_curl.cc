// SPDX-License-Identifier: Apache-2.0
#include "client_curl.h"

#include <algorithm>
#include <array>
#include <charconv>

#include "tidemill/base/text.h"
#include "tidemill/http/url.h"

#include "client_error.h"
#include "curl_trust.h"
#include "no_pipe_signal.h"

namespace tidemill::http {
namespace {

using base::ErrorCode;

constexpr std::size_t kMostHeaderBytes = std::size_t{256} << 10U;
constexpr std::size_t kMostIdleSessions = 4;
// Reserved at once for a body of a known length; more is taken as it comes, since the length may be a lie.
constexpr std::uint64_t kMostReserved = std::uint64_t{1} << 20U;

// What libcurl's callbacks write to.
struct Exchange {
  const ClientRequest& request;
  std::stop_token stop;
  ClientResponse response = {};
  std::size_t header_bytes = 0;
  bool body_too_large = false;
  bool headers_too_large = false;
};

void ReadStatusLine(std::string_view line, Exchange& exchange) {
  // A further status line follows an interim answer or a redirect: only the last answer counts.
  exchange.response = ClientResponse{};
  const std::size_t blank = line.find(' ');
  if (blank == std::string_view::npos) return;
  std::from_chars(line.data() + blank + 1, line.data() + line.size(), exchange.response.status);
}

std::size_t OnHeader(char* bytes, std::size_t size, std::size_t count, void* user) noexcept {
  Exchange& exchange = *static_cast<Exchange*>(user);
  const std::string_view line(bytes, size * count);
  exchange.header_bytes += line.size();
  if (exchange.header_bytes > kMostHeaderBytes) {
    exchange.headers_too_large = true;
    return 0;
  }
  const std::size_t colon = line.find(':');
  if (line.starts_with("HTTP/")) {
    ReadStatusLine(line, exchange);
  } else if (colon != std::string_view::npos) {
    exchange.response.headers.emplace_back(line.substr(0, colon), base::Trim(line.substr(colon + 1)));
  }
  return line.size();
}

std::size_t OnBody(char* bytes, std::size_t size, std::size_t count, void* user) noexcept {
  Exchange& exchange = *static_cast<Exchange*>(user);
  std::string& body = exchange.response.body;
  const std::size_t more = size * count;
  if (more > exchange.request.most_bytes - std::min<std::uint64_t>(body.size(), exchange.request.most_bytes)) {
    exchange.body_too_large = true;
    return 0;
  }
  if (body.empty()) {
    const auto length = base::ParseInt(HeaderValue(exchange.response.headers, "content-length")).value_or(0);
    body.reserve(std::min(
        {static_cast<std::uint64_t>(std::max<std::int64_t>(length, 0)), kMostReserved, exchange.request.most_bytes}));
  }
  body.append(bytes, more);
  return more;
}

int OnProgress(void* user, curl_off_t of, curl_off_t have, curl_off_t /*upload_of*/, curl_off_t /*uploaded*/) noexcept {
  const Exchange& exchange = *static_cast<const Exchange*>(user);
  if (exchange.request.progress && have > 0) {
    exchange.request.progress(static_cast<std::uint64_t>(have),
                              static_cast<std::uint64_t>(std::max<curl_off_t>(of, 0)));
  }
  return exchange.stop.stop_requested() ? 1 : 0;
}

// Frees the list of headers.
class HeaderList {
 public:
  HeaderList(const CurlLibrary& curl, const ClientRequest& request) : curl_(curl) {
    Append("Expect:");  // no waiting for "100 Continue"
    for (const auto& [name, value] : request.headers) Append(value.empty() ? name + ";" : name + ": " + value);
  }
  HeaderList(const HeaderList&) = delete;
  HeaderList& operator=(const HeaderList&) = delete;
  ~HeaderList() { curl_.slist_free_all(list_); }
  curl_slist* get() const { return list_; }

 private:
  void Append(const std::string& line) {
    if (curl_slist* longer = curl_.slist_append(list_, line.c_str()); longer != nullptr) list_ = longer;
  }
  const CurlLibrary& curl_;
  curl_slist* list_ = nullptr;
};

long WholeSeconds(std::chrono::milliseconds time) {
  return static_cast<long>(std::max<std::int64_t>(1, (time.count() + 999) / 1000));
}

void SetMethod(const CurlLibrary& curl, CURL* easy, const ClientRequest& request) {
  if (request.method == "HEAD") {
    curl.easy_setopt(easy, CURLOPT_NOBODY, 1L);
    return;
  }
  if (request.method != "GET" || !request.body.empty()) {
    curl.easy_setopt(easy, CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(request.body.size()));
    curl.easy_setopt(easy, CURLOPT_POSTFIELDS, request.body.data());
    if (request.method != "POST") curl.easy_setopt(easy, CURLOPT_CUSTOMREQUEST, request.method.c_str());
  }
}

// libcurl sends a request again by itself where a kept connection turns out to be dead, also one that must not be sent
// twice. Who asks for the connection to be closed gets one of its own.
void SetReuse(const CurlLibrary& curl, CURL* easy, const ClientRequest& request) {
  if (base::Lower(HeaderValue(request.headers, "Connection")) != "close") return;
  curl.easy_setopt(easy, CURLOPT_FRESH_CONNECT, 1L);
  curl.easy_setopt(easy, CURLOPT_FORBID_REUSE, 1L);
}

void SetLimits(const CurlLibrary& curl, CURL* easy, const ClientRequest& request) {
  curl.easy_setopt(easy, CURLOPT_MAXFILESIZE_LARGE, static_cast<curl_off_t>(request.most_bytes));
  curl.easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS, long{request.connect_timeout.count()});
  curl.easy_setopt(easy, CURLOPT_TIMEOUT_MS, long{request.timeout.count()});
  curl.easy_setopt(easy, CURLOPT_LOW_SPEED_LIMIT, 1L);
  curl.easy_setopt(easy, CURLOPT_LOW_SPEED_TIME, WholeSeconds(request.stall_timeout));
  curl.easy_setopt(easy, CURLOPT_FOLLOWLOCATION, request.most_redirects > 0 ? 1L : 0L);
  curl.easy_setopt(easy, CURLOPT_MAXREDIRS, static_cast<long>(request.most_redirects));
}

void SetCallbacks(const CurlLibrary& curl, CURL* easy, Exchange& exchange) {
  curl.easy_setopt(easy, CURLOPT_HEADERFUNCTION, &OnHeader);
  curl.easy_setopt(easy, CURLOPT_HEADERDATA, &exchange);
  curl.easy_setopt(easy, CURLOPT_WRITEFUNCTION, &OnBody);
  curl.easy_setopt(easy, CURLOPT_WRITEDATA, &exchange);
  curl.easy_setopt(easy, CURLOPT_XFERINFOFUNCTION, &OnProgress);
  curl.easy_setopt(easy, CURLOPT_XFERINFODATA, &exchange);
  curl.easy_setopt(easy, CURLOPT_NOPROGRESS, 0L);
}

std::string EffectiveUrl(const CurlLibrary& curl, CURL* easy, const ClientRequest& request) {
  const char* url = nullptr;
  curl.easy_getinfo(easy, CURLINFO_EFFECTIVE_URL, &url);
  return url == nullptr ? request.url : std::string(url);
}

Failure DescribeFailure(const CurlLibrary& curl, CURL* easy, const Exchange& exchange, CURLcode code,
                        const char* detail) {
  Failure failure;
  failure.code = exchange.body_too_large ? CURLE_FILESIZE_EXCEEDED : code;
  long os_error = 0;
  curl.easy_getinfo(easy, CURLINFO_OS_ERRNO, &os_error);
  failure.os_error = static_cast<int>(os_error);
  curl_off_t connect = 0;
  curl.easy_getinfo(easy, CURLINFO_PRETRANSFER_TIME_T, &connect);
  failure.connected = connect > 0;
  curl_off_t total = 0;
  curl.easy_getinfo(easy, CURLINFO_TOTAL_TIME_T, &total);
  failure.timed_out_whole = std::chrono::microseconds(total) >= exchange.request.timeout;
  failure.detail = *detail != '\0' ? detail : curl.easy_strerror(code);
  if (exchange.headers_too_large) failure.detail = "the headers of the answer are too large";
  failure.url = EffectiveUrl(curl, easy, exchange.request);
  failure.have = exchange.response.body.size();
  return failure;
}

}  // namespace

CurlSession::CurlSession(const CurlLibrary& curl)
    : trust_(NamedByEnvironment("SSL_CERT_FILE") != nullptr || NamedByEnvironment("SSL_CERT_DIR") != nullptr
                 ? Trust::kNamed
                 : Trust::kFolder),
      curl_(curl),
      easy_(curl.easy_init()),
      multi_(curl.multi_init()) {
  if (multi_ != nullptr) curl_.multi_setopt(multi_, CURLMOPT_MAXCONNECTS, 4L);
}

CurlSession::~CurlSession() {
  if (easy_ != nullptr) curl_.easy_cleanup(easy_);
  if (multi_ != nullptr) curl_.multi_cleanup(multi_);
}

CURLcode CurlSession::Perform(std::stop_token stop) {
  if (curl_.multi_add_handle(multi_, easy_) != CURLM_OK) return CURLE_FAILED_INIT;
  const NoPipeSignal no_signal;
  const std::stop_callback wake(stop, [this] { curl_.multi_wakeup(multi_); });
  CURLcode result = CURLE_FAILED_INIT;
  for (int running = 1;;) {
    if (stop.stop_requested()) {
      result = CURLE_ABORTED_BY_CALLBACK;
      break;
    }
    if (curl_.multi_perform(multi_, &running) != CURLM_OK) break;
    if (running == 0) {
      int left = 0;
      const CURLMsg* message = curl_.multi_info_read(multi_, &left);
      if (message != nullptr && message->msg == CURLMSG_DONE) result = message->data.result;
      break;
    }
    if (curl_.multi_poll(multi_, nullptr, 0, 1000, nullptr) != CURLM_OK) break;
  }
  curl_.multi_remove_handle(multi_, easy_);
  return result;
}

void CurlSession::SetTrust() {
  if (trust_ == Trust::kNamed) {
    SetNamedTrust(curl_, easy_);
    return;
  }
  const char* folder = nullptr;
  curl_.easy_getinfo(easy_, CURLINFO_CAPATH, &folder);
  if (trust_ == Trust::kFolder && folder != nullptr) curl_.easy_setopt(easy_, CURLOPT_CAINFO, nullptr);
}

// On some systems the folder has not the names by which certificates are found in it. Nothing was sent to a server that
// is not trusted, but a server that redirects to it may have had a request that must not be sent twice.
bool CurlSession::MayTryBundle(CURLcode code, const ClientRequest& request) {
  if (code != CURLE_PEER_FAILED_VERIFICATION || trust_ != Trust::kFolder) return false;
  long redirects = 0;
  curl_.easy_getinfo(easy_, CURLINFO_REDIRECT_COUNT, &redirects);
  trust_ = Trust::kBundle;
  return redirects == 0 || request.method == "GET";
}

base::Result<ClientResponse> CurlSession::Send(const ClientRequest& request, const std::string& user_agent,
                                               std::stop_token stop) {
  Exchange exchange{.request = request, .stop = stop};
  std::array<char, CURL_ERROR_SIZE> detail{};
  const HeaderList headers(curl_, request);
  curl_.easy_reset(easy_);
  curl_.easy_setopt(easy_, CURLOPT_ERRORBUFFER, detail.data());
  curl_.easy_setopt(easy_, CURLOPT_URL, request.url.c_str());
  curl_.easy_setopt(easy_, CURLOPT_PROTOCOLS_STR, "http,https");
  curl_.easy_setopt(easy_, CURLOPT_REDIR_PROTOCOLS_STR, "http,https");
  curl_.easy_setopt(easy_, CURLOPT_NOSIGNAL, 1L);
  curl_.easy_setopt(easy_, CURLOPT_USERAGENT, user_agent.c_str());
  curl_.easy_setopt(easy_, CURLOPT_ACCEPT_ENCODING, "gzip");
  curl_.easy_setopt(easy_, CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L);
  curl_.easy_setopt(easy_, CURLOPT_HTTPHEADER, headers.get());
  SetTrust();
  SetMethod(curl_, easy_, request);
  SetReuse(curl_, easy_, request);
  SetLimits(curl_, easy_, request);
  SetCallbacks(curl_, easy_, exchange);
  const CURLcode code = Perform(stop);
  if (MayTryBundle(code, request)) return Send(request, user_agent, std::move(stop));
  if (code != CURLE_OK) {
    return tl::unexpected(ToError(DescribeFailure(curl_, easy_, exchange, code, detail.data()), request));
  }
  exchange.response.url = EffectiveUrl(curl_, easy_, request);
  return std::move(exchange.response);
}

base::Result<std::unique_ptr<CurlSession>> CurlClient::TakeSession() {
  {
    const std::lock_guard lock(mutex_);
    if (!idle_.empty()) {
      auto session = std::move(idle_.back());
      idle_.pop_back();
      return session;
    }
  }
  TIDEMILL_ASSIGN(const CurlLibrary* curl, LoadCurl());
  auto session = std::make_unique<CurlSession>(*curl);
  if (!session->usable()) return base::Fail(ErrorCode::kInternal, "libcurl gives no handle: out of memory");
  return session;
}

void CurlClient::GiveBack(std::unique_ptr<CurlSession> session) {
  const std::lock_guard lock(mutex_);
  if (idle_.size() < kMostIdleSessions) idle_.push_back(std::move(session));
}

base::Result<ClientResponse> CurlClient::Send(const ClientRequest& request, std::stop_token stop) {
  TIDEMILL_ASSIGN(auto session, TakeSession());
  auto response = session->Send(request, user_agent_, stop);
  GiveBack(std::move(session));
  return response;
}

}  // namespace tidemill::http
