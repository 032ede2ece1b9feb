// SPDX-License-Identifier: Apache-2.0
#include "tidemill/base/instant.h"
#include "tidemill/base/text.h"

#include "deployment.h"

namespace tidemill::console {
namespace {

namespace json = prefect::json;
using base::ErrorCode;
using base::Fail;
using base::Result;

Result<json::value> IntervalOf(const Context& context, const json::value& zone) {
  const auto seconds = base::ParseDouble(context.Text("interval"));
  if (!seconds || *seconds <= 0) {
    return Fail(ErrorCode::kInvalid, "--interval is {}: expected seconds, more than 0",
                base::Quoted(context.Text("interval")));
  }
  json::object schedule{{"interval", *seconds}};
  const std::string anchor = context.Text("anchor-date");
  if (!anchor.empty()) {
    const auto time = base::ParseInstant(anchor);
    if (!time) return Fail(ErrorCode::kInvalid, "--anchor-date is {}: expected a date and time", base::Quoted(anchor));
    schedule["anchor_date"] = base::InstantText(*time);
  }
  schedule["timezone"] = zone;
  return json::value(std::move(schedule));
}

// A text, or JSON with rrule and timezone.
json::value RruleOf(const Context& context, const json::value& zone) {
  const json::value said = prefect::JsonOrText(context.Text("rrule"));
  if (!said.is_object()) return json::object{{"rrule", context.Text("rrule")}, {"timezone", zone}};
  const json::value* own = prefect::Find(said, "timezone");
  return json::object{{"rrule", prefect::TextIn(said, "rrule")}, {"timezone", own != nullptr ? *own : zone}};
}

}  // namespace

Result<json::value> ScheduleOf(const Context& context) {
  const int kinds = int{context.Has("cron")} + int{context.Has("interval")} + int{context.Has("rrule")};
  if (kinds > 1) return Fail(ErrorCode::kInvalid, "only one of --cron, --interval and --rrule makes a schedule");
  if (context.Has("anchor-date") && !context.Has("interval")) {
    return Fail(ErrorCode::kInvalid, "--anchor-date is for --interval only");
  }
  const json::value zone = prefect::TextOrNull(context.Text("timezone"));
  if (context.Has("cron")) {
    const std::string day_or = context.Text("day_or");
    return json::value(json::object{{"cron", context.Text("cron")},
                                    {"timezone", zone},
                                    {"day_or", day_or != "false" && day_or != "False" && day_or != "0"}});
  }
  if (context.Has("interval")) return IntervalOf(context, zone);
  if (context.Has("rrule")) return RruleOf(context, zone);
  if (!zone.is_null()) return Fail(ErrorCode::kInvalid, "--timezone needs --cron, --interval or --rrule");
  return json::value(nullptr);
}

std::string ScheduleText(const json::value& schedule) {
  for (const std::string_view name : {"cron", "rrule"}) {
    if (std::string text = prefect::TextIn(schedule, name); !text.empty()) return text;
  }
  const std::string interval = prefect::TextIn(schedule, "interval");
  if (interval.empty()) return interval;
  const auto seconds = base::ParseDouble(interval);
  return seconds ? fmt::format("every {:.15g} s", *seconds) : "every " + interval;
}

}  // namespace tidemill::console
