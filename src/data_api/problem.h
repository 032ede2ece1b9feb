// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "tidemill/http/message.h"

// Errors as RFC 9457 has them.
namespace tidemill::data_api {

struct ProblemType {
  std::string_view name;  // "unknown-parameter": the last part of its URL
  int status;
  std::string_view title;
  std::string_view text;  // what the page about it says
};
// All types, by name.
std::span<const ProblemType> ProblemTypes();
const ProblemType* FindProblemType(std::string_view name);

// An error to be answered. Members are name and JSON.
struct Problem {
  std::string_view type;
  std::string detail;
  std::vector<std::pair<std::string, std::string>> members = {};
};
http::Response ToResponse(const Problem& problem, std::string_view instance);
// The problem type for a status that HTTP itself asks for.
std::string_view ProblemNameOf(int status);

}  // namespace tidemill::data_api
