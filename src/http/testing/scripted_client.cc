// SPDX-License-Identifier: Apache-2.0
#include "tidemill/http/testing/scripted_client.h"

namespace tidemill::http::testing {

base::Result<ClientResponse> ScriptedClient::Send(const ClientRequest& request, std::stop_token /*stop*/) {
  requests_.push_back(request);
  const auto found = scripts_.find(request.url);
  if (found == scripts_.end() || found->second.empty()) return ClientResponse{.status = 404, .url = request.url};
  Reply reply = found->second.front();
  if (found->second.size() > 1) found->second.erase(found->second.begin());
  if (reply && reply->url.empty()) reply->url = request.url;
  return reply;
}

}  // namespace tidemill::http::testing
