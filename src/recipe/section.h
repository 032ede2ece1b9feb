// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "node.h"

namespace tidemill::recipe {

enum class Fuzzy { kNo, kYes };

// A table of a recipe while it is read. Each reader takes one key: absent, it leaves `out` alone and gives false; of
// the wrong type or out of range, it adds a fault and gives false. Finish() adds a fault for every key nobody asked
// for, with the nearest of those that were.
class Section {
 public:
  // `table` is null for a section that is absent; a value that is no table is a fault and then read as absent.
  Section(const Node* table, Faults& faults, std::string path);

  bool present() const { return table_ != nullptr; }
  // Where the keys are the writer's own; for a section that is present.
  const Node& Table() const { return *table_; }
  Place place() const { return table_ == nullptr ? Place{} : table_->place; }
  // "columns.deaths.type"
  std::string PathOf(std::string_view key) const;
  Faults& faults() { return *faults_; }

  const Entry* Find(std::string_view key);
  Section Child(std::string_view key);
  bool Text(std::string_view key, std::string& out);
  // A list of texts; one may be written as a text.
  bool Texts(std::string_view key, std::vector<std::string>& out);
  bool Flag(std::string_view key, bool& out);
  bool Integer(std::string_view key, int& out, int least, int most);
  bool Number(std::string_view key, std::optional<double>& out, double least);
  // "340..440", 12
  bool Range(std::string_view key, std::optional<NumberRange>& out);
  bool OnePattern(std::string_view key, std::optional<Pattern>& out);
  bool Patterns(std::string_view key, std::vector<Pattern>& out, Fuzzy fuzzy = Fuzzy::kNo);
  template <class E>
  bool OneOf(std::string_view key, E& out, std::initializer_list<std::pair<std::string_view, E>> allowed) {
    std::string text;
    if (!Text(key, text)) return false;
    std::vector<std::string_view> names;
    for (const auto& [name, value] : allowed) {
      if (text == name) {
        out = value;
        return true;
      }
      names.push_back(name);
    }
    BadChoice(key, text, names);
    return false;
  }

  void Require(std::string_view key);
  void Finish();

  // A fault at the value of `key`, which is there; at the table otherwise.
  void Fault(std::string_view code, std::string_view key, std::string message);
  void WrongType(const Node& node, std::string_view path, std::string_view expected);
  void BadChoice(std::string_view key, std::string_view text, const std::vector<std::string_view>& allowed);

 private:
  const Node* table_;
  Faults* faults_;
  std::string path_;
  std::vector<std::string> known_;
};

// Compiles, or adds a fault at `place`.
std::optional<Pattern> ReadPattern(std::string_view text, Place place, Faults& faults, Fuzzy fuzzy = Fuzzy::kNo);
// "2015..", "..2010", "340..440", "12"
base::Result<NumberRange> ParseNumberRange(std::string_view text);
// "'a', 'b' or 'c'"
std::string Listed(const std::vector<std::string_view>& names);

}  // namespace tidemill::recipe
