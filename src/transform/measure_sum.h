// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "body.h"

namespace tidemill::transform {

// The sum of a measure over all tables of an edition: exact for whole numbers and decimals.
class MeasureSum {
 public:
  explicit MeasureSum(const recipe::ColumnSpec& spec);
  const std::string& name() const { return name_; }
  void Add(const Measure& measure);
  // "3050567", "12.5"; of floats always with a point or an exponent.
  std::string Text() const;

 private:
  __extension__ using Int128 = __int128;
  std::string name_;
  bool whole_ = false;
  int scale_ = 0;
  Int128 sum_ = 0;
  double floats_ = 0;
};

}  // namespace tidemill::transform
