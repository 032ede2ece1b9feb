// SPDX-License-Identifier: Apache-2.0
#include "tidemill/http/url.h"

#include "tidemill/base/text.h"
#include "tidemill/extract/links.h"

namespace tidemill::extract {

std::vector<std::string> LinkTargets(std::string_view url) {
  const auto decoded = [](std::string_view text) { return base::PercentDecode(text).value_or(std::string(text)); };
  http::UrlParts parts = http::SplitUrl(url);
  const std::string_view query = parts.query.value_or("");
  parts.query.reset();
  parts.fragment.reset();
  std::vector<std::string> targets = {decoded(http::JoinUrl(parts))};
  for (const std::string_view pair : base::Split(query, '&')) {
    const std::size_t equals = pair.find('=');
    if (equals != std::string_view::npos && equals + 1 < pair.size())
      targets.push_back(decoded(pair.substr(equals + 1)));
  }
  return targets;
}

}  // namespace tidemill::extract
