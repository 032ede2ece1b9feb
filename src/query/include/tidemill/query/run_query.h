// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include <arrow/type_fwd.h>

#include "tidemill/query/cursor.h"
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

// The cursor that continues behind the last row; empty where nothing follows.
std::string NextCursor(const QueryResult& result, const CursorScope& scope);

// Errors: bad-cursor, and 422s: mixed-levels, overflow.
Checked<QueryResult> RunQuery(const Query& query, std::shared_ptr<const Cube> cube, const CursorScope& scope);

// The rows that the filters and `last` leave, in storage order.
std::vector<std::uint32_t> SelectRows(const Query& query, const Cube& cube);

// The rows of each code of a dimension, of those given; codes without rows are left away.
struct CodeCount {
  std::uint32_t code = 0;  // place in the list
  std::uint64_t rows = 0;
  std::uint32_t first_time = 0, last_time = 0;  // 0 without time
};
std::vector<CodeCount> CountCodes(const Cube& cube, const CodeList& list, const std::vector<std::uint32_t>& rows);

// A column's values at some rows as JSON.
base::Result<std::vector<std::string>> JsonValues(const Cube& cube, std::size_t column,
                                                  const std::vector<std::uint32_t>& rows);

}  // namespace tidemill::query
