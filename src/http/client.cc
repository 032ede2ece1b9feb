// SPDX-License-Identifier: Apache-2.0
#include "tidemill/http/client.h"

#include <algorithm>
#include <array>

#include "tidemill/base/text.h"
#include "tidemill/http/url.h"

#include "client_curl.h"
#include "client_error.h"
#include "client_file.h"
#include "client_plain.h"
#include "client_request.h"
#include "field_text.h"

namespace tidemill::http {
namespace {

bool IsRedirect(const ClientResponse& response) {
  constexpr std::array kRedirects = {301, 302, 303, 307, 308};
  return std::find(kRedirects.begin(), kRedirects.end(), response.status) != kRedirects.end() &&
         !HeaderValue(response.headers, "Location").empty();
}

class Client final : public HttpClient {
 public:
  explicit Client(const std::string& user_agent) : plain_(user_agent), curl_(user_agent) {}

  base::Result<ClientResponse> Send(const ClientRequest& request, std::stop_token stop) override {
    const std::string scheme = base::Lower(SplitUrl(request.url).scheme);
    if (stop.stop_requested()) return base::FailAt(base::ErrorCode::kCancelled, MaskUrl(request.url), "cancelled");
    if (scheme == "file") return ReadFileUrl(request);
    if (scheme != "http" && scheme != "https") {
      return base::FailAt(base::ErrorCode::kInvalid, MaskUrl(request.url), "scheme {}, expected http, https or file",
                          base::Quoted(scheme));
    }
    return Follow(request, std::move(stop));
  }

 private:
  // As long as it can be, by the plain client; from the first address that it cannot ask on, by libcurl.
  base::Result<ClientResponse> Follow(const ClientRequest& request, std::stop_token stop) {
    const SteadyTime end = std::chrono::steady_clock::now() + request.timeout;
    ClientRequest next = request;
    for (;;) {
      TIDEMILL_CHECK(CheckRequest(next));
      if (!PlainClient::CanSend(next)) break;
      TIDEMILL_ASSIGN(ClientResponse response, plain_.Send(next, request, end, stop));
      if (request.most_redirects == 0 || !IsRedirect(response)) return response;
      if (next.most_redirects-- == 0) return tl::unexpected(ToError({.code = CURLE_TOO_MANY_REDIRECTS}, request));
      TIDEMILL_ASSIGN(next.url, RedirectOf(request, response));
    }
    using std::chrono::milliseconds;
    next.timeout = std::max(milliseconds(1), std::chrono::ceil<milliseconds>(end - std::chrono::steady_clock::now()));
    return curl_.Send(next, std::move(stop));
  }

  static base::Result<std::string> RedirectOf(const ClientRequest& request, const ClientResponse& response) {
    TIDEMILL_ASSIGN(std::string url, ResolveUrl(response.url, HeaderValue(response.headers, "Location")));
    const std::string_view scheme = SplitUrl(url).scheme;
    if (scheme != "http" && scheme != "https") {
      return tl::unexpected(ToError({.code = CURLE_UNSUPPORTED_PROTOCOL}, request));
    }
    return url;
  }

  PlainClient plain_;
  CurlClient curl_;
};

}  // namespace

std::string_view HeaderValue(const Headers& headers, std::string_view name) {
  for (const auto& [key, value] : headers) {
    if (EqualNoCase(key, name)) return value;
  }
  return {};
}

std::unique_ptr<HttpClient> MakeHttpClient(std::string user_agent) {
  return std::make_unique<Client>(std::move(user_agent));
}

}  // namespace tidemill::http
