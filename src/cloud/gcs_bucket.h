// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>

#include "tidemill/cloud/google_sign_in.h"
#include "tidemill/cloud/means.h"

#include "object_bucket.h"

namespace tidemill::cloud {

// A bucket of Google's, by the JSON API.
base::Result<std::unique_ptr<ObjectBucket>> OpenGcsBucket(const std::string& bucket, const Means& means,
                                                          const GoogleKey& key);

}  // namespace tidemill::cloud
