// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace tidemill::query {

// A figure of one area: `day` counts from 1970-01-01, a missing value is NaN.
struct SeedPoint {
  std::int32_t day = 0;
  float value = 0;
};

// The rows of a deaths dataset by (year, area), for the route /year/{year}/geo_code/{geo_code}. Immutable.
class SeedIndex {
 public:
  struct Row {
    std::int32_t code;  // place in `codes`
    std::int64_t year;
    SeedPoint point;
  };
  // Rows in the table's order: the last of one day wins.
  SeedIndex(std::vector<std::string> codes, std::vector<Row> rows);

  struct Pair {
    std::int64_t year = 0;
    std::string_view code;
    std::size_t begin = 0, end = 0;  // of its points
  };
  // All pairs that have rows, by code and year.
  const std::vector<Pair>& pairs() const { return pairs_; }
  // Appends the answer's body. A pair without rows has an empty "data".
  void AppendBody(std::string& out, std::int64_t year, std::string_view code) const;
  void AppendBody(std::string& out, const Pair& pair) const;
  std::int64_t newest_year() const { return newest_year_; }

 private:
  std::vector<std::string> codes_;
  std::vector<SeedPoint> points_;
  std::vector<Pair> pairs_;
  std::int64_t newest_year_ = 0;
};

// A double as Python's repr writes it: 267.0, 1e-05, 1.0000000200408773e+20.
void AppendPythonRepr(std::string& out, double value);

}  // namespace tidemill::query
