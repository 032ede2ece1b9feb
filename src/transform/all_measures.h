// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "body.h"

namespace tidemill::transform {

// The values of all measures of a body as one measure, each measure's behind those of the one before: whole numbers and
// decimals of one scale as such, all else as doubles.
Measure AllMeasures(const Body& body);

}  // namespace tidemill::transform
