// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace tidemill::base {

// Lower case, and the name by which this program knows an encoding; "latin1" and "us-ascii" are windows-1252, as
// everywhere on the web. Empty for one that is not known.
std::string EncodingName(std::string_view label);

}  // namespace tidemill::base
