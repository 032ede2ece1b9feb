// SPDX-License-Identifier: Apache-2.0
#include "key_notes.h"

#include <algorithm>
#include <functional>

namespace tidemill::data_api {
namespace {

std::uint64_t HashOf(std::string_view key) {
  return std::hash<std::string_view>()(key);
}

}  // namespace

bool KeyNotes::Has(std::string_view key) const {
  const std::uint64_t hash = HashOf(key);
  const Row& row = rows_.at(RowOf(hash));
  return std::find(row.begin(), row.end(), MarkOf(hash)) != row.end();
}

void KeyNotes::Note(std::string_view key) {
  const std::uint64_t hash = HashOf(key);
  Row& row = rows_.at(RowOf(hash));
  std::move_backward(row.begin(), row.end() - 1, row.end());
  row.front() = MarkOf(hash);
}

bool KeyNotes::Forget(std::string_view key) {
  const std::uint64_t hash = HashOf(key);
  Row& row = rows_.at(RowOf(hash));
  const auto found = std::find(row.begin(), row.end(), MarkOf(hash));
  if (found == row.end()) return false;
  std::move(found + 1, row.end(), found);
  row.back() = 0;
  return true;
}

}  // namespace tidemill::data_api
