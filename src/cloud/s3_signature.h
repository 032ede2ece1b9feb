// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "tidemill/base/clock.h"
#include "tidemill/http/client.h"

namespace tidemill::cloud {

struct S3Key {
  std::string id;
  std::string secret;
  std::string session_token = {};  // empty: none
};

// Adds the headers of AWS Signature Version 4 for the service s3. The URL's path and query are encoded already, the
// query sorted by names.
void SignS3(http::ClientRequest& request, const S3Key& key, const std::string& region, base::Time now);

}  // namespace tidemill::cloud
