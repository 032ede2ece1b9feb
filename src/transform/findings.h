// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "tidemill/transform/finding.h"

namespace tidemill::transform {

// Collects the findings of one edition. Of each slug the first 1,000 are kept; all are counted.
class Findings {
 public:
  Findings(std::string edition, std::string file) : edition_(std::move(edition)), file_(std::move(file)) {}
  void SetSheet(std::string sheet) { sheet_ = std::move(sheet); }
  void Add(FindingSeverity severity, std::string_view slug, std::string cell, std::string message);
  void Fail(std::string_view slug, std::string cell, std::string message) {
    Add(FindingSeverity::kFail, slug, std::move(cell), std::move(message));
  }
  void Warn(std::string_view slug, std::string cell, std::string message) {
    Add(FindingSeverity::kWarn, slug, std::move(cell), std::move(message));
  }
  // The findings in order of appearance, then one line for each slug of which some were not kept.
  std::vector<Finding> Finish() &&;

 private:
  struct Count {
    std::size_t all = 0;
    FindingSeverity severity = FindingSeverity::kFail;
  };
  std::string edition_, file_, sheet_;
  std::vector<Finding> kept_;
  std::map<std::string, Count, std::less<>> counts_;
};

}  // namespace tidemill::transform
