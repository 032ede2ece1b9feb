// SPDX-License-Identifier: Apache-2.0
#include "tidemill/http/client.h"

#include "tidemill/base/text.h"
#include "tidemill/http/url.h"

#include "client_curl.h"
#include "client_file.h"

namespace tidemill::http {
namespace {

char AsciiLower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

bool EqualsWithoutCase(std::string_view a, std::string_view b) {
  if (a.size() != b.size()) return false;
  for (std::size_t i = 0; i < a.size(); ++i) {
    if (AsciiLower(a[i]) != AsciiLower(b[i])) return false;
  }
  return true;
}

class Client final : public HttpClient {
 public:
  explicit Client(std::string user_agent) : curl_(std::move(user_agent)) {}

  base::Result<ClientResponse> Send(const ClientRequest& request, std::stop_token stop) override {
    const std::string scheme = base::Lower(SplitUrl(request.url).scheme);
    if (stop.stop_requested()) return base::FailAt(base::ErrorCode::kCancelled, MaskUrl(request.url), "cancelled");
    if (scheme == "file") return ReadFileUrl(request);
    if (scheme == "http" || scheme == "https") return curl_.Send(request, std::move(stop));
    return base::FailAt(base::ErrorCode::kInvalid, MaskUrl(request.url), "scheme {}, expected http, https or file",
                        base::Quoted(scheme));
  }

 private:
  CurlClient curl_;
};

}  // namespace

std::string_view HeaderValue(const Headers& headers, std::string_view name) {
  for (const auto& [key, value] : headers) {
    if (EqualsWithoutCase(key, name)) return value;
  }
  return {};
}

std::unique_ptr<HttpClient> MakeHttpClient(std::string user_agent) {
  return std::make_unique<Client>(std::move(user_agent));
}

}  // namespace tidemill::http
