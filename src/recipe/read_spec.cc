// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include <fmt/format.h>

#include "tidemill/base/text.h"

#include "read_sections.h"

namespace tidemill::recipe {
namespace {

constexpr int kLanguage = 1;

void ReadHead(Section& root, Spec& spec) {
  int version = kLanguage;
  root.Require("recipe");
  if (root.Integer("recipe", version, 0, 1000000) && version != kLanguage) {
    root.Fault("bad-range", "recipe",
               fmt::format("a recipe of language version {}, only {} is known", version, kLanguage));
  }
  root.Require("name");
  if (root.Text("name", spec.name) && !MayNameRecipe(spec.name)) {
    root.Fault("reserved-name", "name",
               fmt::format("'name' is {}, expected parts of a-z, 0-9 and '-' joined by '/'", base::Quoted(spec.name)));
  }
  root.Require("title");
  if (root.Text("title", spec.title) && base::Trim(spec.title).empty()) {
    root.Fault("bad-value", "title", "'title' is empty");
  }
  root.Text("publisher", spec.publisher);
  root.Text("licence", spec.licence);
  root.Text("contact", spec.contact);
  root.Text("quality", spec.quality);
  root.Text("usage", spec.usage);
}

}  // namespace

bool MayNameRecipe(std::string_view name) {
  const auto parts = base::Split(name, '/');
  return name.size() <= 200 && std::all_of(parts.begin(), parts.end(), [](std::string_view part) {
           return !part.empty() && std::all_of(part.begin(), part.end(), [](char c) {
             return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
           });
         });
}

Spec ReadSpec(const Node& root_node, Faults& faults) {
  Section root(&root_node, faults, "");
  Spec spec;
  ReadHead(root, spec);
  root.Require("source");
  spec.source = ReadSource(root.Child("source"));
  spec.facts = ReadFacts(root.Child("facts"));
  spec.sheet = ReadSheet(root.Child("sheet"));
  spec.table = ReadTable(root.Child("table"));
  root.Require("columns");
  spec.columns = ReadColumns(root.Child("columns"));
  spec.codes = ReadCodes(root.Find("codes"), faults);
  spec.markers = ReadMarkers(root.Child("markers"));
  spec.notes = ReadNotes(root.Child("notes"));
  spec.checks = ReadChecks(root.Child("checks"));
  spec.revisions = ReadRevisions(root.Child("revisions"));
  root.Require("output");
  spec.outputs = ReadOutputs(root.Find("output"), faults);
  root.Find("when");  // read by itself, but a key all the same
  root.Finish();
  return spec;
}

}  // namespace tidemill::recipe
