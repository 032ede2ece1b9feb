// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "body.h"

namespace tidemill::transform {

// The rows that hold observations, with code, label and dimensions; every other row of the body is accounted for.
std::vector<BodyRow> ReadBodyRows(const BodyReading& reading, Body& body);

// Claims the cells of a row, as far as the table reaches.
void ClaimRow(const BodyReading& reading, std::size_t row, CellClass cell_class);

}  // namespace tidemill::transform
