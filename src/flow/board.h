// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <string>
#include <vector>

#include "tidemill/flow/observer.h"

namespace tidemill::flow {

// What runs now, as far as a person wants to know: names for ids, and the text of the live line. Not thread-safe.
class Board {
 public:
  void AddFlow(const FlowRunSpec& spec, const FlowRunInfo& run, base::Time now);
  void RemoveFlow(const std::string& id);
  bool IsRoot(const std::string& flow_run_id) const;
  bool empty() const { return flows_.empty(); }
  // "main-flow / get-ons-deaths-data"
  std::string PathOf(const std::string& flow_run_id) const;
  base::Time BegunAt(const std::string& flow_run_id) const;

  struct TaskRow {
    std::string id;
    std::string flow_run_id;
    std::string label;  // "download_and_save_file 2018.xls"
    base::Time begun_at;
    bool spoke = false;  // logged something
    std::uint64_t done = 0;
    std::uint64_t of = 0;
  };
  // The row of a task run, made at its first event; null for an unknown id.
  TaskRow& TaskOf(const TaskRunEvent& event);
  TaskRow* FindTask(const std::string& id);
  void RemoveTask(const std::string& id);

  // Empty while nothing has run for a second.
  std::string LiveText(base::Time now) const;

 private:
  struct Flow {
    std::string name;
    std::string parent_id;
    base::Time begun_at;
  };
  std::map<std::string, Flow> flows_;
  std::vector<std::string> order_;  // of the flows, oldest first
  std::vector<TaskRow> tasks_;      // oldest first
};

}  // namespace tidemill::flow
