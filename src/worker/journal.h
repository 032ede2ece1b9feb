// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "tidemill/worker/infrastructure.h"

namespace tidemill::worker {

// What runs, a file a run, so that a supervisor that was killed finds its runs again. A process is known by its
// number, its start and the machine's boot: a number alone is used again.
class Journal {
 public:
  // A folder that cannot be written keeps no notes.
  explicit Journal(std::string folder);
  // What runs it: `type` of infrastructure, and the work pool that gave the run (empty for a queue of an agent).
  struct Place {
    std::string identifier, type, pool;
  };
  void Note(const std::string& flow_run_id, const Place& place) const;
  void Forget(const std::string& flow_run_id) const;

  struct Entry {
    std::string flow_run_id;
    Place place;
    std::unique_ptr<Execution> process;  // null where it is gone, or was none
  };
  std::vector<Entry> Read() const;

 private:
  const std::string folder_;
};

}  // namespace tidemill::worker
