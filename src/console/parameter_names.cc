// SPDX-License-Identifier: Apache-2.0
#include <string>
#include <vector>

#include "tidemill/base/text.h"

#include "deployment.h"

namespace tidemill::console {

namespace json = prefect::json;

base::Status CheckParameterNames(const json::object& schema, const json::object& parameters) {
  const json::value* properties = schema.if_contains("properties");
  if (properties == nullptr || !properties->is_object()) return {};
  std::vector<std::string> known;
  for (const auto& [name, property] : properties->get_object()) known.emplace_back(name);
  for (const auto& [name, value] : parameters) {
    if (properties->get_object().contains(name)) continue;
    return base::Fail(base::ErrorCode::kInvalid, "the flow has no parameter {}{}; there are: {}",
                      base::Quoted(std::string_view(name)), base::DidYouMean(std::string_view(name), known),
                      known.empty() ? "none" : base::Join(known, ", "));
  }
  return {};
}

}  // namespace tidemill::console
