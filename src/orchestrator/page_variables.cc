// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <utility>

#include "tidemill/base/json_writer.h"

#include "pages.h"

namespace tidemill::orchestrator {
namespace {

constexpr std::int64_t kVariablesShown = 50;

constexpr std::array kVariableLineColumns{Column{"id", "v.id"},
                                          Column{"name", "v.name"},
                                          Column{"value", "v.value", Kind::kJson},
                                          Column{"tags", "v.tags", Kind::kJson},
                                          Column{"updated", "v.updated", Kind::kInstant},
                                          Column{"cursor", "v.name"}};
constexpr Entity kVariableLine{"Variable", "variable v", kVariableLineColumns};

}  // namespace

Outcome<Answer> PageVariables(Call& call) {
  Selection selection{.order = "v.name"};
  if (const auto after = QueryText(call, "after")) AddCondition(selection, "v.name > {}", *after);
  base::JsonWriter json;
  json.BeginObject();
  TIDEMILL_CHECK(WritePage(call, kVariableLine, std::move(selection), "variables", kVariablesShown, json));
  if (const auto edit = QueryText(call, "edit"))
    TIDEMILL_CHECK(WriteOne(call, kVariableLine, "v.name", *edit, "edited", json));
  return Answer{.status = 200, .body = json.EndObject().Take()};
}

}  // namespace tidemill::orchestrator
