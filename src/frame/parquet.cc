// SPDX-License-Identifier: Apache-2.0
#include "tidemill/frame/parquet.h"

#include <algorithm>

#include "parquet_footer.h"

namespace tidemill::frame {
namespace {

constexpr std::string_view kMagic = "PAR1";

}  // namespace

base::Result<std::string> ToParquet(const Frame& frame, const ParquetOptions& options) {
  std::string file(kMagic);
  PageCodec codec(options.codec);
  std::vector<GroupFacts> groups;
  for (std::size_t row = 0; row < frame.rows; row += options.rows_per_group) {
    const std::size_t end = std::min(frame.rows, row + options.rows_per_group);
    GroupFacts group{.chunks = {}, .rows = static_cast<std::int64_t>(end - row)};
    for (const Column& column : frame.columns) {
      TIDEMILL_ASSIGN(group.chunks.emplace_back(), AppendChunk(file, column, row, end, codec));
    }
    groups.push_back(std::move(group));
  }
  const std::size_t footer = file.size();
  AppendFooter(file, frame, groups, codec.number(), options.created_by);
  const std::size_t size = file.size() - footer;
  for (unsigned i = 0; i < 4; ++i) file += static_cast<char>((size >> (8 * i)) & 0xFFU);
  file += kMagic;
  return file;
}

}  // namespace tidemill::frame
