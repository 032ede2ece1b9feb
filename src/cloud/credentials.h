// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include <boost/json/object.hpp>

#include "tidemill/base/result.h"
#include "tidemill/cloud/google_sign_in.h"

namespace tidemill::cloud {

// The key in the fields of a block gcp-credentials; `field` is where that block stands. kInvalid where it has a file
// and a text; no value is ever shown.
base::Result<GoogleKey> KeyOf(const boost::json::object& credentials, const std::string& field);

}  // namespace tidemill::cloud
