// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <string_view>
#include <utility>

// The parts of the OpenAPI document that no dataset changes.
namespace tidemill::data_api {

extern const std::string_view kTags;
extern const std::string_view kComponents;
extern const std::string_view kValidationError;  // the 422 answer of the area-and-year route
extern const std::string_view kProblemParameter;
extern const std::string_view kAreaParameter;
extern const std::string_view kFileParameter;
extern const std::string_view kFeedParameters;
extern const std::string_view kEventParameters;
extern const std::string_view kMoved;  // the 302 answer of a name that leads to another
extern const std::string_view kDataResponse;
extern const std::array<std::pair<std::string_view, std::string_view>, 6> kFileResponses;  // by status

}  // namespace tidemill::data_api
