// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace tidemill::dataset {

// "_prepared/ons-deaths-monthly"; what lies there counts only while its index does.
std::string PreparedFolder(std::string_view recipe);
std::string PreparedIndex(std::string_view recipe);

}  // namespace tidemill::dataset
