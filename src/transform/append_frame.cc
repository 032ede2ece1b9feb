// SPDX-License-Identifier: Apache-2.0
#include "append_frame.h"

namespace tidemill::transform {
namespace {

using frame::Column;

// A column that an edition does not have (optional there): all null.
Column NullColumn(const Column& like, std::size_t rows) {
  Column column{.name = like.name, .kind = like.kind, .metadata = like.metadata};
  column.precision = like.precision;
  column.scale = like.scale;
  if (column.is_text()) {
    column.codes.assign(rows, -1);
    return column;
  }
  if (column.is_float()) {
    column.doubles.assign(rows, 0);
  } else {
    column.ints.assign(rows, 0);
  }
  column.valid.assign(rows, 0);
  return column;
}

}  // namespace

base::Status AppendFrame(frame::Frame& stacked, const frame::Frame& more, std::string_view where) {
  for (const Column& column : more.columns) {
    if (stacked.Find(column.name) == nullptr) stacked.columns.push_back(NullColumn(column, stacked.rows));
  }
  for (Column& column : stacked.columns) {
    const Column* same = more.Find(column.name);
    if (same == nullptr) {
      Append(column, NullColumn(column, more.rows));
    } else if (same->kind != column.kind || same->precision != column.precision || same->scale != column.scale) {
      return base::Fail(base::ErrorCode::kInvalid, "column {} has another type in {} than in what came before",
                        column.name, where);
    } else {
      Append(column, *same);
    }
  }
  stacked.rows += more.rows;
  return {};
}

}  // namespace tidemill::transform
