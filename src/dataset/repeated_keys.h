// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "tidemill/base/result.h"
#include "tidemill/frame/frame.h"

namespace tidemill::dataset {

// kInvalid names a key that occurs twice. The key's columns are there.
base::Status CheckKeys(const frame::Frame& rows, const std::vector<std::string>& key);

}  // namespace tidemill::dataset
