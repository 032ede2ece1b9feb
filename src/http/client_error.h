// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include <curl/curl.h>

#include "tidemill/base/result.h"
#include "tidemill/http/client.h"

namespace tidemill::http {

// What is known about an exchange that gave no answer.
struct Failure {
  CURLcode code = CURLE_OK;
  int os_error = 0;              // errno of the last connect
  bool connected = false;        // the connection stood
  bool timed_out_whole = false;  // the time of the whole exchange was used up
  std::string detail;            // libcurl's own words
  std::string url;               // where it was when it failed
  std::uint64_t have = 0;        // bytes of the body
};

base::Error ToError(const Failure& failure, const ClientRequest& request);

}  // namespace tidemill::http
