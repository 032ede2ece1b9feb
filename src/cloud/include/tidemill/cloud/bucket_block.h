// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "tidemill/base/result.h"
#include "tidemill/cloud/google_sign_in.h"

namespace tidemill::cloud {

// A place in a bucket and the key that opens it.
struct BucketPlace {
  std::string url;  // "gs://bucket/folder"
  GoogleKey key;    // empty: as OpenGoogleSignIn finds one
};

// From the JSON object of the fields of a block gcs-bucket (`bucket`, `bucket_folder`, `gcp_credentials`). kInvalid
// names the field; values of credentials are never shown.
base::Result<BucketPlace> ParseBucketBlock(std::string_view json);

}  // namespace tidemill::cloud
