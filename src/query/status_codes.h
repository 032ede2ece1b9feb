// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

namespace tidemill::query {

// Codes that a status may have, in byte order: docs/reference/data-api.md, "Statuses".
const std::vector<std::string>& StatusCodes();

}  // namespace tidemill::query
