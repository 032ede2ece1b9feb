// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <string>
#include <string_view>
#include <utility>

#include <fmt/format.h>

#include "tidemill/base/json_writer.h"

#include "pages.h"
#include "searchables.h"

namespace tidemill::orchestrator {
namespace {

constexpr std::int64_t kAutomationsShown = 50;
constexpr std::int64_t kMostInForm = 1000;  // that a form shows of one kind

constexpr std::string_view kAutomationPlace = "a.name || ' ' || a.id";  // names may be repeated
constexpr std::array kAutomationLineColumns{Column{"id", "a.id"},
                                            Column{"name", "a.name"},
                                            Column{"description", "a.description"},
                                            Column{"enabled", "a.enabled", Kind::kBool},
                                            Column{"tags", "a.tags", Kind::kJson},
                                            Column{"trigger", "a.trigger", Kind::kJson},
                                            Column{"actions", "a.actions", Kind::kJson},
                                            Column{"cursor", kAutomationPlace}};
constexpr Entity kAutomationLine{"Automation", "automation a", kAutomationLineColumns};

constexpr std::array kDeploymentChoiceColumns{Column{"id", "d.id"}, Column{"name", "d.name"},
                                              Column{"flow_name", "f.name"}};
constexpr Entity kDeploymentChoice{"Deployment", "deployment d JOIN flow f ON f.id = d.flow_id",
                                   kDeploymentChoiceColumns};
constexpr std::array kHookChoiceColumns{Column{"name", "h.name"}};
constexpr Entity kHookChoice{"Hook", "hook h", kHookChoiceColumns};

// All that the form of one needs; nothing is known of a new one.
Outcome<void> WriteAutomationForm(Call& call, const std::string& id, base::JsonWriter& json) {
  TIDEMILL_CHECK(WriteOne(call, kAutomations.entity, "a.id", id, "edited", json));
  const Part choices[] = {{"deployments", kDeploymentChoice, "1", "f.name, d.name", kMostInForm},
                          {"hooks", kHookChoice, "1", "h.name", kMostInForm}};
  json.Key("most_choices").Int(kMostInForm);
  return WriteParts(call, choices, {}, json);
}

}  // namespace

Outcome<Answer> PageAutomations(Call& call) {
  Selection selection{.order = std::string(kAutomationPlace)};
  if (const auto after = QueryText(call, "after"))
    AddCondition(selection, fmt::format("{} > {{}}", kAutomationPlace), *after);
  base::JsonWriter json;
  json.BeginObject();
  TIDEMILL_CHECK(WritePage(call, kAutomationLine, std::move(selection), "automations", kAutomationsShown, json));
  if (const auto edit = QueryText(call, "edit")) TIDEMILL_CHECK(WriteAutomationForm(call, *edit, json));
  return Answer{.status = 200, .body = json.EndObject().Take()};
}

}  // namespace tidemill::orchestrator
