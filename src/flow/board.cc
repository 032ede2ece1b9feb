// SPDX-License-Identifier: Apache-2.0
#include "board.h"

#include <algorithm>

#include <fmt/format.h>

#include "line.h"

namespace tidemill::flow {

void Board::AddFlow(const FlowRunSpec& spec, const FlowRunInfo& run, base::Time now) {
  // A generator without randomness gives the same id twice: such a run may not be its own parent.
  const std::string parent = spec.parent_id == run.id ? "" : spec.parent_id;
  flows_[run.id] = {.name = spec.flow_name, .parent_id = parent, .begun_at = now};
  order_.push_back(run.id);
}

void Board::RemoveFlow(const std::string& id) {
  flows_.erase(id);
  std::erase(order_, id);
}

bool Board::IsRoot(const std::string& flow_run_id) const {
  const auto found = flows_.find(flow_run_id);
  return found == flows_.end() || !flows_.contains(found->second.parent_id);
}

std::string Board::PathOf(const std::string& flow_run_id) const {
  std::string path;
  for (auto at = flows_.find(flow_run_id); at != flows_.end(); at = flows_.find(at->second.parent_id)) {
    path = path.empty() ? at->second.name : fmt::format("{} / {}", at->second.name, path);
  }
  return path;
}

base::Time Board::BegunAt(const std::string& flow_run_id) const {
  const auto found = flows_.find(flow_run_id);
  return found == flows_.end() ? base::Time{} : found->second.begun_at;
}

Board::TaskRow& Board::TaskOf(const TaskRunEvent& event) {
  if (TaskRow* known = FindTask(event.id)) return *known;
  return tasks_.emplace_back(
      TaskRow{.id = event.id,
              .flow_run_id = event.flow_run_id,
              .label = event.item.empty() ? event.task_name : fmt::format("{} {}", event.task_name, event.item),
              .begun_at = event.state.timestamp});
}

Board::TaskRow* Board::FindTask(const std::string& id) {
  const auto found = std::ranges::find(tasks_, id, &TaskRow::id);
  return found == tasks_.end() ? nullptr : &*found;
}

void Board::RemoveTask(const std::string& id) {
  std::erase_if(tasks_, [&](const TaskRow& task) { return task.id == id; });
}

// What changes comes first, so that a narrow terminal cuts off what is known already.
std::string Board::LiveText(base::Time now) const {
  if (order_.empty() || now - BegunAt(order_.front()) < std::chrono::seconds(1)) return {};
  if (tasks_.empty()) return fmt::format("{} | {}", Lasted(now - BegunAt(order_.back())), PathOf(order_.back()));
  const TaskRow& task = tasks_.back();
  std::string text = Lasted(now - task.begun_at);
  if (task.done > 0) text += " " + Bar(task.done, task.of);
  if (tasks_.size() > 1) text += fmt::format(" (and {} more)", tasks_.size() - 1);
  return fmt::format("{} | {} | {}", text, task.label, PathOf(task.flow_run_id));
}

}  // namespace tidemill::flow
