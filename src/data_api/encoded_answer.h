// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tidemill/http/message.h"

namespace tidemill::data_api {

// Encodes an answer as Accept-Encoding asks, from 1 KiB up (or always where the client refuses identity): its body,
// lying ready or made in pieces, with Content-Encoding and an ETag of its own. Files with ranges stay as they are. 406
// where the client takes neither identity nor a coding that we have.
http::Response EncodeAnswer(const http::Request& request, http::Response response);

// Whether an answer with a body of that size goes out as it is, whatever is in this Accept-Encoding.
bool IsSentAsItIs(std::string_view accept_encoding, std::size_t body_bytes);

}  // namespace tidemill::data_api
