// SPDX-License-Identifier: Apache-2.0
#include "block_store.h"

#include "tidemill/base/text.h"
#include "tidemill/cloud/bucket_block.h"
#include "tidemill/cloud/store.h"
#include "tidemill/prefect/client.h"

#include "environment.h"
#include "stores.h"
#include "user_agent.h"

namespace tidemill::app {
namespace {

using base::ErrorCode;
using base::Result;
namespace json = prefect::json;

constexpr std::string_view kScheme = "block:";

Result<json::value> AskForBlock(std::string_view type, std::string_view name, const std::stop_token& stop) {
  TIDEMILL_ASSIGN(const prefect::ApiSettings settings, prefect::LoadSettings(FromEnvironment));
  const auto http = http::MakeHttpClient(ApiUserAgent());
  const base::SystemClock clock;
  const prefect::Client client(*http, settings, clock);
  return client.Get(fmt::format("/block_types/slug/{}/block_documents/name/{}?include_secrets=true",
                                prefect::PathPart(type), prefect::PathPart(name)),
                    {.stop = stop});
}

}  // namespace

bool IsBlockStore(std::string_view url) {
  return url.starts_with(kScheme);
}

Result<std::unique_ptr<base::FileStore>> OpenBlockStore(const std::string& url, std::stop_token stop) {
  const std::string_view block = std::string_view(url).substr(kScheme.size());
  const std::string_view type = block.substr(0, block.find('/'));
  if (type.size() + 1 >= block.size() || (type != "gcs-bucket" && type != "local-file-system")) {
    return base::Fail(ErrorCode::kInvalid,
                      "store {} names no block: expected block:gcs-bucket/NAME or block:local-file-system/NAME",
                      base::Quoted(url));
  }
  const auto document = AskForBlock(type, block.substr(type.size() + 1), stop);
  if (!document) return tl::unexpected(base::Error(document.error()).While(fmt::format("asking for {}", url)));
  if (type == "local-file-system") return base::OpenLocalStore(prefect::TextIn(*document, "data.basepath"));
  const auto place = cloud::ParseBucketBlock(prefect::ToText(prefect::ObjectIn(*document, "data")));
  if (!place) return tl::unexpected(base::Error(place.error()).While(fmt::format("reading {}", url)));
  return cloud::OpenCloudStore(place->url, CloudMeans(std::move(stop)), place->key);
}

}  // namespace tidemill::app
