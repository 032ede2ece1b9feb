// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "column_chunk.h"

namespace tidemill::frame {

struct GroupFacts {
  std::vector<ChunkFacts> chunks;  // of each column
  std::int64_t rows = 0;
};

// Appends the metadata that ends a file: schema, groups, texts.
void AppendFooter(std::string& file, const Frame& frame, const std::vector<GroupFacts>& groups, int codec,
                  const std::string& created_by);

}  // namespace tidemill::frame
