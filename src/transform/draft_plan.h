// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "tidemill/recipe/recipe.h"

// A recipe in the making, and as text.
namespace tidemill::transform {

using TomlKeys = std::vector<std::pair<std::string, std::string>>;  // key and value, as TOML

struct PlanColumn {
  std::string name;
  recipe::Role role = recipe::Role::kValue;
  std::string header;          // the text it is found by; empty where its role finds it
  TomlKeys keys = {};          // what else it says
  std::string comment;         // why it is so
  std::string place = {};      // "column C", "axis", "values"
  double confidence = 1;       // in its role
  std::string runner_up = {};  // the role that came next to it

  void Set(const std::string& key, std::string value);  // adds or replaces
};

struct PlanMarker {
  std::string text;
  std::int64_t count = 0;
  std::string meaning;  // as TOML; empty: the harmonised set has it
  std::string comment;
  double confidence = 0.95;    // in its meaning
  std::string runner_up = {};  // another meaning
};

struct Plan {
  std::vector<std::string> remarks;  // comment lines above all
  std::string name, title, publisher;
  std::string source;  // lines of TOML
  std::string sheet;   // pattern
  TomlKeys facts, table;
  std::vector<PlanColumn> columns;
  std::vector<PlanMarker> markers;
  bool gss_markers = false;
  TomlKeys notes, checks;
  std::vector<std::string> sums;
  std::string output;

  PlanColumn* Find(recipe::Role role);
};

std::string_view ToText(recipe::Role role);

std::string ToToml(const Plan& plan);

}  // namespace tidemill::transform
