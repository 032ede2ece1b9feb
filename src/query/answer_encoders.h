// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tidemill/query/encode_answer.h"

namespace tidemill::query {

// Rows of a piece.
inline constexpr std::size_t kBlock = 8'192;

std::unique_ptr<AnswerEncoder> MakeJsonEncoder(QueryResult result, const AnswerForm& form);
std::unique_ptr<AnswerEncoder> MakeArrowEncoder(QueryResult result, Format format);
std::unique_ptr<AnswerEncoder> MakeXlsxEncoder(QueryResult result, const AnswerForm& form);

}  // namespace tidemill::query
