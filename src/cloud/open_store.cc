// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <utility>

#include "tidemill/cloud/store.h"

#include "gcs_bucket.h"
#include "object_bucket.h"
#include "s3_bucket.h"

namespace tidemill::cloud {
namespace {

using base::ErrorCode;
using base::Result;

constexpr std::string_view kGcs = "gs://";
constexpr std::string_view kS3 = "s3://";

struct Address {
  std::string bucket;
  std::string folder;  // empty, or ends in '/'
};

// Letters, digits, '-', '_' and '.': what a bucket's name has in both clouds, and nothing that changes an address.
bool IsBucketName(std::string_view name) {
  constexpr std::size_t kLeast = 3;
  constexpr std::size_t kMost = 222;
  return name.size() >= kLeast && name.size() <= kMost && std::all_of(name.begin(), name.end(), [](char c) {
           return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_' || c == '.';
         });
}

Result<Address> ParseAddress(const std::string& url) {
  const std::string_view rest = std::string_view(url).substr(kGcs.size());
  const std::size_t slash = rest.find('/');
  Address address{.bucket = std::string(rest.substr(0, slash)),
                  .folder = slash == std::string_view::npos ? std::string() : std::string(rest.substr(slash + 1))};
  if (!IsBucketName(address.bucket)) {
    return base::Fail(ErrorCode::kInvalid,
                      "store {} names no bucket: {}, expected 3 or more lower-case letters, digits, '-', '_' and '.'",
                      base::Quoted(url), base::Quoted(address.bucket));
  }
  while (address.folder.ends_with('/')) address.folder.pop_back();
  if (address.folder.find("//") != std::string::npos || address.folder.starts_with('/') ||
      ("/" + address.folder + "/").find("/../") != std::string::npos) {
    return base::Fail(ErrorCode::kInvalid, "store {} has a folder with an empty part or with '..'", base::Quoted(url));
  }
  if (!address.folder.empty()) address.folder += '/';
  return address;
}

}  // namespace

bool IsCloudUrl(std::string_view url) {
  return url.starts_with(kGcs) || url.starts_with(kS3);
}

Result<std::unique_ptr<base::FileStore>> OpenCloudStore(const std::string& url, const Means& means,
                                                        const GoogleKey& key) {
  if (!IsCloudUrl(url)) {
    return base::Fail(ErrorCode::kUnsupported, "store {} is in no cloud, expected gs:// or s3://", base::Quoted(url));
  }
  TIDEMILL_ASSIGN(Address address, ParseAddress(url));
  std::unique_ptr<ObjectBucket> bucket;
  if (url.starts_with(kGcs)) {
    TIDEMILL_ASSIGN(bucket, OpenGcsBucket(address.bucket, means, key));
  } else {
    TIDEMILL_ASSIGN(bucket, OpenS3Bucket(address.bucket, means));
  }
  std::string shown = url;
  while (shown.ends_with('/')) shown.pop_back();
  return MakeObjectStore(std::move(shown), std::move(address.folder), std::move(bucket));
}

}  // namespace tidemill::cloud
