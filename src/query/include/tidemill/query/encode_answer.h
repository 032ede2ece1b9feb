// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "tidemill/query/run_query.h"

namespace tidemill::query {

enum class Format : std::uint8_t { kJson, kCsv, kNdjson, kParquet, kArrow, kArrows, kXlsx };

// Writes an answer piece by piece, so that a whole table needs no more memory than a piece and its selection.
class AnswerEncoder {
 public:
  virtual ~AnswerEncoder() = default;
  // Appends the next piece; false where that was the last. Errors: kUnsupported, kTooLarge.
  virtual base::Result<bool> Next(std::string& out) = 0;
};

// A sheet of texts, its first row the header.
struct TextSheet {
  std::string name;
  std::vector<std::vector<std::string>> rows;
};

struct AnswerForm {
  Format format = Format::kJson;
  Shape shape = Shape::kObjects;
  std::string head;                    // of JSON: `"dataset":"d",` and the like, in front of `data`
  std::vector<TextSheet> sheets = {};  // of XLSX: behind `data`
};
// The rows under the header that a sheet of a workbook can hold.
inline constexpr std::uint64_t kMostSheetRows = 1'048'575;

std::unique_ptr<AnswerEncoder> MakeAnswerEncoder(QueryResult result, const AnswerForm& form);

}  // namespace tidemill::query
