// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "tidemill/base/file_store.h"
#include "tidemill/base/result.h"
#include "tidemill/cloud/google_sign_in.h"
#include "tidemill/cloud/means.h"

namespace tidemill::cloud {

// Whether a store's URL names one of the clouds: gs: or s3:.
bool IsCloudUrl(std::string_view url);

// gs://bucket/path and s3://bucket/path as stores. Objects are checked against the checksums that the cloud gives; what
// may work later is tried again for about half a minute; PutIfAbsent is put by the cloud's own precondition, and a
// refusal after a lost answer is read back: it is a success where the object has the same bytes. Nothing is asked until
// the first use.
//
// gs: STORAGE_EMULATOR_HOST names an emulator that asks for no token; TIDEMILL_GCS_ENDPOINT another address of
// Google's. s3: AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN, AWS_REGION or AWS_DEFAULT_REGION, and
// AWS_ENDPOINT_URL_S3 or AWS_ENDPOINT_URL for stores of others.
base::Result<std::unique_ptr<base::FileStore>> OpenCloudStore(const std::string& url, const Means& means,
                                                              const GoogleKey& key = {});

}  // namespace tidemill::cloud
