// SPDX-License-Identifier: Apache-2.0
#include "streams.h"

#include <array>
#include <chrono>
#include <optional>
#include <utility>

#include <fmt/format.h>

#include "tidemill/base/text.h"

#include "event_filter.h"
#include "searchables.h"

namespace tidemill::orchestrator {
namespace {

constexpr std::size_t kMostStreams = 2'000;
constexpr std::chrono::seconds kPingAfter{10};
constexpr std::int64_t kRowsAtOnce = 200;
constexpr std::int64_t kMostBefore = 5'000;  // of what was there before a stream began

}  // namespace

void Stream::Begin(Selection filter, std::optional<std::int64_t> since) {
  const std::lock_guard lock(mutex_);
  begun_ = Wanted{std::move(filter), since};
}

bool Stream::Tell(const std::vector<std::string>& list) {
  const std::string_view kind = kind_ == Kind::kEvents ? "event" : "log";
  for (const std::string& row : list) {
    if (!socket_->Send(fmt::format(R"({{"type":"{0}","{0}":{1}}})", kind, row))) return false;
  }
  return true;
}

// The rows, and the number of the last.
Outcome<std::vector<std::string>> Stream::Rows(Call& call, const Selection& filter, std::string_view order,
                                               std::int64_t& last) {
  const Entity& entity = kind_ == Kind::kEvents ? kEvent : kLogs.entity;
  const std::string_view number = kind_ == Kind::kEvents ? "CAST(e.number AS TEXT)" : "CAST(l.number AS TEXT)";
  Selection selection = filter;
  selection.order = order;
  TIDEMILL_ASSIGN(const auto numbers, SelectIds(call, entity, number, selection));
  if (!numbers.empty()) last = base::ParseInt(numbers.back()).value_or(last);
  if (kind_ == Kind::kEvents) return SelectIds(call, entity, "e.body", selection);
  return SelectJson(call, entity, selection);
}

bool Stream::Pump(db::Readers& readers, base::Time now) {
  std::optional<Wanted> begun;
  {
    const std::lock_guard lock(mutex_);
    begun = std::exchange(begun_, std::nullopt);
  }
  if (!begun && !running_) return true;
  const std::string_view alias = kind_ == Kind::kEvents ? "e" : "l";
  bool open = true;
  const auto status = readers.Run([&](db::Connection& connection) {
    Call call = CallToRead(connection, now);
    if (begun) {
      const auto newest = SelectValue(
          call, kind_ == Kind::kEvents ? "SELECT max(number) FROM event" : "SELECT max(number) FROM log", {});
      if (!newest) return;
      filter_ = std::move(begun->filter);
      running_ = true;
      last_ = db::IntOf(*newest);
      if (begun->since) {
        Selection before = filter_;
        before.arguments.emplace_back(*begun->since);
        before.where += fmt::format(" AND e.occurred >= ?{}", before.arguments.size() + 1);
        before.limit = kMostBefore;
        std::int64_t ignored = 0;
        const auto rows = Rows(call, before, "e.occurred, e.number", ignored);
        open = rows && Tell(*rows);
      }
      return;
    }
    while (open) {
      Selection next = filter_;
      next.arguments.emplace_back(last_);
      next.where += fmt::format(" AND {}.number > ?{}", alias, next.arguments.size() + 1);
      next.limit = kRowsAtOnce;
      const auto rows = Rows(call, next, fmt::format("{}.number", alias), last_);
      open = rows && Tell(*rows);
      if (!rows || static_cast<std::int64_t>(rows->size()) < kRowsAtOnce) break;
    }
  });
  if (status && open) return true;
  socket_->Close(1011, "the stream failed");
  return false;
}

Streams::Streams(db::Readers& readers, const base::Clock& clock) : readers_(readers), clock_(clock) {
  thread_ = std::jthread([this](const std::stop_token& stop) { Work(stop); });
}

Streams::~Streams() = default;

bool Streams::Add(std::weak_ptr<Watcher> stream) {
  {
    const std::lock_guard lock(mutex_);
    std::erase_if(streams_, [](const auto& known) { return known.expired(); });
    if (streams_.size() >= kMostStreams) return false;
    streams_.push_back(std::move(stream));
    any_ = true;
  }
  Wake();
  return true;
}

void Streams::End() {
  std::vector<std::weak_ptr<Watcher>> all;
  {
    const std::lock_guard lock(mutex_);
    all = streams_;
  }
  for (const auto& weak : all) {
    if (const auto stream = weak.lock()) stream->End();
  }
}

void Streams::Wake() {
  if (!any_) return;
  {
    const std::lock_guard lock(mutex_);
    is_woken_ = true;
  }
  woken_.notify_one();
}

void Streams::Work(const std::stop_token& stop) {
  while (true) {
    std::vector<std::weak_ptr<Watcher>> all;
    bool silent = false;
    {
      std::unique_lock lock(mutex_);
      const auto woken = [this] { return is_woken_; };
      if (any_) {
        silent = !woken_.wait_for(lock, stop, kPingAfter, woken);
      } else {
        woken_.wait(lock, stop, woken);
      }
      if (stop.stop_requested()) return;
      is_woken_ = false;
      std::erase_if(streams_, [](const auto& stream) { return stream.expired(); });
      any_ = !streams_.empty();
      all = streams_;
    }
    for (const auto& weak : all) {
      if (stop.stop_requested()) return;
      const auto stream = weak.lock();
      if (!stream) continue;
      stream->Pump(readers_, clock_.Now());
      if (silent) stream->Beat();
    }
  }
}

}  // namespace tidemill::orchestrator
