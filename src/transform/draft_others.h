// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <stop_token>
#include <string>

#include "tidemill/transform/draft.h"

namespace tidemill::transform {

// Reads the other editions of the series by the drafted recipe: what it finds there is left to decide, what it reads is
// a remark. Errors: cancelled.
base::Status TryOthers(const std::string& toml, const DraftOptions& options, const Register& geography,
                       std::stop_token stop, Draft& draft);

}  // namespace tidemill::transform
