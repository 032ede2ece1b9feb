// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include <arrow/array.h>
#include <arrow/compute/api_vector.h>
#include <arrow/record_batch.h>

#include "tidemill/dataset/arrow_result.h"
#include "tidemill/query/run_query.h"

#include "places.h"

namespace tidemill::query {
namespace {

using Array = std::shared_ptr<arrow::Array>;

bool IsRun(const std::vector<std::uint32_t>& places) {
  for (std::size_t i = 1; i < places.size(); ++i) {
    if (places[i] != places[i - 1] + 1) return false;
  }
  return !places.empty();
}

base::Result<Array> ValuesAt(const Array& values, const std::vector<std::uint32_t>& places) {
  if (IsRun(places)) return values->Slice(places.front(), static_cast<std::int64_t>(places.size()));
  const arrow::UInt32Array indices(static_cast<std::int64_t>(places.size()), arrow::Buffer::Wrap(places));
  return dataset::FromArrow(arrow::compute::Take(*values, indices, arrow::compute::TakeOptions::NoBoundsCheck()),
                            "read rows");
}

}  // namespace

base::Result<std::shared_ptr<arrow::RecordBatch>> QueryResult::Read(std::size_t begin, std::size_t count) const {
  const std::size_t taken = std::min(count, places.size() - begin);
  arrow::ArrayVector arrays;
  if (groups) {
    const std::vector<std::uint32_t> rows(places.begin() + static_cast<std::ptrdiff_t>(begin),
                                          places.begin() + static_cast<std::ptrdiff_t>(begin + taken));
    for (const Array& column : groups->columns()) {
      TIDEMILL_ASSIGN(arrays.emplace_back(), ValuesAt(column, rows));
    }
  } else {
    for (const std::size_t column : select) {
      const CubeColumn& known = cube->columns[column];
      const auto at = PlacesOf(*cube, known.level, places.data() + begin, taken);
      TIDEMILL_ASSIGN(arrays.emplace_back(), ValuesAt(known.values, at));
    }
  }
  return arrow::RecordBatch::Make(schema, static_cast<std::int64_t>(taken), std::move(arrays));
}

}  // namespace tidemill::query
