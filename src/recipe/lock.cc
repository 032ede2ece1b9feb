// SPDX-License-Identifier: Apache-2.0
#include "tidemill/recipe/lock.h"

#include <algorithm>
#include <cstdlib>
#include <optional>

#include "tidemill/base/text.h"

#include "toml_text.h"

namespace tidemill::recipe {
namespace {

using Leaves = std::map<std::string, std::string>;

constexpr std::size_t kLargest = std::size_t{16} << 20U;

// A key as TOML writes it.
std::string KeyText(std::string_view key) {
  const bool bare = !key.empty() && std::ranges::all_of(key, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
  });
  return bare ? std::string(key) : base::JsonString(key);
}

std::string ValueText(const Node& node) {
  switch (node.kind) {
    case Node::Kind::kText:
      return base::JsonString(node.text);
    case Node::Kind::kInteger:
      return std::to_string(node.integer);
    case Node::Kind::kNumber:
      return base::ShortestDouble(node.number);
    case Node::Kind::kFlag:
      return node.flag ? "true" : "false";
    case Node::Kind::kDate:
      return node.text;
    case Node::Kind::kArray: {
      std::vector<std::string> items;
      for (const Node& item : node.items) items.push_back(ValueText(item));
      return "[" + base::Join(items, ", ") + "]";
    }
    case Node::Kind::kTable: {
      std::vector<std::string> entries;
      for (const Entry& entry : node.entries) entries.push_back(KeyText(entry.key) + " = " + ValueText(entry.value));
      return "{ " + base::Join(entries, ", ") + " }";
    }
  }
  return {};
}

bool IsListOfTables(const Node& node) {
  const auto is_table = [](const Node& item) { return item.kind == Node::Kind::kTable; };
  return node.kind == Node::Kind::kArray && !node.items.empty() && std::ranges::all_of(node.items, is_table);
}

void AddLeaves(const Node& table, const std::string& prefix, Leaves& leaves) {
  for (const Entry& entry : table.entries) {
    const std::string key = prefix + KeyText(entry.key);
    if (entry.value.kind == Node::Kind::kTable) {
      AddLeaves(entry.value, key + ".", leaves);
    } else if (IsListOfTables(entry.value)) {
      std::size_t number = 0;
      for (const Node& item : entry.value.items) AddLeaves(item, fmt::format("{}.{}.", key, ++number), leaves);
    } else {
      leaves[key] = ValueText(entry.value);
    }
  }
}

std::string TextOf(const Node& table, std::string_view key) {
  const Entry* entry = table.Find(key);
  return entry == nullptr ? std::string() : entry->value.text;
}

// Keys of a block that say which edition it is, not what it was bound to.
bool IsIdentity(std::string_view key) {
  return key == "edition" || key == "state" || key == "url" || key == "sha256" || key == "when";
}

// "\"3-4\"" → 2: the depth of a header by its rows.
std::string DepthOf(std::string_view header) {
  const std::string_view rows = header.substr(1, header.size() < 2 ? 0 : header.size() - 2);
  const std::size_t dash = rows.find('-');
  const auto first = base::ParseInt(rows.substr(0, dash));
  const auto last = dash == std::string_view::npos ? first : base::ParseInt(rows.substr(dash + 1));
  return first && last ? std::to_string(*last - *first + 1) : std::string(header);
}

// "[\"A geo_code\", \"B place_name\"]" → [geo_code, place_name]
std::string NamesOf(std::string_view stub) {
  std::vector<std::string> names;
  for (const std::string_view item : base::Split(stub.substr(1, stub.size() < 2 ? 0 : stub.size() - 2), ',')) {
    const std::string_view entry = base::Trim(item);
    const std::size_t blank = entry.find(' ');
    const std::string_view name = blank == std::string_view::npos ? entry : entry.substr(blank + 1);
    names.emplace_back(name.substr(0, name.find('"')));
  }
  return "[" + base::Join(names, ", ") + "]";
}

// What the block says of each table's layout, by the table's number. A single layout has none, and goes as the first.
std::map<std::int64_t, Leaves> LayoutsOf(const LockEdition& edition) {
  constexpr std::string_view kLayout = "layout.";
  std::map<std::int64_t, Leaves> layouts;
  for (const auto& [key, value] : edition.leaves) {
    if (!key.starts_with(kLayout)) continue;
    const std::string_view rest = std::string_view(key).substr(kLayout.size());
    const std::size_t dot = rest.find('.');
    const auto number = dot == std::string_view::npos ? std::nullopt : base::ParseInt(rest.substr(0, dot));
    layouts[number.value_or(1)].emplace(number ? rest.substr(dot + 1) : rest, value);
  }
  return layouts;
}

Leaves SignatureOf(const Leaves& layout) {
  Leaves signature;
  for (const auto& [key, value] : layout) {
    if (key == "body") continue;
    if (key == "header") {
      signature["header rows"] = DepthOf(value);
    } else {
      signature[key] = key == "stub" ? NamesOf(value) : value;
    }
  }
  return signature;
}

// Tables of one layout count once: how many sheets a workbook has changes no layout.
Leaves SignatureOf(const LockEdition& edition) {
  std::vector<Leaves> distinct;
  for (const auto& [number, layout] : LayoutsOf(edition)) {
    Leaves signature = SignatureOf(layout);
    if (std::ranges::find(distinct, signature) == distinct.end()) distinct.push_back(std::move(signature));
  }
  Leaves signature;
  for (std::size_t i = 0; i < distinct.size(); ++i) {
    const std::string prefix = i == 0 ? "layout." : fmt::format("layout {}.", i + 1);
    for (const auto& [key, value] : distinct[i]) signature[prefix + key] = value;
  }
  return signature;
}

std::vector<LockChange> Compare(const Leaves& was, const Leaves& is) {
  std::vector<LockChange> changes;
  for (const auto& [key, value] : was) {
    const auto at = is.find(key);
    if (at == is.end() || at->second != value) changes.push_back({key, value, at == is.end() ? "" : at->second});
  }
  for (const auto& [key, value] : is) {
    if (!was.contains(key)) changes.push_back({key, "", value});
  }
  return changes;
}

// The first number in an edition's name: its year, where it has one.
std::optional<std::int64_t> NumberIn(std::string_view edition) {
  const std::size_t first = edition.find_first_of("0123456789");
  if (first == std::string_view::npos) return std::nullopt;
  const std::size_t end = edition.find_first_not_of("0123456789", first);
  return base::ParseInt(edition.substr(first, end == std::string_view::npos ? end : end - first));
}

std::string WhenOf(const LockEdition& edition) {
  const auto at = edition.leaves.find("when");
  return at == edition.leaves.end() ? std::string() : at->second;
}

}  // namespace

