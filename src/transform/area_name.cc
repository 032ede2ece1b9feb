// SPDX-License-Identifier: Apache-2.0
#include "tidemill/recipe/pattern.h"
#include "tidemill/transform/register.h"

namespace tidemill::transform {

std::string NameKey(std::string_view name) {
  const std::string text = recipe::Normalise(name);
  std::string_view rest = text;
  for (const std::string_view suffix : {" ua", " (met county)"}) {
    if (rest.ends_with(suffix)) rest.remove_suffix(suffix.size());
  }
  std::string key;
  key.reserve(rest.size());
  for (const char c : rest) {
    if (c == '&') {
      key += "and";
    } else if (c != '.' && c != ',' && c != '\'') {
      key += c;
    }
  }
  return key;
}

}  // namespace tidemill::transform
