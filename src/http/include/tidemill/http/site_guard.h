// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "tidemill/http/message.h"

namespace tidemill::http {

// For servers where something can be changed: keeps pages of other sites, opened in the user's browser, from using
// them. A server behind it is reached by a name it knows only (a foreign name may be made to lead here), and changed
// only by its own pages or by programs that are no browsers.
class SiteGuard {
 public:
  // `names` are hosts as a browser writes them ("data.example.org"), beside localhost and the loopback addresses.
  explicit SiteGuard(std::vector<std::string> names = {});

  // Why the request must be answered with 403; nothing where it is fine. GET, HEAD and OPTIONS change nothing, so only
  // their Host counts.
  std::optional<std::string> Refusal(const Request& request) const;

 private:
  bool Knows(std::string_view host) const;

  std::vector<std::string> names_;
};

}  // namespace tidemill::http