const LockEdition* Lock::Find(std::string_view edition) const {
  const auto at = std::ranges::find(editions, edition, &LockEdition::edition);
  return at == editions.end() ? nullptr : &*at;
}

base::Result<Lock> ParseLock(std::string_view toml, std::string_view file) {
  if (toml.size() > kLargest) {
    return base::FailAt(base::ErrorCode::kTooLarge, std::string(file), "a lock of {} bytes, at most {} are read",
                        toml.size(), kLargest);
  }
  Faults faults;
  const auto root = ReadToml(toml, faults);
  if (!root) {
    const Problem problem = faults.Take().front();
    return base::FailAt(base::ErrorCode::kInvalid, fmt::format("{}:{}:{}", file, problem.line, problem.column),
                        "no lock file: {}", problem.message);
  }
  const Entry* version = root->Find("lock");
  if (version == nullptr || version->value.integer != 1) {
    return base::FailAt(base::ErrorCode::kInvalid, std::string(file), "no lock file: expected lock = 1");
  }
  Lock lock{.recipe = TextOf(*root, "recipe"), .editions = {}};
  const Entry* editions = root->Find("edition");
  if (editions == nullptr) return lock;
  for (const Node& block : editions->value.items) {
    LockEdition edition{.edition = TextOf(block, "edition"), .sha256 = TextOf(block, "sha256"), .leaves = {}};
    AddLeaves(block, "", edition.leaves);
    lock.editions.push_back(std::move(edition));
  }
  return lock;
}

std::vector<LockChange> CompareBindings(const LockEdition& was, const LockEdition& is) {
  const auto binding = [](Leaves leaves) {
    std::erase_if(leaves, [](const auto& leaf) { return IsIdentity(leaf.first); });
    return leaves;
  };
  return Compare(binding(was.leaves), binding(is.leaves));
}

std::vector<LockChange> CompareLayouts(const LockEdition& was, const LockEdition& is) {
  return Compare(SignatureOf(was), SignatureOf(is));
}

const LockEdition* FindNearest(const Lock& lock, const LockEdition& edition) {
  const auto wanted = NumberIn(edition.edition);
  const LockEdition* nearest = nullptr;
  std::int64_t least = 0;
  for (const LockEdition& one : lock.editions) {
    if (one.edition == edition.edition || WhenOf(one) != WhenOf(edition)) continue;
    const auto number = NumberIn(one.edition);
    const std::int64_t distance = wanted && number ? std::abs(*wanted - *number) : 0;
    if (nearest != nullptr && distance >= least) continue;
    nearest = &one;
    least = distance;
  }
  return nearest;
}

std::string ToText(const std::vector<LockChange>& changes, std::string_view indent) {
  std::string text;
  for (const LockChange& change : changes) {
    text += fmt::format("{}{}\n", indent, change.key);
    if (!change.was.empty()) text += fmt::format("{}  - {}\n", indent, change.was);
    if (!change.is.empty()) text += fmt::format("{}  + {}\n", indent, change.is);
  }
  return text;
}

}  // namespace tidemill::recipe
