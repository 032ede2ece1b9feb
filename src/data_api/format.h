// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string>
#include <string_view>

#include <tl/expected.hpp>

#include "tidemill/http/message.h"
#include "tidemill/query/encode_answer.h"

#include "problem.h"

// Which form an answer takes: the path's extension beats `format=`, which beats Accept; JSON where nothing is said.
namespace tidemill::data_api {

struct FormatTraits {
  query::Format format;
  std::string_view extension;   // "csv"
  std::string_view media_type;  // without parameters
  std::string_view content_type;
};
std::span<const FormatTraits> Formats();
const FormatTraits& TraitsOf(query::Format format);
const FormatTraits* FindFormat(std::string_view extension);

struct FormatChoice {
  const FormatTraits* traits = nullptr;
  bool negotiated = false;  // by Accept, so the answer varies with it
};
// `extension` of the path and `parameter` are empty where there is none. Errors: bad-value, not-acceptable.
tl::expected<FormatChoice, Problem> ChooseFormat(const http::Request& request, std::string_view extension,
                                                 std::string_view parameter);

}  // namespace tidemill::data_api
