// SPDX-License-Identifier: Apache-2.0
#include "node.h"

#include <algorithm>

namespace tidemill::recipe {

const Entry* Node::Find(std::string_view key) const {
  const auto found = std::find_if(entries.begin(), entries.end(), [&](const Entry& entry) { return entry.key == key; });
  return found == entries.end() ? nullptr : &*found;
}

std::string_view KindName(Node::Kind kind) {
  switch (kind) {
    case Node::Kind::kTable:
      return "a table";
    case Node::Kind::kArray:
      return "a list";
    case Node::Kind::kText:
      return "a text";
    case Node::Kind::kInteger:
      return "a whole number";
    case Node::Kind::kNumber:
      return "a number";
    case Node::Kind::kFlag:
      return "true or false";
    case Node::Kind::kDate:
      return "a date";
  }
  return "a value";
}

void MergeOver(Node& table, const Node& over) {
  struct Pair {
    Node* under;
    const Node* over;
  };
  std::vector<Pair> open = {{&table, &over}};
  while (!open.empty()) {
    const Pair pair = open.back();
    open.pop_back();
    // Room first: pointers into `entries` are kept until this table is done.
    pair.under->entries.reserve(pair.under->entries.size() + pair.over->entries.size());
    for (const Entry& entry : pair.over->entries) {
      auto& entries = pair.under->entries;
      const auto found =
          std::find_if(entries.begin(), entries.end(), [&](const Entry& other) { return other.key == entry.key; });
      if (found == entries.end()) {
        entries.push_back(entry);
      } else if (found->value.kind == Node::Kind::kTable && entry.value.kind == Node::Kind::kTable) {
        open.push_back({&found->value, &entry.value});
      } else {
        *found = entry;
      }
    }
  }
}

}  // namespace tidemill::recipe
