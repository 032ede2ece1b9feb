// SPDX-License-Identifier: Apache-2.0
// The adapter around toml++: its exceptions end here, and so does its order of keys.
#include "toml_text.h"

#include <algorithm>
#include <exception>
#include <sstream>

#include <fmt/format.h>
#include <toml++/toml.h>

namespace tidemill::recipe {
namespace {

constexpr std::size_t kDeepest = 64;

Place PlaceOf(const toml::source_region& region) {
  if (!region.begin) return {};
  return {.line = static_cast<int>(region.begin.line), .column = static_cast<int>(region.begin.column)};
}

// Finds nesting that would exhaust the stack of a recursive parser: brackets and the dots of keys, outside of texts.
class DepthScan {
 public:
  explicit DepthScan(std::string_view text) : text_(text) {}

  // The line on which it is too deep, or 0.
  int Run() {
    while (at_ < text_.size()) {
      const char c = text_[at_];
      if (c == '"' || c == '\'') {
        SkipText(c);
        continue;
      }
      if (c == '#') {
        while (at_ < text_.size() && text_[at_] != '\n') ++at_;
        continue;
      }
      Count(c);
      if (open_.size() + dots_ > kDeepest) return line_;
      ++at_;
    }
    return 0;
  }

 private:
  void Count(char c) {
    if (c == '\n') ++line_;
    if (c == '[' || c == '{') {
      open_.push_back(0);
    } else if (c == ']' || c == '}') {
      if (open_.empty()) return;
      dots_ -= open_.back();
      open_.pop_back();
    } else if (c == '.') {
      ++(open_.empty() ? top_ : open_.back());
      ++dots_;
    } else if (c == ',' || (c == '\n' && open_.empty())) {
      std::size_t& level = open_.empty() ? top_ : open_.back();
      dots_ -= level;
      level = 0;
    }
  }

  void SkipText(char quote) {
    const std::string three(3, quote);
    const bool long_form = text_.substr(at_).starts_with(three);
    at_ += long_form ? 3 : 1;
    while (at_ < text_.size()) {
      if (text_[at_] == '\n') {
        if (!long_form) return;  // the parser will complain
        ++line_;
      }
      if (quote == '"' && text_[at_] == '\\') {
        at_ = std::min(at_ + 2, text_.size());
      } else if (text_[at_] != quote) {
        ++at_;
      } else if (!long_form || text_.substr(at_).starts_with(three)) {
        at_ += long_form ? 3 : 1;
        return;
      } else {
        ++at_;
      }
    }
  }

  std::string_view text_;
  std::size_t at_ = 0;
  int line_ = 1;
  std::vector<std::size_t> open_;  // dots of the key at hand, one count a bracket
  std::size_t top_ = 0;
  std::size_t dots_ = 0;
};

template <class T>
std::string Written(const T& value) {
  std::ostringstream out;
  out << value;
  return out.str();
}

// As deep as DepthScan lets pass.
Node Converted(const toml::node& from);

void ConvertTable(const toml::table& table, Node& node) {
  node.kind = Node::Kind::kTable;
  node.entries.reserve(table.size());
  for (const auto& [key, value] : table) {
    node.entries.push_back({.key = std::string(key.str()), .place = PlaceOf(key.source()), .value = Converted(value)});
  }
  std::sort(node.entries.begin(), node.entries.end(), [](const Entry& a, const Entry& b) {
    return std::tie(a.place.line, a.place.column) < std::tie(b.place.line, b.place.column);
  });
}

Node Converted(const toml::node& from) {
  Node node;
  node.place = PlaceOf(from.source());
  if (const auto* table = from.as_table()) {
    ConvertTable(*table, node);
  } else if (const auto* array = from.as_array()) {
    node.kind = Node::Kind::kArray;
    for (const auto& item : *array) node.items.push_back(Converted(item));
  } else if (const auto* text = from.as_string()) {
    node.kind = Node::Kind::kText;
    node.text = text->get();
  } else if (const auto* integer = from.as_integer()) {
    node.kind = Node::Kind::kInteger;
    node.integer = integer->get();
    node.number = static_cast<double>(node.integer);
  } else if (const auto* number = from.as_floating_point()) {
    node.kind = Node::Kind::kNumber;
    node.number = number->get();
  } else if (const auto* flag = from.as_boolean()) {
    node.kind = Node::Kind::kFlag;
    node.flag = flag->get();
  } else {
    node.kind = Node::Kind::kDate;
    if (const auto* date = from.as_date()) node.text = Written(date->get());
    if (const auto* time = from.as_time()) node.text = Written(time->get());
    if (const auto* date_time = from.as_date_time()) node.text = Written(date_time->get());
  }
  return node;
}

}  // namespace

std::optional<Node> ReadToml(std::string_view text, Faults& faults) {
  if (const int line = DepthScan(text).Run(); line != 0) {
    faults.Add("bad-toml", {.line = line, .column = 1}, fmt::format("nested deeper than {} levels", kDeepest));
    return std::nullopt;
  }
  try {
    const toml::table table = toml::parse(text);
    return Converted(table);
  } catch (const toml::parse_error& error) {
    std::string message(error.description());
    if (!message.empty() && message.front() == 'E') message.front() = 'e';
    faults.Add("bad-toml", PlaceOf(error.source()), std::move(message));
  } catch (const std::exception& error) {
    faults.Add("bad-toml", {}, error.what());
  }
  return std::nullopt;
}

}  // namespace tidemill::recipe
