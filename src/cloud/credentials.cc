// SPDX-License-Identifier: Apache-2.0
#include "credentials.h"

#include <boost/json/serialize.hpp>

#include "json.h"

namespace tidemill::cloud {

// The key was saved as an object, or as its JSON text.
base::Result<GoogleKey> KeyOf(const boost::json::object& credentials, const std::string& field) {
  GoogleKey key{.file = Text(credentials, "service_account_file"), .info = Text(credentials, "service_account_info")};
  if (const boost::json::object& info = Object(credentials, "service_account_info"); !info.empty()) {
    key.info = boost::json::serialize(info);
  }
  if (!key.file.empty() && !key.info.empty()) {
    return base::FailAt(base::ErrorCode::kInvalid, field,
                        "expected service_account_file or service_account_info, not both");
  }
  return key;
}

}  // namespace tidemill::cloud
