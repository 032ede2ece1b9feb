// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include <arrow/type_fwd.h>

#include "tidemill/query/query.h"

namespace tidemill::query {

// What a query selects: rows of the cube by their places (4 bytes a row), or rows made by grouping. Values are read
// from the cube when they are asked for.
class QueryResult {
 public:
  std::shared_ptr<const Cube> cube;
  std::shared_ptr<arrow::RecordBatch> groups;  // null where nothing was grouped
  std::vector<std::size_t> select;             // columns of the cube
  std::vector<std::uint32_t> places;           // in the cube, else in `groups`
  std::uint64_t total = 0;                     // without limit and cursor
  bool more = false;                           // rows follow the last one
  std::shared_ptr<arrow::Schema> schema;

  std::size_t rows() const { return places.size(); }
  base::Result<std::shared_ptr<arrow::RecordBatch>> Read(std::size_t begin, std::size_t count) const;
};

// What ties a cursor to its query: the first 8 bytes of a hash of its canonical text without paging.
struct CursorScope {
  std::uint32_t vintage = 0;
  std::string canonical;
};
// The cursor that continues behind the last row; empty where nothing follows.
std::string NextCursor(const QueryResult& result, const CursorScope& scope);
// The vintage in a cursor, for a walk stays in the one it began with. Nothing where it is none of ours.
std::optional<std::uint32_t> VintageOfCursor(std::string_view cursor);

// Errors: bad-cursor, and 422s: mixed-levels, overflow.
Checked<QueryResult> RunQuery(const Query& query, std::shared_ptr<const Cube> cube, const CursorScope& scope);

// The rows that the filters and `last` leave, in storage order.
std::vector<std::uint32_t> SelectRows(const Query& query, const Cube& cube);

}  // namespace tidemill::query
