// SPDX-License-Identifier: Apache-2.0
#include "draft_report.h"

#include <algorithm>
#include <set>

#include "tidemill/base/text.h"

namespace tidemill::transform {
namespace {

constexpr std::size_t kMostLeft = 20;  // kinds of findings that are told

// The place may be told in more or less words.
bool SaysTheSame(const std::string& left, const base::Error& error) {
  return left.ends_with(error.message);
}

// "dimension month, axis month, parse %m"
std::string ChoiceOf(const PlanColumn& column) {
  std::string choice = fmt::format("{} {}", ToText(column.role), column.name);
  for (const auto& [key, value] : column.keys) choice += fmt::format(", {} {}", key, value);
  std::erase(choice, '"');
  return choice;
}

Decision DecisionOf(const PlanColumn& column) {
  return {.about = column.place,
          .choice = ChoiceOf(column),
          .confidence = column.confidence,
          .reason = column.comment,
          .runner_up = column.runner_up,
          .runner_up_confidence = column.runner_up.empty() ? 0 : 1 - column.confidence};
}

Decision DecisionOf(const PlanMarker& marker) {
  const std::string meaning = marker.meaning.empty() ? "as in the harmonised set" : marker.meaning;
  return {.about = "marker",
          .choice = fmt::format("{} {}", base::Quoted(marker.text), meaning),
          .confidence = marker.confidence,
          .reason = fmt::format("{} cells, {}", base::Thousands(marker.count), marker.comment),
          .runner_up = marker.runner_up,
          .runner_up_confidence = marker.runner_up.empty() ? 0 : 1 - marker.confidence};
}

}  // namespace

void Leave(const Trial& trial, Draft& draft) {
  if (trial.error && (draft.left.empty() || !SaysTheSame(draft.left.back(), *trial.error))) {
    draft.left.push_back(trial.error->ToText());
  }
  std::set<std::string> told;
  for (const Finding& finding : trial.findings) {
    if (finding.severity == FindingSeverity::kWarn || !told.insert(finding.slug).second) continue;
    if (told.size() > kMostLeft) break;
    const std::string where = finding.cell.empty() ? std::string() : finding.cell + ": ";
    const auto more = std::ranges::count(trial.findings, finding.slug, &Finding::slug) - 1;
    draft.left.push_back(fmt::format("{}: {}{}{}", finding.slug, where, finding.message,
                                     more > 0 ? fmt::format(" (and {} more)", base::Thousands(more)) : ""));
  }
  if (!trial.tidy) return;
  draft.accounting = trial.tidy->accounting;
  draft.rows = draft.accounting.value + draft.accounting.marker;
}

std::vector<Decision> DecisionsOf(const Plan& plan) {
  std::vector<Decision> decisions;
  for (const PlanColumn& column : plan.columns) decisions.push_back(DecisionOf(column));
  for (const PlanMarker& marker : plan.markers) decisions.push_back(DecisionOf(marker));
  return decisions;
}

std::string ToLine(const Decision& decision) {
  return fmt::format("{}: {}, {:.2f}: {}", decision.about, decision.choice, decision.confidence, decision.reason);
}

void WriteRemarks(const Draft& draft, const std::string& file, Plan& plan) {
  plan.remarks.push_back(
      fmt::format("Drafted from {}. Each decision with its confidence, and what came next to it:", file));
  for (const Decision& decision : draft.decisions) {
    plan.remarks.push_back("  " + ToLine(decision));
    if (!decision.runner_up.empty()) {
      plan.remarks.push_back(fmt::format("    next {:.2f}: {}", decision.runner_up_confidence, decision.runner_up));
    }
  }
  if (draft.accounting.cells() > 0) {
    std::string classes;
    for (const auto& [name, count] : draft.accounting.Classes()) {
      if (count > 0) classes += fmt::format("{}{} {}", classes.empty() ? "" : " + ", base::Thousands(count), name);
    }
    plan.remarks.push_back(fmt::format("On this file: {} cells with content = {}; unaccounted {}.",
                                       base::Thousands(draft.accounting.cells()), classes,
                                       draft.accounting.unaccounted));
  }
  for (const std::string& remark : draft.remarks) plan.remarks.push_back("Seen: " + remark + ".");
  if (draft.left.empty()) return;
  plan.remarks.emplace_back("LEFT TO DECIDE before this recipe publishes anything:");
  for (const std::string& left : draft.left) plan.remarks.push_back("  - " + left);
}

}  // namespace tidemill::transform
