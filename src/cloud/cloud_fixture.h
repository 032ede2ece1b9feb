// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "tidemill/base/testing/fake_clock.h"
#include "tidemill/cloud/means.h"

namespace tidemill::cloud {

// Answers in the order that the test lays down, whatever is asked; remembers what was. Of one thread.
class QueuedClient final : public http::HttpClient {
 public:
  using Reply = base::Result<http::ClientResponse>;
  base::Result<http::ClientResponse> Send(const http::ClientRequest& request, std::stop_token /*stop*/) override {
    requests.push_back(request);
    if (replies.empty()) return http::ClientResponse{.status = 404};
    Reply reply = std::move(replies.front());
    replies.pop_front();
    return reply;
  }

  std::deque<Reply> replies;
  std::vector<http::ClientRequest> requests;
};

struct CloudFixture {
  std::shared_ptr<QueuedClient> client = std::make_shared<QueuedClient>();
  std::shared_ptr<base::testing::FakeClock> clock = std::make_shared<base::testing::FakeClock>(base::Time{});
  std::map<std::string, std::string> environment;

  Means means() {
    return {.client = client,
            .clock = clock,
            .environment =
                [this](const char* name) {
                  const auto found = environment.find(name);
                  return found == environment.end() ? std::string() : found->second;
                },
            .chance = [] { return 0.5; },
            .stop = {}};
  }
  void Answer(int status, std::string body = {}, http::Headers headers = {}) {
    client->replies.emplace_back(
        http::ClientResponse{.status = status, .headers = std::move(headers), .body = std::move(body)});
  }
  void Lose() { client->replies.emplace_back(base::Fail(base::ErrorCode::kUnavailable, "the connection was reset")); }
};

}  // namespace tidemill::cloud
