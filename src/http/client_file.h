// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tidemill/http/client.h"

namespace tidemill::http {

// file:///folder/name, or file:name from the folder that the program runs in (the answer's address says it whole): 200
// with the bytes, 404 where nothing is, 403 where it may not be read.
base::Result<ClientResponse> ReadFileUrl(const ClientRequest& request);

}  // namespace tidemill::http
