// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "body.h"

namespace tidemill::transform {

// The rows that hold observations, with code, label and dimensions; every other row of the body is accounted for.
std::vector<BodyRow> ReadBodyRows(const BodyReading& reading, Body& body);

}  // namespace tidemill::transform
