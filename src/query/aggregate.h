// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <vector>

#include <arrow/type_fwd.h>

#include "tidemill/query/query.h"

namespace tidemill::query {

// Aggregates of rows that are numbered by group.
class Aggregator {
 public:
  // All must outlive it.
  Aggregator(const Query& query, const Cube& cube, const std::vector<std::uint32_t>& rows,
             const std::vector<std::uint32_t>& groups, std::size_t count);

  // One value a group. Errors: overflow.
  Checked<std::shared_ptr<arrow::Array>> Values(const Aggregate& aggregate) const;
  bool has_missing() const { return has_missing_; }
  std::shared_ptr<arrow::Array> Missing() const;

 private:
  void CountMissing();
  std::vector<std::int64_t> CountValues(int column) const;
  std::vector<std::int64_t> Picks(const Aggregate& aggregate) const;
  bool IsHidden(const Aggregate& aggregate, std::size_t group) const;
  Checked<std::shared_ptr<arrow::Array>> Sums(const Aggregate& aggregate) const;
  std::shared_ptr<arrow::Array> Picked(const Aggregate& aggregate) const;

  const Query& query_;
  const Cube& cube_;
  const std::vector<std::uint32_t>& rows_;
  const std::vector<std::uint32_t>& groups_;
  std::size_t count_;
  bool has_missing_ = false;
  std::map<int, std::vector<std::int64_t>> missing_;  // of each column, a number a group
};

}  // namespace tidemill::query
