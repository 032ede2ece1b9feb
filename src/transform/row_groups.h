// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "body.h"

namespace tidemill::transform {

// Rows without values that name those below them: role "group", recipes.md 3.6.
class RowGroups {
 public:
  explicit RowGroups(const BodyReading& reading);
  // Takes a row without values, where a group column does; the texts of the groups within it end there.
  bool Take(std::size_t row);
  // The same for a row of observations, which may name a group too.
  void Open(std::size_t row);
  // Gives a row of observations the texts above it.
  void Put(BodyRow& row);

 private:
  std::string TextOf(std::size_t row, std::vector<std::string>& statuses) const;
  std::string FirstText(std::size_t row) const;
  void Begin(std::size_t group);

  const BodyReading& r_;
  std::vector<std::string> texts_;
  std::vector<std::vector<std::string>> statuses_;
};

}  // namespace tidemill::transform
