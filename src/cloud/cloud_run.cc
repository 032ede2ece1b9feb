// SPDX-License-Identifier: Apache-2.0
#include "tidemill/cloud/cloud_run.h"

#include <algorithm>
#include <functional>
#include <optional>
#include <set>
#include <stop_token>
#include <utility>

#include <fmt/format.h>

#include "tidemill/base/date.h"
#include "tidemill/base/text.h"
#include "tidemill/http/url.h"

#include "cloud_run_api.h"

namespace tidemill::cloud {
namespace {

using base::ErrorCode;
using base::Result;
using base::Status;

constexpr auto kFirstLook = std::chrono::milliseconds(500);
constexpr auto kReadyLook = std::chrono::milliseconds(2000);
constexpr auto kLook = std::chrono::milliseconds(5000);
constexpr auto kMostReady = std::chrono::minutes(5);
constexpr auto kStartSpare = std::chrono::minutes(10);  // for pulling the image and starting, beyond the time-out
constexpr int kCancelled = 143;
constexpr int kTimedOut = 124;
constexpr int kLogLooksAtEnd = 3;

bool IsLoopback(std::string_view url) {
  const std::string host = base::Lower(http::SplitAuthority(http::SplitUrl(url).authority.value_or("")).host);
  return host == "localhost" || host == "[::1]" || host == "0.0.0.0" || host.starts_with("127.");
}

// What a container in the cloud could not do, or should not hold.
Status CheckEnvironment(const CloudRunOrder& order) {
  for (const auto& [name, value] : order.fields.environment) {
    if (name == "PREFECT_API_URL" && IsLoopback(value)) {
      return base::FailAt(ErrorCode::kInvalid, name,
                          "{} is on this machine, where a container on Cloud Run cannot report to: expected an address "
                          "that it can reach",
                          base::Quoted(value));
    }
    const bool secret = name == "PREFECT_API_KEY" || name == "PREFECT_API_AUTH_STRING";
    if (secret && !value.empty() && !order.fields.secrets.contains(name)) {
      order.say(
          fmt::format("{} stands in the job for whoever may look at it; the work pool cloud-run-v2 can take it "
                      "from Secret Manager",
                      name));
    }
  }
  return {};
}

// Looks begin close to each other and grow apart: most of what is waited for is soon there.
std::chrono::milliseconds WaitAfter(int looks, std::chrono::milliseconds most) {
  return std::min(most, kFirstLook * (1 << std::min(looks, 10)));
}

bool IsJobName(std::string_view name) {
  constexpr std::size_t kMost = 63;
  return !name.empty() && name.size() <= kMost && name.front() >= 'a' && name.front() <= 'z' && name.back() != '-' &&
         name.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-") == std::string_view::npos;
}

}  // namespace

struct CloudRunJob::Impl {
  CloudRunOrder order;
  Means means;
  CloudRunApi api;
  std::string job;
  std::string execution = {};
  std::string log_since = {};
  std::set<std::string> log_seen = {};
  bool log_failed = false;
  bool look_failed = false;
  std::string reason = {};
  std::stop_source cancel = {};
  std::optional<std::stop_callback<std::function<void()>>> asked = {};

  Status WaitUntilReady() {
    const base::Time end = means.clock->Now() + kMostReady;
    for (int look = 0; means.clock->Now() < end; ++look) {
      TIDEMILL_ASSIGN(const StageState state, api.JobState(job));
      if (state.phase == Phase::kSucceeded) return {};
      if (state.phase == Phase::kFailed) {
        return base::FailAt(ErrorCode::kInvalid, job, "the job does not become ready: {}", state.words);
      }
      if (!means.clock->SleepFor(WaitAfter(look, kReadyLook), cancel.get_token())) {
        return base::FailAt(ErrorCode::kCancelled, job, "cancelled");
      }
    }
    return base::FailAt(ErrorCode::kTimeOut, job, "the job is not ready after five minutes");
  }

  // Google's clock may be behind ours.
  std::string NowForLogs() const {
    return base::ToRfc3339(std::chrono::floor<std::chrono::seconds>(means.clock->Now()) - std::chrono::minutes(5));
  }

  Status Begin() {
    TIDEMILL_CHECK(api.Create(order.name, CloudRunJobBody(order.fields)));
    order.say(fmt::format("Cloud Run job {} created from {}", order.name, order.fields.image));
    auto begun = WaitUntilReady();
    if (begun) {
      auto run = api.Run(job);
      if (run) {
        execution = *std::move(run);
      } else {
        begun = tl::unexpected(std::move(run).error());
      }
    }
    if (!begun) {
      Remove();
      return begun;
    }
    log_since = NowForLogs();
    order.say(fmt::format("execution {} started", execution.substr(execution.rfind('/') + 1)));
    return {};
  }

  // The lines since the last look. A log that cannot be read is said once and loses nothing else.
  void TellLog() {
    const auto lines = api.Logs(execution, log_since);
    if (!lines) {
      if (!std::exchange(log_failed, true)) order.say("the container's log cannot be read: " + lines.error().ToText());
      return;
    }
    for (const LogLine& line : *lines) {
      if (!log_seen.insert(line.time + line.id).second) continue;
      log_since = line.time;
      if (!line.text.empty()) order.say(line.text);
    }
  }

