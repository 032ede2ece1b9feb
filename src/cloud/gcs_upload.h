// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "caller.h"
#include "object_bucket.h"

namespace tidemill::cloud {

struct GcsUpload {
  std::string address;  // of the bucket's uploads
  std::string name;
  std::string place;  // for errors
  std::string_view bytes;
  Condition condition = Condition::kAny;
};

// In one request, or for more than a few megabytes in pieces that are resumed where an answer was lost. The cloud is
// told the checksum before and asked for it afterwards.
base::Result<Written> UploadToGcs(const Caller& caller, const GcsUpload& upload);

}  // namespace tidemill::cloud
