// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>

#include "tidemill/base/result.h"

#include "column_slice.h"
#include "page_codec.h"

namespace tidemill::frame {

// One column of one group of rows, as the footer tells of it.
struct ChunkFacts {
  std::int64_t rows = 0;
  std::int64_t nulls = 0;
  std::int64_t data_pages = 0;
  std::int64_t dictionary_offset = -1;  // -1 where it has none
  std::int64_t data_offset = 0;
  std::int64_t plain_bytes = 0;   // pages with their headers, before compression
  std::int64_t stored_bytes = 0;  // as they lie in the file
  bool has_range = false;
  std::string smallest, greatest;

  std::int64_t begin() const { return dictionary_offset < 0 ? data_offset : dictionary_offset; }
};

// Appends the pages of the column's rows from `begin` to before `end`.
base::Result<ChunkFacts> AppendChunk(std::string& file, const Column& column, std::size_t begin, std::size_t end,
                                     PageCodec& codec);

}  // namespace tidemill::frame
