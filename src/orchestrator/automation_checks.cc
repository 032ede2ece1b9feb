// SPDX-License-Identifier: Apache-2.0
#include "automation_checks.h"

#include <algorithm>
#include <array>
#include <string>
#include <string_view>

#include <boost/json/array.hpp>
#include <fnmatch.h>

#include "events.h"
#include "filter.h"
#include "job_variables.h"
#include "triggers.h"

namespace tidemill::orchestrator {
namespace {

bool IsEventTrigger(const json::object& trigger) {
  const std::string type = TextOf(trigger, "type");
  return type.empty() || type == "event";
}

bool IsMissing(const json::object& object, std::string_view name) {
  const json::value* value = Find(object, name);
  return value == nullptr || value->is_null();
}

void AddDefaults(json::object& trigger) {
  if (IsMissing(trigger, "type")) trigger["type"] = "event";
  if (IsMissing(trigger, "posture")) trigger["posture"] = "Reactive";
  if (IsMissing(trigger, "threshold")) trigger["threshold"] = 1;
  for (const std::string_view name : {"match", "match_related"}) {
    if (IsMissing(trigger, name)) trigger[name] = json::object();
  }
  for (const std::string_view name : {"expect", "after", "for_each"}) {
    if (IsMissing(trigger, name)) trigger[name] = json::array();
  }
  const bool is_proactive = TextOf(trigger, "posture") == "Proactive";
  const json::value* within = Find(trigger, "within");
  const bool is_zero = within != nullptr && within->is_number() && within->to_number<double>() == 0;
  if (IsMissing(trigger, "within") || (is_proactive && is_zero)) trigger["within"] = is_proactive ? kLeastAbsence : 0.0;
}

// A pattern, or behind '!' what does not fit it.
bool FitsBeginning(std::string_view pattern) {
  constexpr std::array kBeginnings{"prefect.flow-run.Scheduled", "prefect.flow-run.Pending",
                                   "prefect.flow-run.Running"};
  const bool inverse = pattern.starts_with('!');
  const std::string text(inverse ? pattern.substr(1) : pattern);
  return std::any_of(kBeginnings.begin(), kBeginnings.end(),
                     [&](const char* name) { return (::fnmatch(text.c_str(), name, 0) == 0) != inverse; });
}

// Names of events, of which none means any.
bool ExpectsBeginning(const json::value& expect) {
  if (!expect.is_array()) return expect.is_string() && FitsBeginning(expect.get_string());
  const json::array& names = expect.get_array();
  return names.empty() || std::any_of(names.begin(), names.end(), ExpectsBeginning);
}

// Labels that every flow run has.
bool MeansEveryRun(const json::object& labels) {
  constexpr std::string_view kEveryRun = "prefect.flow-run.*";
  if (labels.empty()) return true;
  const json::value* id = Find(labels, "prefect.resource.id");
  if (labels.size() != 1 || id == nullptr) return false;
  const auto is_every = [&](const json::value& one) { return one == json::value(kEveryRun); };
  if (!id->is_array()) return is_every(*id);
  return std::any_of(id->get_array().begin(), id->get_array().end(), is_every);
}

bool IsAboutEveryRun(const json::object& trigger) {
  const auto means_every = [](const json::value& labels) {
    return labels.is_object() && MeansEveryRun(labels.get_object());
  };
  const json::value* match = Find(trigger, "match");
  const json::value* related = Find(trigger, "match_related");
  if (match != nullptr && !means_every(*match)) return false;
  if (related == nullptr || !related->is_array()) return related == nullptr || means_every(*related);
  return std::any_of(related->get_array().begin(), related->get_array().end(), means_every);
}

// A deployment of its own choice may start runs that the trigger does not look at; the run's own never does.
bool StartsWhatItIsAbout(const json::value& action, const json::object& trigger) {
  if (!action.is_object() || TextOf(action.get_object(), "type") != "run-deployment") return false;
  return TextOf(action.get_object(), "source") == "inferred" || IsAboutEveryRun(trigger);
}

}  // namespace

json::object WholeTrigger(Call& call, const json::object& trigger) {
  json::object whole = trigger;
  whole["id"] = call.NewId();
  if (IsEventTrigger(trigger)) AddDefaults(whole);
  json::value* parts = whole.if_contains("triggers");
  if (parts == nullptr || !parts->is_array()) return whole;
  for (json::value& part : parts->get_array()) {
    if (part.is_object()) part = WholeTrigger(call, part.get_object());
  }
  return whole;
}

Outcome<void> CheckIsNoLoop(const json::object& trigger, const json::array& actions) {
  if (!IsEventTrigger(trigger) || TextOf(trigger, "posture") == "Proactive") return {};
  const json::value* expect = Find(trigger, "expect");
  if (expect == nullptr || !ExpectsBeginning(*expect)) return {};
  const auto starts = [&](const json::value& action) { return StartsWhatItIsAbout(action, trigger); };
  if (std::none_of(actions.begin(), actions.end(), starts)) return {};
  return RefuseMember("actions", "the beginning of a run would start another run, without end");
}

Outcome<void> CheckVariablesOfActions(Call& call, const json::array& actions) {
  for (const json::value& action : actions) {
    if (!action.is_object() || TextOf(action.get_object(), "type") != "run-deployment") continue;
    const json::object* variables = FindObject(action.get_object(), "job_variables");
    if (variables == nullptr || variables->empty()) continue;
    TIDEMILL_ASSIGN(const db::Value queue, SelectValue(call, "SELECT work_queue_id FROM deployment WHERE id = ?1",
                                                       {TextOf(action.get_object(), "deployment_id")}));
    if (db::IsNull(queue)) continue;
    TIDEMILL_CHECK(
        CheckJobVariables(call, db::TextOf(queue), *variables, Required::kIgnored, "Error creating automation"));
  }
  return {};
}

}  // namespace tidemill::orchestrator
