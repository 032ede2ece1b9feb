// SPDX-License-Identifier: Apache-2.0
#include "query_text.h"

#include <algorithm>

#include "tidemill/base/text.h"

namespace tidemill::orchestrator {

std::optional<std::string> QueryValue(std::string_view query, std::string_view name) {
  for (const std::string_view pair : base::Split(query, '&')) {
    const std::size_t equals = std::min(pair.find('='), pair.size());
    if (pair.substr(0, equals) != name) continue;
    std::string value(pair.substr(std::min(equals + 1, pair.size())));
    std::replace(value.begin(), value.end(), '+', ' ');
    return base::PercentDecode(value);
  }
  return std::nullopt;
}

}  // namespace tidemill::orchestrator
