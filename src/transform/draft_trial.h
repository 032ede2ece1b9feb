// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "tidemill/transform/tidy.h"

#include "draft_plan.h"

namespace tidemill::transform {

// A workbook of which one sheet is read already, and of the others only those of notes have cells. A draft is tried
// many times.
class TrialBook final : public workbook::Workbook {
 public:
  TrialBook(const workbook::Workbook& book, std::size_t index, workbook::Sheet sheet)
      : book_(book), index_(index), sheet_(std::move(sheet)) {}

  const workbook::Sheet& sheet() const { return sheet_; }
  // A sheet named Note* or Footnote*, where there is one.
  bool has_notes() const;

  workbook::Format format() const override { return book_.format(); }
  const std::vector<workbook::SheetEntry>& sheets() const override { return book_.sheets(); }
  const std::vector<workbook::DefinedName>& names() const override { return book_.names(); }
  const std::vector<workbook::Issue>& issues() const override { return book_.issues(); }
  bool date1904() const override { return book_.date1904(); }

 private:
  base::Result<workbook::Sheet> Read(std::size_t index, workbook::RowSink* rows, std::stop_token stop,
                                     const workbook::ReadOptions& options) const override;

  const workbook::Workbook& book_;
  std::size_t index_;
  workbook::Sheet sheet_;
};

// What becomes of a plan on the file it was made from.
struct Trial {
  std::optional<base::Error> error;  // it does not bind
  std::optional<TidyEdition> tidy;
  std::vector<Finding> findings;                            // of the edition and of its outputs
  std::map<std::string, std::int64_t, std::less<>> failed;  // findings that fail, by slug
  bool clean() const { return !error && failed.empty() && tidy->accounting.unaccounted == 0; }
  std::int64_t Failed(std::string_view slug) const;
};

// Errors: cancelled.
base::Result<Trial> TryPlan(const TrialBook& book, const Plan& plan, const EditionInput& input,
                            const Register& geography, std::stop_token stop);

}  // namespace tidemill::transform
