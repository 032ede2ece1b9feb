// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tidemill/http/client.h"

namespace tidemill::http {

// What must not be sent: an address that is none of http or https, a method or header that would break the request.
base::Status CheckRequest(const ClientRequest& request);

}  // namespace tidemill::http
