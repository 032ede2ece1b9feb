// SPDX-License-Identifier: Apache-2.0
#include "findings.h"

#include <fmt/core.h>

namespace tidemill::transform {
namespace {

constexpr std::size_t kKept = 1'000;

}  // namespace

void Findings::Add(FindingSeverity severity, std::string_view slug, std::string cell, std::string message) {
  Count& count = counts_.try_emplace(std::string(slug)).first->second;
  count.severity = severity;
  if (++count.all > kKept) return;
  kept_.push_back({.severity = severity,
                   .slug = std::string(slug),
                   .edition = edition_,
                   .file = file_,
                   .sheet = sheet_,
                   .cell = std::move(cell),
                   .message = std::move(message)});
}

std::vector<Finding> Findings::Finish() && {
  for (const auto& [slug, count] : counts_) {
    if (count.all <= kKept) continue;
    kept_.push_back({.severity = count.severity,
                     .slug = slug,
                     .edition = edition_,
                     .file = file_,
                     .sheet = sheet_,
                     .cell = {},
                     .message = fmt::format("{} more of this kind, {} in all", count.all - kKept, count.all)});
  }
  return std::move(kept_);
}

}  // namespace tidemill::transform
