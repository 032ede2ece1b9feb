// SPDX-License-Identifier: Apache-2.0
#include "cloud_run_api.h"

#include <memory>
#include <utility>

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <fmt/format.h>

#include "tidemill/base/text.h"

#include "json.h"

namespace tidemill::cloud {
namespace {

using base::ErrorCode;
using base::Result;
using base::Status;
namespace json = boost::json;

constexpr int kMostRunAttempts = 4;

StageState ToState(const json::object& condition) {
  const std::string state = Text(condition, "state");
  StageState result{.phase = Phase::kGoing, .words = Text(condition, "message"), .reason = {}};
  if (state == "CONDITION_SUCCEEDED") result.phase = Phase::kSucceeded;
  if (state == "CONDITION_FAILED") result.phase = Phase::kFailed;
  for (const std::string_view kind : {"executionReason", "reason", "revisionReason"}) {
    if (result.reason.empty()) result.reason = Text(condition, kind);
  }
  return result;
}

std::string FirstSet(std::string value, std::string_view otherwise) {
  return value.empty() ? std::string(otherwise) : std::move(value);
}

// What a line says: its text, or the message of a structured one, or that whole.
std::string TextOf(const json::object& entry) {
  std::string text = Text(entry, "textPayload");
  if (!text.empty()) return text;
  const json::object& payload = Object(entry, "jsonPayload");
  text = Text(payload, "message");
  return text.empty() && !payload.empty() ? json::serialize(payload) : text;
}

std::string LastPart(std::string_view name) {
  return std::string(name.substr(name.rfind('/') + 1));  // npos + 1 = 0
}

}  // namespace

CloudRunApi::CloudRunApi(Caller caller, std::string project, std::string region)
    : caller_(std::move(caller)), project_(std::move(project)), region_(std::move(region)) {
  const auto& environment = caller_.means().environment;
  run_ = FirstSet(environment("TIDEMILL_CLOUD_RUN_ENDPOINT"), "https://run.googleapis.com");
  logging_ = FirstSet(environment("TIDEMILL_LOGGING_ENDPOINT"), "https://logging.googleapis.com");
}

Result<CloudRunApi> CloudRunApi::Open(const Means& means, const CloudRunFields& fields) {
  TIDEMILL_ASSIGN(auto opened, OpenGoogleSignIn(means, fields.key));
  const std::shared_ptr<GoogleSignIn> sign_in = std::move(opened);
  std::string project = fields.project;
  if (project.empty()) {
    TIDEMILL_ASSIGN(project, sign_in->Project());
  }
  if (project.empty() || base::PercentEncode(project, ":") != project) {
    return base::FailAt(ErrorCode::kInvalid, "project",
                        "{} is no Google project; name it in the block's credentials or in GOOGLE_CLOUD_PROJECT",
                        base::Quoted(project));
  }
  Caller caller(
      means,
      [sign_in](http::ClientRequest& request) -> Status {
        TIDEMILL_ASSIGN(const std::string token, sign_in->Token());
        request.headers.emplace_back("Authorization", "Bearer " + token);
        return {};
      },
      [sign_in] { sign_in->Forget(); });
  return CloudRunApi(std::move(caller), std::move(project), fields.region);
}

std::string CloudRunApi::JobOf(const std::string& name) const {
  return fmt::format("projects/{}/locations/{}/jobs/{}", project_, region_, name);
}

http::ClientRequest CloudRunApi::Get(const std::string& what) const {
  return {.url = run_ + "/v2/" + what};
}

http::ClientRequest CloudRunApi::Post(const std::string& what, std::string body) const {
  return {.method = "POST",
          .url = run_ + "/v2/" + what,
          .headers = {{"Content-Type", "application/json"}},
          .body = std::move(body),
          .most_redirects = 0};
}

Status CloudRunApi::Create(const std::string& name, const std::string& body) const {
  const std::string path = fmt::format("projects/{}/locations/{}/jobs?jobId={}", project_, region_, name);
  TIDEMILL_ASSIGN(const Answer answer, caller_.Send(Post(path, body), JobOf(name)));
  if (Worked(answer.response) || answer.response.status == 409) return {};
  return FailOnAnswer(answer.response, JobOf(name), "create the job");
}

Result<StageState> CloudRunApi::JobState(const std::string& job) const {
  TIDEMILL_ASSIGN(const Answer answer, caller_.Send(Get(job), job));
  if (!Worked(answer.response)) return FailOnAnswer(answer.response, job, "look at the job");
  TIDEMILL_ASSIGN(const json::object object, ParseObject(answer.response.body, job));
  if (Flag(object, "reconciling")) return StageState{};
  return ToState(Object(object, "terminalCondition"));
}

Result<std::string> CloudRunApi::LatestExecution(const std::string& job) const {
  TIDEMILL_ASSIGN(const Answer answer, caller_.Send(Get(job), job));
  if (!Worked(answer.response)) return FailOnAnswer(answer.response, job, "look at the job");
  TIDEMILL_ASSIGN(const json::object object, ParseObject(answer.response.body, job));
  const std::string name = Text(Object(object, "latestCreatedExecution"), "name");
  return name.empty() ? name : job + "/executions/" + LastPart(name);
}

Result<std::string> CloudRunApi::Run(const std::string& job) const {
  base::Error last{.code = ErrorCode::kUnavailable, .message = "no answer", .place = job};
  for (int attempt = 0; attempt < kMostRunAttempts; ++attempt) {
    if (attempt > 0) {
      const auto& means = caller_.means();
      if (!means.clock->SleepFor(std::chrono::seconds(1 << attempt), means.stop)) {
        return base::FailAt(ErrorCode::kCancelled, job, "cancelled");
      }
      TIDEMILL_ASSIGN(std::string begun, LatestExecution(job));
      if (!begun.empty()) return begun;
    }
    http::ClientRequest start = Post(job + ":run", "{}");
    start.headers.emplace_back("Connection", "close");  // and so never sent twice by itself
    auto answer = caller_.SendOnce(start, job);
    if (!answer) {
      last = std::move(answer).error();
      continue;
    }
    if (Worked(*answer)) {
      TIDEMILL_ASSIGN(const json::object operation, ParseObject(answer->body, job));
      const std::string name = Text(Object(operation, "metadata"), "name");
      if (!name.empty()) return job + "/executions/" + LastPart(name);
      return LatestExecution(job);
    }
    last = FailOnAnswer(*answer, job, "run the job").value();
    if (answer->status < 500 && answer->status != 429 && answer->status != 408) break;
  }
  return tl::unexpected(std::move(last));
}

Result<StageState> CloudRunApi::ExecutionState(const std::string& execution) const {
  TIDEMILL_ASSIGN(const Answer answer, caller_.Send(Get(execution), execution));
  if (!Worked(answer.response)) return FailOnAnswer(answer.response, execution, "look at the execution");
  TIDEMILL_ASSIGN(const json::object object, ParseObject(answer.response.body, execution));
  for (const json::value& condition : Array(object, "conditions")) {
    if (condition.is_object() && Text(condition.get_object(), "type") == "Completed") {
      return ToState(condition.get_object());
    }
  }
  return StageState{};
}

std::optional<int> CloudRunApi::ExitCode(const std::string& execution) const {
  const auto answer = caller_.Send(Get(execution + "/tasks"), execution);
  if (!answer || !Worked(answer->response)) return std::nullopt;
  const auto object = ParseObject(answer->response.body, execution);
  if (!object) return std::nullopt;
  std::optional<int> code;
  for (const json::value& task : Array(*object, "tasks")) {
    if (!task.is_object()) continue;
    const json::object& result = Object(task.get_object(), "lastAttemptResult");
    if (!result.empty()) code = static_cast<int>(Number(result, "exitCode"));
  }
  return code;
}

Status CloudRunApi::Cancel(const std::string& execution) const {
  TIDEMILL_ASSIGN(const Answer answer, caller_.Send(Post(execution + ":cancel", "{}"), execution));
  // 400 and 409: it has ended by itself.
  const int status = answer.response.status;
  if (Worked(answer.response) || status == 400 || status == 404 || status == 409) return {};
  return FailOnAnswer(answer.response, execution, "cancel the execution");
}

Status CloudRunApi::Delete(const std::string& job) const {
  TIDEMILL_ASSIGN(const Answer answer, caller_.Send({.method = "DELETE", .url = run_ + "/v2/" + job}, job));
  if (Worked(answer.response) || answer.response.status == 404) return {};
  return FailOnAnswer(answer.response, job, "delete the job");
}

Result<std::vector<LogLine>> CloudRunApi::Logs(const std::string& execution, const std::string& since) const {
  const std::string filter = fmt::format(
      "resource.type=\"cloud_run_job\" AND labels.\"run.googleapis.com/execution_name\"=\"{}\" AND timestamp>=\"{}\"",
      LastPart(execution), since);
  const json::object question{{"resourceNames", json::array{"projects/" + project_}},
                              {"filter", filter},
                              {"orderBy", "timestamp asc"},
                              {"pageSize", 1000}};
  http::ClientRequest request = Post("", json::serialize(question));
  request.url = logging_ + "/v2/entries:list";
  TIDEMILL_ASSIGN(const Answer answer, caller_.Send(request, execution));
  if (!Worked(answer.response)) return FailOnAnswer(answer.response, execution, "read the log");
  TIDEMILL_ASSIGN(const json::object object, ParseObject(answer.response.body, execution));
  std::vector<LogLine> lines;
  for (const json::value& value : Array(object, "entries")) {
    if (!value.is_object()) continue;
    const json::object& entry = value.get_object();
    lines.push_back({.id = Text(entry, "insertId"), .time = Text(entry, "timestamp"), .text = TextOf(entry)});
  }
  return lines;
}

}  // namespace tidemill::cloud
