// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>

#include "tidemill/query/run_query.h"

namespace tidemill::query {

enum class Format : std::uint8_t { kJson, kCsv, kNdjson, kParquet, kArrow, kArrows };

// Writes an answer piece by piece, so that a whole table needs no more memory than a piece and its selection.
class AnswerEncoder {
 public:
  virtual ~AnswerEncoder() = default;
  // Appends the next piece; false where that was the last. Errors: kUnsupported, kTooLarge.
  virtual base::Result<bool> Next(std::string& out) = 0;
};

struct AnswerForm {
  Format format = Format::kJson;
  Shape shape = Shape::kObjects;
  std::string head;  // of JSON: `"dataset":"d",` and the like, in front of `data`
};
std::unique_ptr<AnswerEncoder> MakeAnswerEncoder(QueryResult result, const AnswerForm& form);

}  // namespace tidemill::query
