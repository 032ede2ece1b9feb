// SPDX-License-Identifier: Apache-2.0
#include <limits>

#include "tidemill/workbook/workbook.h"

namespace tidemill::workbook {

StringTable::StringTable(std::shared_ptr<const StringTable> base)
    : base_(std::move(base)), base_size_(base_ ? base_->size() : 0) {}

void StringTable::Reserve(std::size_t strings, std::size_t bytes) {
  entries_.reserve(strings);
  arena_.reserve(bytes);
}

void StringTable::Forget() {
  arena_.clear();
  entries_.clear();
  runs_.clear();
}

StringId StringTable::Add(std::string_view text, std::span<const TextRun> runs) {
  entries_.push_back({.offset = arena_.size(),
                      .size = static_cast<std::uint32_t>(text.size()),
                      .first_run = static_cast<std::uint32_t>(runs_.size()),
                      .run_count = static_cast<std::uint32_t>(runs.size())});
  arena_.append(text);
  runs_.insert(runs_.end(), runs.begin(), runs.end());
  return static_cast<StringId>(size() - 1);
}

std::string_view StringTable::Text(StringId id) const {
  if (id < base_size_) return base_->Text(id);
  if (id >= size()) return {};
  const Entry& entry = entries_[id - base_size_];
  return std::string_view(arena_).substr(entry.offset, entry.size);
}

std::span<const TextRun> StringTable::Runs(StringId id) const {
  if (id < base_size_) return base_->Runs(id);
  if (id >= size()) return {};
  const Entry& entry = entries_[id - base_size_];
  return std::span(runs_).subspan(entry.first_run, entry.run_count);
}

}  // namespace tidemill::workbook
