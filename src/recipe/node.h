// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "faults.h"

namespace tidemill::recipe {

// A TOML value with its place; tables keep their keys in order of appearance.
struct Node;
struct Entry;

struct Node {
  enum class Kind { kTable, kArray, kText, kInteger, kNumber, kFlag, kDate };
  Kind kind = Kind::kTable;
  Place place;
  std::vector<Entry> entries;  // kTable
  std::vector<Node> items;     // kArray
  std::string text;            // kText; kDate as written, ISO 8601
  std::int64_t integer = 0;
  double number = 0;
  bool flag = false;

  const Entry* Find(std::string_view key) const;
};

struct Entry {
  std::string key;
  Place place;  // of the key
  Node value;
};

// "a text", "a table", for messages.
std::string_view KindName(Node::Kind kind);

// `over` laid over `table`, key by key: tables are merged, everything else replaces.
void MergeOver(Node& table, const Node& over);

}  // namespace tidemill::recipe
