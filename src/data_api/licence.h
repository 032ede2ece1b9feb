// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace tidemill::data_api {

// Where the text of a licence stands, by its SPDX id ("OGL-UK-3.0"); empty for words that are none.
std::string LicenceUrl(std::string_view licence);

}  // namespace tidemill::data_api
