// SPDX-License-Identifier: Apache-2.0
#include "tidemill/transform/draft_formats.h"

#include "tidemill/base/json_writer.h"
#include "tidemill/base/text.h"

namespace tidemill::transform {
namespace {

std::string_view OutcomeOf(const Draft& draft) {
  if (draft.unsure()) return "unsure";
  return draft.left.empty() ? "drafted" : "left-to-decide";
}

std::string DecisionLines(const Decision& decision) {
  std::string text =
      fmt::format("{:<9} {:.2f}  {}: {}\n", decision.about, decision.confidence, decision.choice, decision.reason);
  if (!decision.runner_up.empty()) {
    text += fmt::format("     next {:.2f}  {}\n", decision.runner_up_confidence, decision.runner_up);
  }
  return text;
}

std::string UnsureLines(const Decision& decision) {
  const std::string margin =
      decision.runner_up.empty() ? std::string() : fmt::format(", or is less than 0.15 above the next");
  std::string text = fmt::format("unsure: the {} is not clear: {} has {:.2f}, less than 0.80{}\n", decision.about,
                                 decision.choice, decision.confidence, margin);
  if (!decision.settle.empty()) text += fmt::format("to settle it: {}\n", decision.settle);
  return text + "nothing is drafted\n";
}

}  // namespace

std::string ToText(const Draft& draft) {
  std::string text;
  for (const Decision& decision : draft.decisions) text += DecisionLines(decision);
  for (const std::string& issue : draft.unread) text += "unread    " + issue + "\n";
  if (draft.unsure()) return text + (draft.decisions.empty() ? "" : UnsureLines(draft.decisions.back()));
  for (const std::string& remark : draft.remarks) text += "seen      " + remark + "\n";
  if (draft.accounting.cells() > 0) {
    text += fmt::format("cells     {} accounted for, {} values; unaccounted {}\n",
                        base::Thousands(draft.accounting.cells() - draft.accounting.unaccounted),
                        base::Thousands(draft.rows), draft.accounting.unaccounted);
  }
  if (draft.left.empty()) return text + "drafted: the recipe reads this file and accounts for every cell\n";
  text += "left to decide, before the recipe publishes anything:\n";
  for (const std::string& left : draft.left) text += "  - " + left + "\n";
  return text;
}

std::string ToJson(const Draft& draft) {
  base::JsonWriter json;
  json.BeginObject().Key("outcome").String(OutcomeOf(draft)).Key("decisions").BeginArray();
  for (const Decision& decision : draft.decisions) {
    json.BeginObject().Key("about").String(decision.about).Key("choice").String(decision.choice);
    json.Key("confidence").Raw(fmt::format("{:.2f}", decision.confidence)).Key("reason").String(decision.reason);
    if (!decision.runner_up.empty()) {
      json.Key("runner_up").String(decision.runner_up);
      json.Key("runner_up_confidence").Raw(fmt::format("{:.2f}", decision.runner_up_confidence));
    }
    json.Stated("settle", decision.settle).EndObject();
  }
  json.EndArray().Key("unread").BeginArray();
  for (const std::string& issue : draft.unread) json.String(issue);
  json.EndArray().Key("seen").BeginArray();
  for (const std::string& remark : draft.remarks) json.String(remark);
  json.EndArray().Key("left").BeginArray();
  for (const std::string& left : draft.left) json.String(left);
  json.EndArray().Key("accounting").BeginObject().Key("all").Int(draft.accounting.cells());
  for (const auto& [name, count] : draft.accounting.Classes()) json.Key(name).Int(count);
  json.Key("unaccounted").Int(draft.accounting.unaccounted).EndObject();
  json.Stated("recipe", draft.toml).EndObject();
  return json.Take();
}

}  // namespace tidemill::transform
