// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "caller.h"
#include "object_bucket.h"

namespace tidemill::cloud {

struct S3Upload {
  std::string address;  // of the object
  std::string place;    // for errors
  std::string_view bytes;
  Condition condition = Condition::kAny;
};

// In one request, or for more than some dozen megabytes in parts, each repeated by itself where an answer was lost.
// What arrived is checked by the MD5 that the store gives. An upload that fails is given up there: parts that lie would
// cost.
base::Result<Written> UploadToS3(const Caller& caller, const S3Upload& upload);

// kUnavailable where an answer's ETag is the MD5 of other bytes. Not every ETag is one: those of objects with a key of
// their own are not.
base::Status CheckMd5(const http::Headers& headers, std::string_view bytes, const std::string& place);

}  // namespace tidemill::cloud
