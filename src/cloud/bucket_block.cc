// SPDX-License-Identifier: Apache-2.0
#include "tidemill/cloud/bucket_block.h"

#include <boost/json/object.hpp>

#include "credentials.h"
#include "json.h"

namespace tidemill::cloud {

base::Result<BucketPlace> ParseBucketBlock(std::string_view text) {
  TIDEMILL_ASSIGN(const boost::json::object block, ParseObject(text, "gcs-bucket"));
  const std::string bucket = Text(block, "bucket");
  if (bucket.empty()) return base::FailAt(base::ErrorCode::kInvalid, "bucket", "expected the name of a bucket");
  std::string folder = Text(block, "bucket_folder");
  const std::size_t first = folder.find_first_not_of('/');
  folder = first == std::string::npos ? std::string() : "/" + folder.substr(first);
  while (folder.ends_with('/')) folder.pop_back();
  TIDEMILL_ASSIGN(GoogleKey key, KeyOf(Object(block, "gcp_credentials"), "gcp_credentials"));
  return BucketPlace{.url = "gs://" + bucket + folder, .key = std::move(key)};
}

}  // namespace tidemill::cloud
