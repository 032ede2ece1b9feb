// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "tidemill/http/message.h"

#include "answer.h"

namespace tidemill::orchestrator {

// Who may ask at all. A request that names another host than ours, or comes from a page of another origin, is refused
// before anything else: what runs here runs programs. Then the version of the wire, then the password.
Outcome<void> CheckOrigin(const http::Request& request, const std::vector<std::string>& allowed_hosts);
Outcome<void> CheckApiVersion(const http::Request& request);
// Takes as long for a wrong text as for the right one.
bool SameText(std::string_view a, std::string_view b);
// Basic with the auth string, or the string itself as Bearer.
Outcome<void> CheckPassword(const http::Request& request, const std::string& auth_string);

}  // namespace tidemill::orchestrator
