// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tidemill/http/message.h"

namespace tidemill::http {

// Makes of a whole answer (200 with its body in `shared` and its ETag and Last-Modified in the headers) the part that
// the request asks for: 206 for one range, 416 where it lies outside; the whole for several, for one that cannot be
// read, and where If-Range names another version. Adds Accept-Ranges.
Response ApplyRange(const Request& request, Response whole);

}  // namespace tidemill::http
