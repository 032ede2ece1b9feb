// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <vector>

#include <arrow/type_fwd.h>

#include "tidemill/query/query.h"

namespace tidemill::query {

// Rows and the group of each, both in storage order.
struct GroupedRows {
  const std::vector<std::uint32_t>& rows;
  const std::vector<std::uint32_t>& groups;
  std::size_t count = 0;  // of groups
};

// A column's cells, a number a group.
struct Tally {
  std::vector<std::int64_t> counts;    // cells with a value
  std::vector<std::int64_t> missing;   // cells without, but for those marked as not applicable
  std::vector<std::int64_t> integers;  // sums, where the column holds integers
  std::vector<double> doubles;         // sums, added up as doubles
  bool overflows = false;              // `integers` went beyond 64 bits
};

struct Tallies {
  std::vector<std::int64_t> rows;
  std::map<int, Tally> columns;  // of those that aggregates are made of
};
Tallies TallyRows(const Query& query, const Cube& cube, const GroupedRows& grouped);

// Whether a status says "not applicable", a word a place: nothing is missing there.
std::vector<bool> AreNotApplicable(const arrow::Array& statuses);
const CubeColumn* StatusOf(const Cube& cube, const CubeColumn& measure);

// Aggregates of groups. `grouped` is needed for min, max, first and last; all must outlive it.
class Aggregator {
 public:
  Aggregator(const Query& query, const Cube& cube, const Tallies& tallies, const GroupedRows* grouped)
      : query_(query), cube_(cube), tallies_(tallies), grouped_(grouped) {}

  // One value a group. Errors: overflow.
  Checked<std::shared_ptr<arrow::Array>> Values(const Aggregate& aggregate) const;
  bool has_missing() const;
  std::shared_ptr<arrow::Array> Missing() const;

 private:
  std::vector<std::int64_t> Picks(const Aggregate& aggregate) const;
  bool IsHidden(const Aggregate& aggregate, std::size_t group) const;
  Checked<std::shared_ptr<arrow::Array>> Sums(const Aggregate& aggregate) const;
  std::shared_ptr<arrow::Array> Picked(const Aggregate& aggregate) const;

  const Query& query_;
  const Cube& cube_;
  const Tallies& tallies_;
  const GroupedRows* grouped_;
};

}  // namespace tidemill::query
