// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>

#include "tidemill/cloud/means.h"

#include "object_bucket.h"

namespace tidemill::cloud {

// A bucket of S3 or of a store that speaks as it does.
base::Result<std::unique_ptr<ObjectBucket>> OpenS3Bucket(const std::string& bucket, const Means& means);

}  // namespace tidemill::cloud
