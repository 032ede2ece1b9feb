// SPDX-License-Identifier: Apache-2.0
#include "note_references.h"

#include <algorithm>
#include <array>

#include "tidemill/base/ascii.h"
#include "tidemill/base/text.h"

namespace tidemill::transform {
namespace {
bool IsNoteLetter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

// The digit that a superscript digit of Unicode stands for, and its length in bytes; 0 where there is none.
std::size_t SuperscriptDigit(std::string_view text, char& digit) {
  struct Entry {
    std::string_view bytes;
    char digit;
  };
  static constexpr auto kDigits = std::to_array<Entry>({{"\u00B9", '1'},
                                                        {"\u00B2", '2'},
                                                        {"\u00B3", '3'},
                                                        {"\u2070", '0'},
                                                        {"\u2074", '4'},
                                                        {"\u2075", '5'},
                                                        {"\u2076", '6'},
                                                        {"\u2077", '7'},
                                                        {"\u2078", '8'},
                                                        {"\u2079", '9'}});
  if (text.empty() || (text[0] != '\xC2' && text[0] != '\xE2')) return 0;
  for (const Entry& entry : kDigits) {
    if (!text.starts_with(entry.bytes)) continue;
    digit = entry.digit;
    return entry.bytes.size();
  }
  return 0;
}

// The letters at the end of the text.
std::string_view LastWord(std::string_view text) {
  std::size_t from = text.size();
  while (from > 0 && IsNoteLetter(text[from - 1])) --from;
  return text.substr(from);
}

bool IsPowerOrOrdinal(std::string_view before, std::string_view script) {
  static constexpr auto kPoweredUnits = std::to_array<std::string_view>({"m", "km", "cm", "mm", "ft", "mi", "in"});
  static constexpr auto kOrdinals = std::to_array<std::string_view>({"st", "nd", "rd", "th"});
  if (script == "2" || script == "3") {
    return std::ranges::find(kPoweredUnits, LastWord(before)) != kPoweredUnits.end();
  }
  return !before.empty() && base::IsDigit(before.back()) && std::ranges::find(kOrdinals, script) != kOrdinals.end();
}

// Digits and letters between commas, blanks and closing brackets, or nothing where the text holds anything else.
std::vector<std::string> ScriptReferences(std::string_view text) {
  std::vector<std::string> refs;
  bool open = false;
  for (const char c : text) {
    if (base::IsDigit(c) || IsNoteLetter(c)) {
      if (!open) refs.emplace_back();
      refs.back() += c;
      open = true;
    } else if (c == ',' || c == ' ' || (c == ')' && open)) {  // "1)"
      open = false;
    } else {
      return {};
    }
  }
  return refs;
}

// Appends one superscript stretch to the text, or takes it as references.
void AddScript(std::string_view script, std::string& text, CleanText& clean) {
  const std::string_view trimmed = base::Trim(script);
  std::vector<std::string> refs;
  if (!IsPowerOrOrdinal(text, trimmed)) refs = ScriptReferences(trimmed);
  if (refs.empty()) {
    text += trimmed.find_first_not_of(", ") == std::string_view::npos ? " " : script;
    return;
  }
  clean.script = true;
  std::ranges::move(refs, std::back_inserter(clean.refs));
}

// The text with superscript runs taken off; neighbouring superscript runs count as one.
std::string TakeOffRuns(std::string_view text, std::span<const workbook::TextRun> runs, CleanText& clean) {
  std::string result;
  std::string script;
  const auto flush = [&] {
    if (!script.empty()) AddScript(script, result, clean);
    script.clear();
  };
  if (!runs.empty()) result = text.substr(0, std::min<std::size_t>(runs[0].start, text.size()));
  for (std::size_t i = 0; i < runs.size(); ++i) {
    const std::size_t from = std::min<std::size_t>(runs[i].start, text.size());
    const std::size_t to = i + 1 < runs.size() ? std::min<std::size_t>(runs[i + 1].start, text.size()) : text.size();
    const std::string_view piece = text.substr(from, to > from ? to - from : 0);
    if (runs[i].script == workbook::Script::kSuperscript) {
      script += piece;
    } else if (!piece.empty()) {
      flush();
      result += piece;
    }
  }
  flush();
  return result;
}

std::string TakeOffSuperscriptDigits(std::string_view text, CleanText& clean) {
  std::string result;
  while (!text.empty()) {
    char digit = 0;
    std::size_t size = SuperscriptDigit(text, digit);
    if (size == 0) {
      result += text.front();
      text.remove_prefix(1);
      continue;
    }
    std::string script;
    const std::string_view as_written = text;
    std::size_t all = 0;
    for (; size != 0; size = SuperscriptDigit(text, digit)) {
      script += digit;
      text.remove_prefix(size);
      all += size;
    }
    if (IsPowerOrOrdinal(result, script)) {
      result += as_written.substr(0, all);
    } else {
      clean.script = true;
      clean.refs.push_back(std::move(script));
    }
  }
  return result;
}

std::string TakeOffBrackets(std::string_view text, CleanText& clean) {
  std::string result;
  while (!text.empty()) {
    const std::size_t size = text.front() == '[' ? BracketReference(text, clean.refs) : 0;
    if (size != 0) {
      clean.bracket = true;
      result += ' ';
      text.remove_prefix(size);
    } else {
      result += text.front();
      text.remove_prefix(1);
    }
  }
  return result;
}

bool HasUnicodeSuperscript(std::string_view text) {
  return text.find('\xC2') != std::string_view::npos || text.find("\xE2\x81") != std::string_view::npos;
}

}  // namespace

std::size_t BracketReference(std::string_view text, std::vector<std::string>& refs) {
  const std::size_t end = text.find(']');
  if (text.empty() || text.front() != '[' || end == std::string_view::npos || end > 80) return 0;
  const std::string inside = base::Lower(base::Trim(text.substr(1, end - 1)));
  if (!inside.starts_with("note")) return 0;
  std::string_view rest = std::string_view(inside).substr(4);
  if (rest.starts_with('s')) rest.remove_prefix(1);
  std::vector<std::string> found;
  while (!rest.empty()) {
    if (base::IsDigit(rest.front())) {
      std::size_t size = 1;
      while (size < rest.size() && (base::IsDigit(rest[size]) || IsNoteLetter(rest[size]))) ++size;
      found.emplace_back(rest.substr(0, size));
      rest.remove_prefix(size);
    } else if (rest.front() == ' ' || rest.front() == ',' || rest.front() == '&') {
      rest.remove_prefix(1);
    } else if (rest.starts_with("and ")) {
      rest.remove_prefix(4);
    } else {
      return 0;
    }
  }
  if (found.empty()) return 0;
  std::ranges::move(found, std::back_inserter(refs));
  return end + 1;
}

CleanText TakeOffReferences(std::string_view text, std::span<const workbook::TextRun> runs,
                            const recipe::NoteSpec& notes) {
  CleanText clean;
  std::string left(text);
  if (notes.script && !runs.empty()) left = TakeOffRuns(left, runs, clean);
  if (notes.script && HasUnicodeSuperscript(left)) left = TakeOffSuperscriptDigits(left, clean);
  if (notes.bracket && left.find('[') != std::string::npos) left = TakeOffBrackets(left, clean);
  clean.text = base::CollapseSpace(left);
  return clean;
}

std::vector<std::string> NoteNumbers(std::string_view rest) {
  std::vector<std::string> refs = ScriptReferences(rest);
  const bool digits_only =
      std::ranges::all_of(refs, [](const std::string& ref) { return std::ranges::all_of(ref, base::IsDigit); });
  return digits_only ? refs : std::vector<std::string>();
}

void TakeOffTrailing(CleanText& clean, const std::set<std::string, std::less<>>& known) {
  const std::string_view text = clean.text;
  std::size_t from = text.size();
  while (from > 0 && (base::IsDigit(text[from - 1]) || text[from - 1] == ',' || text[from - 1] == ' ')) --from;
  if (from == 0 || from == text.size() || base::IsDigit(text[from - 1])) return;
  const bool after_letter = IsNoteLetter(text[from - 1]) || text[from - 1] == ')' || (text[from - 1] & 0x80) != 0;
  std::vector<std::string> refs = NoteNumbers(text.substr(from));
  if (!after_letter || refs.empty()) return;
  if (!std::ranges::all_of(refs, [&](const std::string& ref) { return known.contains(ref); })) return;
  std::ranges::move(refs, std::back_inserter(clean.refs));
  clean.trailing = true;
  clean.text.resize(from);
}

}  // namespace tidemill::transform
