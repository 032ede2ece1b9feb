// SPDX-License-Identifier: Apache-2.0
#include "tidemill/http/client.h"

#include "tidemill/base/text.h"
#include "tidemill/http/url.h"

#include "client_curl.h"
#include "client_file.h"
#include "field_text.h"

namespace tidemill::http {
namespace {

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
    if (EqualNoCase(key, name)) return value;
  }
  return {};
}

std::unique_ptr<HttpClient> MakeHttpClient(std::string user_agent) {
  return std::make_unique<Client>(std::move(user_agent));
}

}  // namespace tidemill::http
