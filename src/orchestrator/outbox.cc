// SPDX-License-Identifier: Apache-2.0
#include "outbox.h"

#include <chrono>
#include <utility>
#include <vector>

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <fmt/format.h>

#include "tidemill/base/seal.h"

#include "body.h"
#include "entity.h"
#include "events.h"
#include "instant.h"

namespace tidemill::orchestrator {
namespace {

constexpr std::int64_t kPostsAtOnce = 10;
constexpr std::int64_t kMostTries = 4;
constexpr std::chrono::seconds kFirstPause{10};
constexpr std::chrono::seconds kTimeout{10};
constexpr std::uint64_t kMostAnswer = 65'536;

struct Post {
  std::int64_t number, tries;
  std::string automation;
  json::object request;
};

Outcome<std::vector<Post>> Due(Call& call) {
  TIDEMILL_ASSIGN(const db::Rows rows,
                  call.db.Query("SELECT number, tries, automation_id, request FROM outgoing WHERE due "
                                "<= ?1 ORDER BY due LIMIT ?2",
                                {Micros(call.now), kPostsAtOnce}));
  std::vector<Post> posts;
  for (const db::Row& row : rows) {
    const auto plain = base::Unseal(call.secret_key, db::TextOf(row[3]));
    const auto request = plain ? ParseBody(*plain) : Outcome<json::value>(json::value());
    posts.push_back({db::IntOf(row[0]), db::IntOf(row[1]), db::TextOf(row[2]),
                     request && request->is_object() ? request->get_object() : json::object()});
  }
  return posts;
}

http::ClientRequest RequestOf(const Post& post) {
  http::ClientRequest request{.method = TextOf(post.request, "method"),
                              .url = TextOf(post.request, "url"),
                              .body = TextOf(post.request, "body"),
                              .most_bytes = kMostAnswer,
                              .connect_timeout = kTimeout,
                              .timeout = kTimeout,
                              .stall_timeout = kTimeout,
                              .most_redirects = 0};
  if (const json::object* headers = FindObject(post.request, "headers")) {
    for (const auto& [name, value] : *headers) {
      if (value.is_string()) request.headers.emplace_back(std::string(name), std::string(value.get_string()));
    }
  }
  return request;
}

// A later try, or the end of it, told as an event.
Outcome<Answer> Settle(Call& call, const Post& post, bool sent, const std::string& what) {
  if (!sent && post.tries + 1 < kMostTries) {
    const base::Duration pause = kFirstPause * (std::int64_t{1} << static_cast<unsigned>(2 * post.tries));
    TIDEMILL_CHECK(call.db.Change("UPDATE outgoing SET tries = tries + 1, due = ?2 WHERE number = ?1",
                                  {post.number, Micros(call.now + pause)}));
    return Answer{};
  }
  TIDEMILL_CHECK(call.db.Change("DELETE FROM outgoing WHERE number = ?1", {post.number}));
  Event event{.id = call.NewIdAt(),
              .occurred = call.now,
              .name = sent ? "prefect.automation.action.executed" : "prefect.automation.action.failed",
              .resource_id = "prefect.automation." + post.automation};
  event.resource = {{"prefect.resource.id", event.resource_id}};
  event.payload = {{"action_type", "call-webhook"}, {"reason", what}};
  TIDEMILL_CHECK(StoreEvent(call, event));
  return Answer{};
}

}  // namespace

Outcome<void> PutIntoOutbox(Call& call, const std::string& automation, const json::object& request) {
  const auto sealed = base::Seal(call.secret_key, json::serialize(request));
  if (!sealed) return RefuseWithMessage(500, "a post cannot be sealed");
  TIDEMILL_CHECK(Insert(call, "outgoing",
                        {{"automation_id", automation},
                         {"created", Micros(call.now)},
                         {"tries", std::int64_t{0}},
                         {"due", Micros(call.now)},
                         {"request", *sealed}}));
  return {};
}

Outcome<void> Outbox::SendDue(const Write& write, const std::stop_token& stop) {
  std::vector<Post> posts;
  const auto looked = write([&](Call& call) -> Outcome<Answer> {
    TIDEMILL_ASSIGN(posts, Due(call));
    return Answer{};
  });
  TIDEMILL_CHECK(looked);
  for (const Post& post : posts) {
    if (client_ == nullptr) client_ = http::MakeHttpClient("tidemill");
    const auto answer = client_->Send(RequestOf(post), stop);
    if (!answer && stop.stop_requested()) return {};
    const bool sent = answer && answer->status < 300;
    const std::string what = answer ? fmt::format("the address answered {}", answer->status) : answer.error().message;
    TIDEMILL_CHECK(write([&](Call& call) { return Settle(call, post, sent, what); }));
  }
  return {};
}

}  // namespace tidemill::orchestrator
