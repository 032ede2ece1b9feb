// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "tidemill/base/result.h"

// The lock of a recipe, read and compared: what each edition was bound to (recipes.md 4). transform writes the blocks.
namespace tidemill::recipe {

struct LockEdition {
  std::string edition, sha256;
  std::map<std::string, std::string> leaves;  // all the block says, by dotted key, as TOML: layout.body = "C6:N448"; of
                                              // a list of tables layout.1.body, layout.2.body …
};

struct Lock {
  std::string recipe;
  std::vector<LockEdition> editions;

  const LockEdition* Find(std::string_view edition) const;
};

// `file` is for places. Errors: kInvalid, with line and column.
base::Result<Lock> ParseLock(std::string_view toml, std::string_view file);

// A leaf that differs; empty where one side has none.
struct LockChange {
  std::string key, was, is;
};
// All but the edition, its state, address, hash and `when`: of the same bytes nothing of this may differ.
std::vector<LockChange> CompareBindings(const LockEdition& was, const LockEdition& is);
// The signature of the layout: all of `layout` but addresses and counts. Of the header its depth counts, of the stub
// the columns' names, of the body nothing. Tables of one layout count once.
std::vector<LockChange> CompareLayouts(const LockEdition& was, const LockEdition& is);

// The block that an edition without one is compared with: under the same [[when]] blocks, the nearest in order (of two
// the earlier). Null where there is none.
const LockEdition* FindNearest(const Lock& lock, const LockEdition& edition);

// "  key\n    - was\n    + is\n" for each, every line behind `indent`.
std::string ToText(const std::vector<LockChange>& changes, std::string_view indent);

}  // namespace tidemill::recipe
