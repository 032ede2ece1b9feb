// SPDX-License-Identifier: Apache-2.0
#include "log_tail.h"

#include <utility>

#include <fmt/format.h>

#include "tidemill/base/text.h"
#include "tidemill/http/router.h"

#include "body.h"
#include "call.h"
#include "query_text.h"
#include "searchables.h"

namespace tidemill::orchestrator {
namespace {

constexpr std::int64_t kLinesAtOnce = 200;
constexpr std::string_view kFirst = "retry: 2000\n\n";

// What of a run shows on its page, apart from its log.
constexpr std::string_view kChange =
    "SELECT json_object('state_type', r.state_type, 'state_name', r.state_name, 'changed', max(coalesce(r.state_at, "
    "0), "
    "coalesce((SELECT max(t.state_at) FROM task_run t WHERE t.flow_run_id = r.id), 0))) FROM flow_run r WHERE r.id = "
    "?1";

http::Response Failure(int status, std::string_view detail) {
  return {.status = status,
          .headers = {{"Content-Type", "application/json"}},
          .body = fmt::format(R"({{"detail":"{}"}})", detail),
          .shared = {}};
}

}  // namespace

void LogTail::Await(http::AwaitedPieces::Ready ready) {
  {
    const std::lock_guard lock(mutex_);
    if (!ended_) {
      ready_ = std::move(ready);
      return;
    }
  }
  ready(std::string());
}

void LogTail::Give(std::string piece) {
  http::AwaitedPieces::Ready ready;
  {
    const std::lock_guard lock(mutex_);
    ready = std::exchange(ready_, nullptr);
  }
  if (ready) ready(std::move(piece));
}

// Both lists in one reading; the lines first, so that who hears of the end has heard all before it.
Outcome<std::string> LogTail::News(db::Connection& connection, base::Time now) {
  Call call = CallToRead(connection, now);
  const Selection selection{.where = "l.flow_run_id = ?2 AND l.number > ?3",
                            .order = "l.number",
                            .arguments = {run_id_, last_},
                            .limit = kLinesAtOnce};
  TIDEMILL_ASSIGN(const auto numbers, SelectIds(call, kLogs.entity, "CAST(l.number AS TEXT)", selection));
  TIDEMILL_ASSIGN(const auto lines, SelectJson(call, kLogs.entity, selection));
  std::string text;
  for (std::size_t i = 0; i < lines.size(); ++i) {
    text += fmt::format("id: {}\nevent: log\ndata: {}\n\n", numbers[i], lines[i]);
  }
  if (!numbers.empty()) last_ = base::ParseInt(numbers.back()).value_or(last_);
  if (static_cast<std::int64_t>(lines.size()) == kLinesAtOnce) return text;
  TIDEMILL_ASSIGN(const db::Value change, SelectValue(call, kChange, {run_id_}));
  std::string seen = db::IsNull(change) ? "null" : db::TextOf(change);
  if (seen != change_) text += fmt::format("event: run\ndata: {}\n\n", seen);
  change_ = std::move(seen);
  return text;
}

bool LogTail::Pump(db::Readers& readers, base::Time now) {
  {
    const std::lock_guard lock(mutex_);
    if (ended_) return false;
    if (!ready_) return true;
  }
  Outcome<std::string> news = std::string();
  const auto status = readers.Run([&](db::Connection& connection) { news = News(connection, now); });
  if (!status || !news) {
    End();
    return false;
  }
  if (!news->empty()) Give(*std::move(news));
  return true;
}

void LogTail::Beat() {
  Give(":\n\n");
}

void LogTail::End() {
  {
    const std::lock_guard lock(mutex_);
    ended_ = true;
  }
  Give(std::string());
}

std::optional<http::Response> OpenLogTail(const http::Request& request, std::string_view path, Streams& streams,
                                          db::Readers& readers) {
  const auto values = http::MatchPath("/flow_runs/{id}/logs/stream", path);
  const auto id = values && request.method == "GET" ? ParseId(values->front()) : std::nullopt;
  if (!id) return std::nullopt;
  std::string_view last = http::FieldValue(request, "Last-Event-ID");
  const auto asked = QueryValue(request.query, "after");
  if (last.empty() && asked) last = *asked;
  const auto after = base::ParseInt(last.empty() ? "0" : last);
  if (!after || *after < 0) return Failure(422, "the number of a line was expected as Last-Event-ID or after");
  bool known = false;
  const auto status = readers.Run([&](db::Connection& connection) {
    const auto rows = connection.Query("SELECT 1 FROM flow_run WHERE id = ?1", {*id});
    known = rows && !rows->empty();
  });
  if (!status) return Failure(503, "the database does not answer");
  if (!known) return Failure(404, "Flow run not found");
  auto tail = std::make_shared<LogTail>(*id, *after);
  if (!streams.Add(tail)) return Failure(503, "too many streams are open");
  http::Response response{.status = 200,
                          .headers = {{"Content-Type", "text/event-stream"}, {"Cache-Control", "no-store"}},
                          .body = {},
                          .shared = {}};
  response.next_piece =
      http::AwaitedPieces{[tail, &streams, first = std::make_shared<std::string>(kFirst)](auto ready) {
        if (!first->empty()) return ready(std::exchange(*first, std::string()));
        tail->Await(std::move(ready));
        streams.Wake();
      }};
  return response;
}

}  // namespace tidemill::orchestrator