  // Nothing where Google cannot be reached for a while: the execution goes on without being looked at.
  Result<std::optional<StageState>> Look() {
    auto state = api.ExecutionState(execution);
    if (state) {
      look_failed = false;
      return *std::move(state);
    }
    if (!base::TraitsOf(state.error().code).retryable) return tl::unexpected(std::move(state).error());
    if (!std::exchange(look_failed, true)) order.say(state.error().ToText() + "; looking again");
    return std::nullopt;
  }

  Result<int> Follow() {
    const base::Time end = means.clock->Now() + std::chrono::seconds(order.fields.timeout_seconds) + kStartSpare;
    bool cancelled = false;
    for (int look = 0;; ++look) {
      if (cancel.stop_requested() && !std::exchange(cancelled, true)) {
        order.say("the execution is being cancelled");
        TIDEMILL_CHECK(api.Cancel(execution));
      }
      TIDEMILL_ASSIGN(const std::optional<StageState> state, Look());
      if (state) TellLog();
      if (state && state->phase != Phase::kGoing) return EndOf(*state, cancelled);
      if (means.clock->Now() > end) {
        reason = "the execution is still going after its time-out: it is being cancelled";
        order.say(reason);
        TIDEMILL_CHECK(api.Cancel(execution));
        return kTimedOut;
      }
      const auto stop = cancelled ? means.stop : cancel.get_token();
      if (!means.clock->SleepFor(WaitAfter(look, kLook), stop) && means.stop.stop_requested()) {
        return base::FailAt(ErrorCode::kCancelled, execution, "is left as it is");
      }
    }
  }

  int EndOf(const StageState& state, bool cancelled) {
    // The last lines come some seconds after the end.
    for (int look = 0; look < kLogLooksAtEnd; ++look) {
      if (!means.clock->SleepFor(kReadyLook, means.stop)) break;
      TellLog();
    }
    if (state.phase == Phase::kSucceeded) return 0;
    reason = fmt::format("the execution failed{}{}: {}", state.reason.empty() ? "" : ", ", state.reason, state.words);
    order.say(reason);
    if (cancelled || state.reason == "CANCELLED" || state.reason == "CANCELLING") return kCancelled;
    if (state.words.find("timeout") != std::string::npos) return kTimedOut;
    const int code = api.ExitCode(execution).value_or(1);
    return code == 0 ? 1 : code;
  }

  void Remove() {
    if (order.fields.keep_job) return;
    if (const Status deleted = api.Delete(job); !deleted) {
      order.say(fmt::format("the job {} is left: {}", order.name, deleted.error().ToText()));
    }
  }
};

CloudRunJob::CloudRunJob(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
CloudRunJob::~CloudRunJob() = default;

Result<std::unique_ptr<CloudRunJob>> CloudRunJob::Start(CloudRunOrder order, const Means& means) {
  if (!IsJobName(order.name)) {
    return base::Fail(ErrorCode::kInvalid, "{} is no name of a job, expected lower-case letters, digits and hyphens",
                      base::Quoted(order.name));
  }
  TIDEMILL_CHECK(CheckEnvironment(order));
  TIDEMILL_ASSIGN(CloudRunApi api, CloudRunApi::Open(means, order.fields));
  std::string job = api.JobOf(order.name);
  auto impl = std::unique_ptr<Impl>(new Impl{std::move(order), means, std::move(api), std::move(job)});
  impl->asked.emplace(impl->order.cancel, [&cancel = impl->cancel] { cancel.request_stop(); });
  TIDEMILL_CHECK(impl->Begin());
  return std::unique_ptr<CloudRunJob>(new CloudRunJob(std::move(impl)));
}

Result<std::unique_ptr<CloudRunJob>> CloudRunJob::Find(CloudRunOrder order, const Means& means) {
  TIDEMILL_ASSIGN(CloudRunApi api, CloudRunApi::Open(means, order.fields));
  std::string job = api.JobOf(order.name);
  auto impl = std::unique_ptr<Impl>(new Impl{std::move(order), means, std::move(api), std::move(job)});
  TIDEMILL_ASSIGN(impl->execution, impl->api.LatestExecution(impl->job));
  if (impl->execution.empty()) {
    impl->Remove();
    return base::FailAt(ErrorCode::kNotFound, impl->job, "the job has never run");
  }
  impl->asked.emplace(impl->order.cancel, [&cancel = impl->cancel] { cancel.request_stop(); });
  impl->log_since = impl->NowForLogs();
  return std::unique_ptr<CloudRunJob>(new CloudRunJob(std::move(impl)));
}

const std::string& CloudRunJob::name() const {
  return impl_->order.name;
}

const std::string& CloudRunJob::reason() const {
  return impl_->reason;
}

Result<int> CloudRunJob::Wait() {
  auto code = impl_->Follow();
  impl_->Remove();
  return code;
}

void CloudRunJob::Stop() {
  impl_->cancel.request_stop();
}

std::string CloudRunJobName(std::string_view run_id, int attempt) {
  constexpr std::size_t kDigits = 12;
  std::string digits;
  for (const char c : run_id) {
    if (digits.size() < kDigits && c != '-') digits += c;
  }
  return fmt::format("tidemill-{}-{}", digits, attempt);
}

}  // namespace tidemill::cloud
