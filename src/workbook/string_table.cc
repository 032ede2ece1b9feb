// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "tidemill/workbook/sheet.h"

namespace tidemill::workbook {

StringTable::StringTable(std::shared_ptr<const StringTable> base)
    : base_(std::move(base)),
      base_size_(base_ ? base_->size() : 0),
      has_carriage_returns_(base_ && base_->has_carriage_returns()) {}

void StringTable::Reserve(std::size_t strings, std::size_t bytes) {
  ends_.reserve(strings + 1);
  arena_.reserve(bytes);
}

void StringTable::Forget() {
  arena_.clear();
  ends_.resize(1);
  with_runs_.clear();
  runs_.clear();
}

StringId StringTable::Add(std::string_view text, std::span<const TextRun> runs) {
  const auto id = static_cast<StringId>(size());
  has_carriage_returns_ = has_carriage_returns_ || text.find('\r') != std::string_view::npos;
  arena_.append(text);
  ends_.push_back(arena_.size());
  if (!runs.empty()) {
    with_runs_.push_back({.id = id, .first_run = static_cast<std::uint32_t>(runs_.size())});
    runs_.insert(runs_.end(), runs.begin(), runs.end());
  }
  return id;
}

std::span<const TextRun> StringTable::Runs(StringId id) const {
  if (id < base_size_) return base_->Runs(id);
  const auto found = std::lower_bound(with_runs_.begin(), with_runs_.end(), id,
                                      [](const RunsOf& candidate, StringId wanted) { return candidate.id < wanted; });
  if (found == with_runs_.end() || found->id != id) return {};
  const auto next = found + 1;
  const std::size_t end = next == with_runs_.end() ? runs_.size() : next->first_run;
  return std::span(runs_).subspan(found->first_run, end - found->first_run);
}

}  // namespace tidemill::workbook
