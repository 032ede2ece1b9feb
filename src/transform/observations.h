// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <vector>

#include "bound_edition.h"

// Which cells of a table make one observation.
namespace tidemill::transform {

constexpr std::size_t kNowhere = static_cast<std::size_t>(-1);

// Columns of the axis with the same texts make one observation of a row: each is that of another measure.
struct Slot {
  std::size_t first = 0;                // column of the axis
  std::vector<std::size_t> of_measure;  // column of the axis for each measure, or kNowhere
};

std::vector<Slot> SlotsOf(const BoundEdition& edition);

// Of each observation: its row and slot.
struct Places {
  std::vector<std::size_t> row, slot;
};
// Row by row of the sheet, then along the axis; those of which no measure is present are none.
Places ObservationsOf(const Body& body, const std::vector<Slot>& slots);

}  // namespace tidemill::transform
