// SPDX-License-Identifier: Apache-2.0
#include "observations.h"

#include <algorithm>
#include <unordered_map>

namespace tidemill::transform {
namespace {

std::string KeyOf(const AxisCell& cell) {
  std::string key = cell.value.text;
  for (const AxisValue& outer : cell.outer) key += '\x1F' + outer.text;
  return key;
}

}  // namespace

std::vector<Slot> SlotsOf(const BoundEdition& edition) {
  const std::size_t measures = edition.body.measures.size();
  const std::vector<AxisCell>& axis = edition.table.axis;
  if (axis.empty()) return {Slot{.first = 0, .of_measure = std::vector<std::size_t>(measures, 0)}};
  std::vector<Slot> slots;
  std::unordered_map<std::string, std::size_t> by_key;
  for (std::size_t column = 0; column < axis.size(); ++column) {
    std::size_t at = slots.size();
    if (measures > 1) at = by_key.try_emplace(KeyOf(axis[column]), at).first->second;
    // A period that stands twice is found; both are kept until somebody has looked.
    if (at < slots.size() && slots[at].of_measure[axis[column].measure] != kNowhere) at = slots.size();
    if (at == slots.size()) slots.push_back({column, std::vector<std::size_t>(measures, kNowhere)});
    slots[at].of_measure[axis[column].measure] = column;
  }
  return slots;
}

Places ObservationsOf(const Body& body, const std::vector<Slot>& slots) {
  Places places;
  places.row.reserve(body.rows.size() * slots.size());
  places.slot.reserve(body.rows.size() * slots.size());
  for (std::size_t row = 0; row < body.rows.size(); ++row) {
    for (std::size_t slot = 0; slot < slots.size(); ++slot) {
      bool present = false;
      for (std::size_t m = 0; m < body.measures.size() && !present; ++m) {
        const std::size_t column = slots[slot].of_measure[m];
        present = column != kNowhere && body.measures[m].states[row * body.columns + column] != ValueState::kAbsent;
      }
      if (!present) continue;
      places.row.push_back(row);
      places.slot.push_back(slot);
    }
  }
  return places;
}

}  // namespace tidemill::transform
