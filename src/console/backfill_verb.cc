// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <optional>

#include "tidemill/base/text.h"

#include "deployment.h"
#include "handlers.h"
#include "show.h"

namespace tidemill::console {
namespace {

namespace json = prefect::json;
using base::ErrorCode;
using base::Fail;
using base::Result;
using base::Status;
using prefect::TextIn;

constexpr std::int64_t kMostEditions = 10'000;

// "2006..2015" as its numbers; nothing where it is no range.
std::optional<json::array> ReadRange(std::string_view text) {
  const std::size_t dots = text.find("..");
  if (dots == std::string_view::npos) return std::nullopt;
  const auto first = base::ParseInt(text.substr(0, dots));
  const auto last = base::ParseInt(text.substr(dots + 2));
  if (!first || !last || *first < 0 || *last < *first || *last - *first >= kMostEditions) return std::nullopt;
  json::array numbers;
  for (std::int64_t number = *first; number <= *last; ++number) numbers.emplace_back(number);
  return numbers;
}

Result<json::array> EditionsOf(const std::vector<std::string>& texts) {
  json::array editions;
  for (const std::string& text : texts) {
    if (const auto range = ReadRange(text)) {
      editions.insert(editions.end(), range->begin(), range->end());
    } else if (text.find("..") != std::string::npos) {
      return Fail(ErrorCode::kInvalid, "--edition {} is no range, expected one such as 2006..2015", base::Quoted(text));
    } else if (const auto number = base::ParseInt(text); number && text.front() != '0') {
      editions.emplace_back(*number);
    } else {
      editions.emplace_back(text);
    }
  }
  return editions;
}

// --every, --cron, --interval or --rrule; null: the deployment's own.
Result<json::value> StepOf(const Context& context) {
  struct Step {
    std::string_view name, cron;
  };
  constexpr std::array kSteps{Step{"hour", "0 * * * *"},  Step{"day", "0 0 * * *"},       Step{"week", "0 0 * * 1"},
                              Step{"month", "0 0 1 * *"}, Step{"quarter", "0 0 1 */3 *"}, Step{"year", "0 0 1 1 *"}};
  if (!context.Has("every")) return ScheduleOf(context);
  if (context.Has("cron") || context.Has("interval") || context.Has("rrule"))
    return Fail(ErrorCode::kInvalid, "--every and a schedule of its own: only one of them makes the slots");
  for (const Step& step : kSteps) {
    if (step.name == context.Text("every")) {
      return json::value(
          json::object{{"cron", step.cron}, {"timezone", prefect::TextOrNull(context.Text("timezone"))}});
    }
  }
  return Fail(ErrorCode::kInvalid, "--every is {}: expected hour, day, week, month, quarter or year",
              base::Quoted(context.Text("every")));
}

Result<json::object> RequestOf(const Context& context) {
  json::object body{{"dry_run", context.Has("dry-run")}};
  if (context.Has("parallel")) {
    const auto parallel = base::ParseInt(context.Text("parallel"));
    if (!parallel) return Fail(ErrorCode::kInvalid, "--parallel is no number");
    body["parallel"] = *parallel;
  }
  TIDEMILL_ASSIGN(body["parameters"], PairsOf(context.arguments.List("param"), "--param"));
  json::array tags;
  for (const std::string& tag : context.arguments.List("tag")) tags.emplace_back(tag);
  body["tags"] = std::move(tags);
  const bool dates = context.Has("from") || context.Has("to");
  if (context.Has("edition") == dates)
    return Fail(ErrorCode::kInvalid, "expected --from and --to, or --edition: which slots are to be filled");
  if (!dates) {
    TIDEMILL_ASSIGN(body["editions"], EditionsOf(context.arguments.List("edition")));
    return body;
  }
  body["from"] = context.Text("from");
  body["to"] = context.Text("to");
  TIDEMILL_ASSIGN(json::value schedule, StepOf(context));
  if (!schedule.is_null()) body["schedule"] = std::move(schedule);
  return body;
}

std::string SaidOf(const Context& context, const json::value& answer) {
  const std::string fresh = TextIn(answer, "new");
  const std::size_t all = prefect::ArrayIn(answer, "slots").size();
  if (context.Has("dry-run")) return fmt::format("{} of {} slots would get a run", fresh, all);
  if (fresh == "0") return fmt::format("nothing to do: each of {} slots has a run", all);
  return fmt::format("backfill {}: {} of {} slots get a run, {} at once", TextIn(answer, "id"), fresh, all,
                     TextIn(answer, "parallel"));
}

}  // namespace

Status BackfillDeployment(const Context& context) {
  TIDEMILL_ASSIGN(const json::object body, RequestOf(context));
  TIDEMILL_ASSIGN(const json::value deployment, DeploymentOf(context));
  const auto asked =
      context.client().Post("/deployments/" + TextIn(deployment, "id") + "/backfill", body, context.ask());
  if (!asked && asked.error().code == ErrorCode::kNotFound) {
    return Fail(ErrorCode::kUnsupported, "the server cannot backfill: only Tidemill's own can");
  }
  TIDEMILL_ASSIGN(const json::value answer, asked);
  if (context.as_json) return ShowOne(context, answer);
  json::array rows;
  for (const json::value& slot : prefect::ArrayIn(answer, "slots")) {
    json::object row = prefect::AsObject(slot);
    row["shown"] = prefect::ToText(prefect::ObjectIn(slot, "parameters"));
    rows.push_back(std::move(row));
  }
  ShowRows(context, rows, "Slot=slot|Parameters=shown|Filled by=filled_by|Run=run_id");
  context.Note(SaidOf(context, answer));
  return {};
}

Status ListBackfills(const Context& context) {
  TIDEMILL_ASSIGN(const json::value deployment, DeploymentOf(context));
  TIDEMILL_ASSIGN(const json::value found,
                  context.client().Get("/deployments/" + TextIn(deployment, "id") + "/backfills", context.ask()));
  ShowRows(context, found,
           "ID=id|Created=created|Slots=slots|Waiting=waiting|Running=running|Completed=completed|At once=parallel");
  return {};
}

}  // namespace tidemill::console
