// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tidemill/base/descriptor.h"
#include "tidemill/base/result.h"
#include "tidemill/http/server.h"

namespace tidemill::http {

// A socket that takes connections on the host and port of the options; it never blocks. Errors as Server::Start has
// them.
base::Result<base::Descriptor> Listen(const ServerOptions& options);
// "127.0.0.1:8000", "[::1]:8000"
std::string AddressOf(const ServerOptions& options);
std::uint16_t PortOf(const base::Descriptor& listening);

}  // namespace tidemill::http
