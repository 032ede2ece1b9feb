// SPDX-License-Identifier: Apache-2.0
#include "client_error.h"

#include <cerrno>
#include <system_error>

#include <fmt/format.h>

#include "tidemill/base/text.h"
#include "tidemill/http/url.h"

namespace tidemill::http {
namespace {

using base::ErrorCode;

double Seconds(std::chrono::milliseconds time) {
  return std::chrono::duration<double>(time).count();
}

// libcurl says "Failed to connect to HOST port PORT after 0 ms: …", and HOST is the proxy where there is one.
std::string PeerOf(const Failure& failure) {
  const std::string_view detail = failure.detail;
  constexpr std::string_view kConnect = " connect to ";
  constexpr std::string_view kPort = " port ";
  const std::size_t host = detail.find(kConnect);
  const std::size_t port = detail.find(kPort);
  if (host == std::string_view::npos || port == std::string_view::npos || port < host) return HostAndPort(failure.url);
  const std::size_t begin = host + kConnect.size();
  const std::string_view number = detail.substr(port + kPort.size());
  return fmt::format("{}:{}", detail.substr(begin, port - begin),
                     number.substr(0, number.find_first_not_of("0123456789")));
}

std::string WhyNotConnected(const Failure& failure) {
  const std::string peer = PeerOf(failure);
  switch (failure.os_error) {
    case ECONNREFUSED:
      return fmt::format("connection refused by {}", peer);
    case ENETUNREACH:
    case EHOSTUNREACH:
      return fmt::format("no route to {}", peer);
    case 0:
      return fmt::format("cannot connect to {}", peer);
    default:
      return fmt::format("cannot connect to {}: {}", peer, std::generic_category().message(failure.os_error));
  }
}

std::string WhyTimedOut(const Failure& failure, const ClientRequest& request) {
  if (failure.timed_out_whole) {
    return fmt::format("no whole answer within {} s, {} bytes had come", Seconds(request.timeout), failure.have);
  }
  if (!failure.connected) {
    return fmt::format("no connection to {} within {} s", HostAndPort(failure.url), Seconds(request.connect_timeout));
  }
  return fmt::format("the answer stalled for {} s after {} bytes", Seconds(request.stall_timeout), failure.have);
}

std::string HostOf(const Failure& failure) {
  return std::string(SplitAuthority(SplitUrl(failure.url).authority.value_or("")).host);
}

struct Classified {
  ErrorCode code;
  std::string message;
};

Classified Classify(const Failure& failure, const ClientRequest& request) {
  switch (failure.code) {
    case CURLE_URL_MALFORMAT:
      return {ErrorCode::kInvalid, "is no address of http or https"};
    case CURLE_UNSUPPORTED_PROTOCOL:
      return {ErrorCode::kInvalid, "leads to an address that is neither http nor https"};
    case CURLE_COULDNT_RESOLVE_HOST:
      return {ErrorCode::kUnavailable, fmt::format("host '{}' is not known", HostOf(failure))};
    case CURLE_COULDNT_RESOLVE_PROXY:
      return {ErrorCode::kUnavailable, "the host of the proxy is not known (http_proxy, https_proxy)"};
    case CURLE_COULDNT_CONNECT:
      return {ErrorCode::kUnavailable, WhyNotConnected(failure)};
    case CURLE_OPERATION_TIMEDOUT:
      return {ErrorCode::kTimeOut, WhyTimedOut(failure, request)};
    case CURLE_TOO_MANY_REDIRECTS:
      return {ErrorCode::kUnavailable, fmt::format("more than {} redirects", request.most_redirects)};
    case CURLE_PARTIAL_FILE:
      return {ErrorCode::kUnavailable, fmt::format("the answer broke off after {} bytes", failure.have)};
    case CURLE_GOT_NOTHING:
      return {ErrorCode::kUnavailable,
              fmt::format("{} closed the connection without an answer", HostAndPort(failure.url))};
    case CURLE_SEND_ERROR:
    case CURLE_RECV_ERROR:
      return {ErrorCode::kUnavailable,
              fmt::format("connection to {} lost after {} bytes", HostAndPort(failure.url), failure.have)};
    case CURLE_FILESIZE_EXCEEDED:
      return {ErrorCode::kTooLarge, fmt::format("the answer has more than {} bytes", request.most_bytes)};
    case CURLE_ABORTED_BY_CALLBACK:
      return {ErrorCode::kCancelled, "cancelled"};
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_CACERT_BADFILE:
      return {ErrorCode::kUnavailable,
              fmt::format("the certificate of '{}' is not trusted: {}", HostOf(failure), failure.detail)};
    case CURLE_SSL_CONNECT_ERROR:
      return {ErrorCode::kUnavailable, fmt::format("no TLS connection with '{}': {}", HostOf(failure), failure.detail)};
    default:
      return {ErrorCode::kUnavailable, failure.detail};
  }
}

}  // namespace

base::Error ToError(const Failure& failure, const ClientRequest& request) {
  Classified classified = Classify(failure, request);
  return {.code = classified.code, .message = std::move(classified.message), .place = MaskUrl(request.url)};
}

}  // namespace tidemill::http
