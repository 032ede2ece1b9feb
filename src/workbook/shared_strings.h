// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "tidemill/workbook/workbook.h"

namespace tidemill::workbook {

// A run as the file has it: one without properties of its own takes those of the font of the cell that shows it.
struct RawRun {
  TextRun run;
  bool inherits = false;
};

// The font of a run or style without the run's place.
TextRun FontOf(const Style& style);
// Runs filled in with a cell's font, neighbours of one kind joined. All alike and all the cell's own: none.
std::vector<TextRun> FillRuns(std::span<const RawRun> raw, const TextRun& font);

// The shared strings of a workbook, with what every cell would else have to find out again.
class SharedStrings {
 public:
  // A string that makes no cell for it is empty, or whose runs depend on the cell's font.
  static constexpr std::uint8_t kSpecial = 128;

  explicit SharedStrings(std::uint32_t character_limit) : character_limit_(character_limit) {}

  void Reserve(std::size_t strings, std::size_t bytes);
  void Add(std::string_view text, std::span<const RawRun> runs = {});
  std::size_t size() const { return flags_.size(); }
  const std::shared_ptr<StringTable>& table() const { return table_; }
  // By string: flags of its cells, and kSpecial.
  const std::vector<std::uint8_t>& flags() const { return flags_; }
  // The raw runs of a string that depends on its cell's font, else nothing.
  std::span<const RawRun> InheritingRuns(StringId id) const;

  std::vector<Issue> issues;

 private:
  std::uint32_t character_limit_;
  std::shared_ptr<StringTable> table_ = std::make_shared<StringTable>();
  std::vector<std::uint8_t> flags_;
  std::unordered_map<StringId, std::vector<RawRun>> inheriting_;
};

// The runs that begin within `size` bytes.
std::span<const RawRun> RunsWithin(std::span<const RawRun> runs, std::size_t size);
// Cuts a text after `limit` UTF-16 units, never inside a character; true where something was cut.
bool CutText(std::string_view& text, std::uint32_t limit);
// True where the text reads as a number, white space around it aside.
bool ReadsAsNumber(std::string_view text);

}  // namespace tidemill::workbook
