// SPDX-License-Identifier: Apache-2.0
#include "tidemill/transform/finding.h"

#include <fmt/core.h>

namespace tidemill::transform {

std::string_view ToText(FindingSeverity severity) {
  switch (severity) {
    case FindingSeverity::kFail:
      return "fail";
    case FindingSeverity::kHold:
      return "hold";
    case FindingSeverity::kWarn:
      return "warn";
  }
  return "fail";
}

std::string Finding::Id() const {
  if (cell.empty()) return fmt::format("{}@{}", slug, edition);
  return fmt::format("{}@{}!{}", slug, sheet, cell);
}

std::string Finding::ToText() const {
  std::string place = file;
  if (!sheet.empty()) place += fmt::format("{}'{}'", place.empty() ? "" : ", ", sheet);
  if (!cell.empty()) place += fmt::format("!{}", cell);
  return place.empty() ? message : fmt::format("{}: {}", place, message);
}

}  // namespace tidemill::transform
