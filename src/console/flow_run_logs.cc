// SPDX-License-Identifier: Apache-2.0
#include <optional>

#include "tidemill/base/instant.h"
#include "tidemill/base/text.h"
#include "tidemill/prefect/stream.h"

#include "flow_run.h"
#include "handlers.h"
#include "show.h"
#include "table.h"

namespace tidemill::console {
namespace {

namespace json = prefect::json;
using base::Result;
using base::Status;
using prefect::TextIn;

constexpr std::int64_t kLogPage = 200;
// Between looks at the run: a busy stock server answers 503 to who asks more often.
constexpr std::chrono::seconds kLook{2};
constexpr std::chrono::seconds kLateLines{10};  // so much later than its time a line may come

std::string_view LevelWord(const json::value& line) {
  const json::value* level = prefect::Find(line, "level");
  const std::int64_t number = level != nullptr && level->is_int64() ? level->get_int64() : 20;
  return number >= 50   ? "CRITICAL"
         : number >= 40 ? "ERROR"
         : number >= 30 ? "WARNING"
         : number >= 20 ? "INFO"
                        : "DEBUG";
}

void ShowLine(const Context& context, const json::value& line) {
  if (context.as_json) {
    context.Print(prefect::ToText(line));
    return;
  }
  const std::string time = TextIn(line, "timestamp");
  context.Print(fmt::format("{} {} | {:<8} | {}", time.substr(0, 10),
                            time.substr(std::min<std::size_t>(11, time.size()), 12), LevelWord(line),
                            Printable(TextIn(line, "message"), true)));
}

// Of the lines that the filter lets through, those from `offset` on.
Result<json::value> LinesOf(const Context& context, json::object filter, std::int64_t offset, std::int64_t limit,
                            std::string_view order) {
  const json::object body{{"logs", std::move(filter)}, {"sort", order}, {"limit", limit}, {"offset", offset}};
  return context.client().Post("/logs/filter", body, context.ask());
}

Status ShowLines(const Context& context, const std::string& id, std::int64_t most) {
  const std::string_view order = context.Has("reverse") ? "TIMESTAMP_DESC" : "TIMESTAMP_ASC";
  for (std::int64_t offset = 0;;) {
    const std::int64_t limit = most < 0 ? kLogPage : std::min(kLogPage, most - offset);
    if (limit <= 0) return {};
    TIDEMILL_ASSIGN(const json::value lines,
                    LinesOf(context, json::object{{"flow_run_id", AnyOf({id})}}, offset, limit, order));
    for (const json::value& line : prefect::AsArray(lines)) ShowLine(context, line);
    const auto count = static_cast<std::int64_t>(prefect::AsArray(lines).size());
    offset += count;
    if (count < limit) return {};
  }
}

// Shows each line once until the run has ended. The stream brings them at once; looking again and again at what is
// there brings what the stream does not: lines from before, from a server without one, and what it lost.
class Follower {
 public:
  Follower(const Context& context, std::string id, std::int64_t most)
      : context_(context), id_(std::move(id)), left_(most) {}

  Status Follow() {
    for (bool waited = false, ended = false;; waited = true) {
      const auto run = context_.client().Get("/flow_runs/" + prefect::PathPart(id_), context_.ask());
      const Status shown = run ? ShowNew() : Status(tl::unexpected(run.error()));
      if (!shown) return context_.around.stop.stop_requested() ? Status() : shown;  // Ctrl-C is no error
      // The last lines of a run that has just ended may still be on their way.
      if (left_ == 0 || ended || (IsFinalRun(*run) && !waited)) return {};
      ended = IsFinalRun(*run);
      if (!waited) OpenStream();  // what comes until it is open is found by looking
      if (!WaitAndListen()) return {};
    }
  }

 private:
  void OpenStream() {
    auto opened = prefect::Stream::Open(context_.client().settings(), "/logs/out",
                                        json::object{{"flow_run_id", AnyOf({id_})}}, context_.around.stop);
    if (opened) stream_ = *std::move(opened);
  }
  void Show(const json::value& line) {
    if (left_ == 0 || !seen_.Add(TextIn(line, "id"))) return;
    ShowLine(context_, line);
    if (left_ > 0) --left_;
  }
  Status ShowNew() {
    json::object filter{{"flow_run_id", AnyOf({id_})}};
    if (newest_) filter["timestamp"] = json::object{{"after_", base::InstantText(*newest_ - kLateLines)}};
    for (std::int64_t offset = 0;; offset += kLogPage) {
      TIDEMILL_ASSIGN(const json::value lines, LinesOf(context_, filter, offset, kLogPage, "TIMESTAMP_ASC"));
      for (const json::value& line : prefect::AsArray(lines)) {
        Show(line);
        const auto time = base::ParseInstant(TextIn(line, "timestamp"));
        if (time && (!newest_ || *time > *newest_)) newest_ = time;
      }
      if (static_cast<std::int64_t>(prefect::AsArray(lines).size()) < kLogPage) return {};
    }
  }
  // False where it is to stop.
  bool WaitAndListen() {
    const base::Time until = context_.client().clock().Now() + kLook;
    while (stream_ && left_ != 0) {
      const auto patience = std::chrono::ceil<std::chrono::milliseconds>(until - context_.client().clock().Now());
      if (patience.count() <= 0) return true;
      auto line = stream_->Next(std::min<std::chrono::milliseconds>(patience, kLook), context_.around.stop);
      if (line && *line) Show(**line);
      if (line) continue;
      if (context_.around.stop.stop_requested()) return false;
      stream_.reset();
    }
    return context_.client().clock().SleepFor(kLook, context_.around.stop);
  }

  const Context& context_;
  const std::string id_;
  std::int64_t left_;  // lines; -1: all
  std::optional<prefect::Stream> stream_;
  prefect::Seen seen_;
  std::optional<base::Time> newest_;  // of the lines that were looked at
};

}  // namespace

Status ShowFlowRunLogs(const Context& context) {
  TIDEMILL_ASSIGN(const json::value run,
                  context.client().Get("/flow_runs/" + prefect::PathPart(context.Text("ID")), context.ask()));
  const std::string id = TextIn(run, "id");
  const std::int64_t most = base::ParseInt(context.Text("num-logs")).value_or(context.Has("head") ? 20 : -1);
  if (!context.Has("follow")) return ShowLines(context, id, most);
  if (context.Has("reverse")) return base::Fail(base::ErrorCode::kInvalid, "--follow cannot show the newest first");
  return Follower(context, id, std::max<std::int64_t>(most, -1)).Follow();
}

}  // namespace tidemill::console
