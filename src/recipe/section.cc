// SPDX-License-Identifier: Apache-2.0
#include "section.h"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "tidemill/base/text.h"

namespace tidemill::recipe {

using base::Quoted;

Section::Section(const Node* table, Faults& faults, std::string path)
    : table_(table), faults_(&faults), path_(std::move(path)) {
  if (table_ != nullptr && table_->kind != Node::Kind::kTable) {
    WrongType(*table_, path_, "a table");
    table_ = nullptr;
  }
}

std::string Section::PathOf(std::string_view key) const {
  return path_.empty() ? std::string(key) : fmt::format("{}.{}", path_, key);
}

const Entry* Section::Find(std::string_view key) {
  if (std::find(known_.begin(), known_.end(), key) == known_.end()) known_.emplace_back(key);
  return table_ == nullptr ? nullptr : table_->Find(key);
}

Section Section::Child(std::string_view key) {
  const Entry* entry = Find(key);
  return {entry == nullptr ? nullptr : &entry->value, *faults_, PathOf(key)};
}

void Section::WrongType(const Node& node, std::string_view path, std::string_view expected) {
  faults_->Add("wrong-type", node.place, fmt::format("'{}' must be {}, not {}", path, expected, KindName(node.kind)));
}

void Section::Fault(std::string_view code, std::string_view key, std::string message) {
  const Entry* entry = table_ == nullptr ? nullptr : table_->Find(key);
  faults_->Add(code, entry == nullptr ? place() : entry->value.place, std::move(message));
}

void Section::BadChoice(std::string_view key, std::string_view text, const std::vector<std::string_view>& allowed) {
  Fault("bad-value", key,
        fmt::format("'{}' is {}, expected {}{}", PathOf(key), Quoted(text), Listed(allowed),
                    base::DidYouMean(text, allowed)));
}

bool Section::Text(std::string_view key, std::string& out) {
  const Entry* entry = Find(key);
  if (entry == nullptr) return false;
  if (entry->value.kind != Node::Kind::kText) {
    WrongType(entry->value, PathOf(key), "a text");
    return false;
  }
  out = entry->value.text;
  return true;
}

bool Section::Texts(std::string_view key, std::vector<std::string>& out) {
  const Entry* entry = Find(key);
  if (entry == nullptr) return false;
  if (entry->value.kind == Node::Kind::kText) {
    out = {entry->value.text};
    return true;
  }
  if (entry->value.kind != Node::Kind::kArray) {
    WrongType(entry->value, PathOf(key), "a text or a list of texts");
    return false;
  }
  std::vector<std::string> texts;
  for (const Node& item : entry->value.items) {
    if (item.kind != Node::Kind::kText) {
      WrongType(item, PathOf(key), "a list of texts");
      return false;
    }
    texts.push_back(item.text);
  }
  out = std::move(texts);
  return true;
}

bool Section::Flag(std::string_view key, bool& out) {
  const Entry* entry = Find(key);
  if (entry == nullptr) return false;
  if (entry->value.kind != Node::Kind::kFlag) {
    WrongType(entry->value, PathOf(key), "true or false");
    return false;
  }
  out = entry->value.flag;
  return true;
}

bool Section::Integer(std::string_view key, int& out, int least, int most) {
  const Entry* entry = Find(key);
  if (entry == nullptr) return false;
  if (entry->value.kind != Node::Kind::kInteger) {
    WrongType(entry->value, PathOf(key), "a whole number");
    return false;
  }
  if (entry->value.integer < least || entry->value.integer > most) {
    Fault("bad-range", key,
          fmt::format("'{}' is {}, expected {} to {}", PathOf(key), entry->value.integer, least, most));
    return false;
  }
  out = static_cast<int>(entry->value.integer);
  return true;
}

bool Section::Number(std::string_view key, std::optional<double>& out, double least) {
  const Entry* entry = Find(key);
  if (entry == nullptr) return false;
  if (entry->value.kind != Node::Kind::kInteger && entry->value.kind != Node::Kind::kNumber) {
    WrongType(entry->value, PathOf(key), "a number");
    return false;
  }
  if (!std::isfinite(entry->value.number) || entry->value.number < least) {
    Fault("bad-range", key,
          fmt::format("'{}' is {}, expected a finite number of at least {}", PathOf(key),
                      base::ShortestDouble(entry->value.number), base::ShortestDouble(least)));
    return false;
  }
  out = entry->value.number;
  return true;
}

bool Section::Range(std::string_view key, std::optional<NumberRange>& out) {
  const Entry* entry = Find(key);
  if (entry == nullptr) return false;
  if (entry->value.kind == Node::Kind::kInteger) {
    out = NumberRange{.least = entry->value.number, .most = entry->value.number};
    return true;
  }
  std::string text;
  if (!Text(key, text)) return false;
  auto range = ParseNumberRange(text);
  if (!range) {
    Fault("bad-range", key, fmt::format("'{}': {}", PathOf(key), range.error().message));
    return false;
  }
  out = *range;
  return true;
}

bool Section::OnePattern(std::string_view key, std::optional<Pattern>& out) {
  std::string text;
  if (!Text(key, text)) return false;
  auto pattern = ReadPattern(text, Find(key)->value.place, *faults_);
  if (!pattern) return false;
  out = std::move(pattern);
  return true;
}

bool Section::Patterns(std::string_view key, std::vector<Pattern>& out, Fuzzy fuzzy) {
  std::vector<std::string> texts;
  if (!Texts(key, texts)) return false;
  const Node& value = Find(key)->value;
  std::vector<Pattern> patterns;
  for (std::size_t i = 0; i < texts.size(); ++i) {
    const Place place = value.kind == Node::Kind::kArray ? value.items[i].place : value.place;
    auto pattern = ReadPattern(texts[i], place, *faults_, fuzzy);
    if (pattern) patterns.push_back(*std::move(pattern));
  }
  if (patterns.size() != texts.size()) return false;
  out = std::move(patterns);
  return true;
}

void Section::Require(std::string_view key) {
  if (Find(key) != nullptr) return;
  faults_->Add("missing-key", place(), fmt::format("'{}' is required", PathOf(key)));
}

void Section::Finish() {
  if (table_ == nullptr) return;
  for (const Entry& entry : table_->entries) {
    if (std::find(known_.begin(), known_.end(), entry.key) != known_.end()) continue;
    const std::string where = path_.empty() ? "of a recipe" : fmt::format("of '{}'", path_);
    faults_->Add("unknown-key", entry.place,
                 fmt::format("{} is no key {}{}", Quoted(entry.key), where, base::DidYouMean(entry.key, known_)));
  }
}

std::optional<Pattern> ReadPattern(std::string_view text, Place place, Faults& faults, Fuzzy fuzzy) {
  auto pattern = Pattern::Compile(text);
  if (!pattern) {
    faults.Add("bad-pattern", place, fmt::format("pattern {}: {}", Quoted(text), pattern.error().message));
    return std::nullopt;
  }
  if (pattern->fuzzy() && fuzzy == Fuzzy::kNo) {
    faults.Add("bad-pattern", place,
               fmt::format("pattern {}: '~' is allowed in 'sheet.pick', 'table.anchor' and 'header' only (write \\~)",
                           Quoted(text)));
    return std::nullopt;
  }
  return *std::move(pattern);
}

base::Result<NumberRange> ParseNumberRange(std::string_view text) {
  const auto bad = [&] {
    return base::Fail(base::ErrorCode::kInvalid, "{} is no range, expected one like 2015.., ..2010, 340..440 or 12",
                      Quoted(text));
  };
  const std::size_t dots = text.find("..");
  const std::string_view low = text.substr(0, dots);
  const std::string_view high = dots == std::string_view::npos ? low : text.substr(dots + 2);
  NumberRange range;
  if (!low.empty() && !(range.least = base::ParseDouble(low))) return bad();
  if (!high.empty() && !(range.most = base::ParseDouble(high))) return bad();
  if (!range.least && !range.most) return bad();
  if ((range.least && !std::isfinite(*range.least)) || (range.most && !std::isfinite(*range.most))) return bad();
  if (range.least && range.most && *range.least > *range.most) {
    return base::Fail(base::ErrorCode::kInvalid, "the range {} ends before it begins", Quoted(text));
  }
  return range;
}

std::string Listed(const std::vector<std::string_view>& names) {
  std::string out;
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (i > 0) out += i + 1 == names.size() ? " or " : ", ";
    out += fmt::format("'{}'", names[i]);
  }
  return out;
}

}  // namespace tidemill::recipe
