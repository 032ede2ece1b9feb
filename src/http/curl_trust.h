// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdlib>

#include "client_library.h"

namespace tidemill::http {

// What the environment says; null where that is nothing.
inline const char* NamedByEnvironment(const char* variable) {
  const char* const value = std::getenv(variable);
  return value == nullptr || *value == '\0' ? nullptr : value;
}

// Trusts the authorities that SSL_CERT_FILE and SSL_CERT_DIR name instead of the system's, where one of them does.
inline void SetNamedTrust(const CurlLibrary& curl, CURL* easy) {
  const char* const file = NamedByEnvironment("SSL_CERT_FILE");
  const char* const folder = NamedByEnvironment("SSL_CERT_DIR");
  if (file == nullptr && folder == nullptr) return;
  curl.easy_setopt(easy, CURLOPT_CAINFO, file);
  curl.easy_setopt(easy, CURLOPT_CAPATH, folder);
}

}  // namespace tidemill::http
