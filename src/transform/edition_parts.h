// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "checks.h"
#include "measure_sum.h"

namespace tidemill::transform {

// What is known of an edition as a whole, once all its tables are added.
struct EditionWhole {
  const std::vector<recipe::FactSpec>& fact_specs;
  const std::map<std::string, std::string>& facts;
  const std::set<int>& whens;  // numbers of the [[when]] blocks that held on any sheet, from 0
  const NoteBook& notes;
};

// What the tables of one edition come to together: rows, lock, explanation, and what the checks of the whole look at.
class EditionParts {
 public:
  explicit EditionParts(const EditionInput& input) : input_(input) {}

  // A table, read and checked. Fails where its columns are of other types than those of the tables before.
  base::Status Add(const BoundEdition& edition, const CheckReport& report);
  // A sheet whose tables are all added.
  void AddSheet(const Grid& grid) { accounting_.Add(grid.Account()); }

  const Accounting& accounting() const { return accounting_; }
  const frame::Frame& frame() const { return frame_; }
  const std::set<base::Period>& periods() const { return periods_; }  // that are published

  // Table, lock, explanation and counts; the rest of the edition is the caller's.
  TidyEdition Finish(const EditionWhole& whole) &&;

 private:
  void AddPeriods(const BoundEdition& edition);
  void AddSums(const Body& body);
  void AddMarkers(const Body& body);
  std::string LockToml(const EditionWhole& whole) const;
  std::string CountsToml() const;
  std::string ExplainWhole(const EditionWhole& whole) const;

  const EditionInput& input_;
  frame::Frame frame_;
  Accounting accounting_;
  std::vector<std::string> sheets_, layouts_;
  std::string explained_;
  std::size_t rows_ = 0;
  std::vector<std::int64_t> levels_;
  std::set<std::string> axis_texts_;
  std::set<base::Period> periods_;
  std::vector<std::string> unpublished_;
  std::map<std::string, std::int64_t> markers_;
  std::map<std::pair<std::string, std::string>, std::int64_t> markers_of_;  // by value column and marker
  std::map<std::string, std::int64_t> observations_;                        // of each value column
  std::vector<MeasureSum> sums_;
  std::vector<std::string> exceptions_;
  std::int64_t sums_checked_ = 0;
  CheckCounts checks_;
  std::optional<base::Date> vintage_;
};

}  // namespace tidemill::transform
