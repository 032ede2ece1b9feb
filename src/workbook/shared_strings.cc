// SPDX-License-Identifier: Apache-2.0
#include "shared_strings.h"

#include <algorithm>

#include "tidemill/base/text.h"

namespace tidemill::workbook {

TextRun FontOf(const Style& style) {
  return {.start = 0, .script = style.script, .bold = style.bold, .italic = style.italic, .strike = style.strike};
}

std::vector<TextRun> FillRuns(std::span<const RawRun> raw, const TextRun& font) {
  std::vector<TextRun> runs;
  for (const RawRun& item : raw) {
    TextRun run = item.inherits ? font : item.run;
    run.start = item.run.start;
    if (!runs.empty() && runs.back().start == run.start) runs.pop_back();  // the run before is empty
    TextRun same = run;
    if (!runs.empty()) same.start = runs.back().start;
    if (runs.empty() || !(runs.back() == same)) runs.push_back(run);
  }
  TextRun plain = font;
  plain.start = 0;
  if (runs.size() == 1 && runs.front() == plain) runs.clear();
  return runs;
}

std::span<const RawRun> RunsWithin(std::span<const RawRun> runs, std::size_t size) {
  while (!runs.empty() && runs.back().run.start >= size) runs = runs.first(runs.size() - 1);
  return runs;
}

bool CutText(std::string_view& text, std::uint32_t limit) {
  if (text.size() <= limit) return false;
  std::size_t units = 0;
  for (std::size_t at = 0; at < text.size(); ++at) {
    const auto byte = static_cast<unsigned char>(text[at]);
    if ((byte & 0xC0U) == 0x80U) continue;
    units += byte >= 0xF0U ? 2 : 1;
    if (units > limit) {
      text = text.substr(0, at);
      return true;
    }
  }
  return false;
}

bool ReadsAsNumber(std::string_view text) {
  constexpr std::size_t kLongest = 40;
  text = base::Trim(text);
  if (text.empty() || text.size() > kLongest) return false;
  const char c = text.front();
  if (!(c >= '0' && c <= '9') && c != '-' && c != '+' && c != '.') return false;
  if (c == '+') text.remove_prefix(1);
  return base::ParseDouble(text).has_value();
}

void SharedStrings::Reserve(std::size_t strings, std::size_t bytes) {
  flags_.reserve(strings);
  table_->Reserve(strings, bytes);
}

void SharedStrings::Add(std::string_view text, std::span<const RawRun> runs) {
  std::uint8_t flags = CutText(text, character_limit_) ? kTruncated : 0;
  if (ReadsAsNumber(text)) flags |= kNumberAsText;
  if (text.empty()) flags |= kSpecial;
  runs = RunsWithin(runs, text.size());
  if (runs.empty()) {
    table_->Add(text);
  } else {
    const auto id = static_cast<StringId>(flags_.size());
    if (std::any_of(runs.begin(), runs.end(), [](const RawRun& run) { return run.inherits; })) {
      flags |= kSpecial;
      inheriting_.emplace(id, std::vector<RawRun>(runs.begin(), runs.end()));
    }
    const auto filled = FillRuns(runs, TextRun());
    if (!filled.empty()) flags |= kHasRuns;
    table_->Add(text, filled);
  }
  flags_.push_back(flags);
}

std::span<const RawRun> SharedStrings::InheritingRuns(StringId id) const {
  if (inheriting_.empty()) return {};
  const auto found = inheriting_.find(id);
  return found == inheriting_.end() ? std::span<const RawRun>() : std::span<const RawRun>(found->second);
}

}  // namespace tidemill::workbook
