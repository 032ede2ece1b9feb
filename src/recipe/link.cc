// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include <fmt/format.h>

#include "tidemill/base/text.h"
#include "tidemill/recipe/recipe.h"

namespace tidemill::recipe {
namespace {

std::optional<Captures> MatchTargets(const std::vector<Pattern>& patterns, const std::vector<std::string>& targets) {
  for (const Pattern& pattern : patterns) {
    for (const std::string& target : targets) {
      if (auto captures = pattern.MatchLink(target)) return captures;
    }
  }
  return std::nullopt;
}

// No patterns: anything hits.
std::optional<Captures> MatchText(const std::vector<Pattern>& patterns, std::string_view text) {
  if (patterns.empty()) return Captures{};
  for (const Pattern& pattern : patterns) {
    if (auto captures = pattern.Match(text)) return captures;
  }
  return std::nullopt;
}

// Says where the two differ, or nothing.
std::string Join(Captures& all, const Captures& more, std::string_view where) {
  for (const auto& [name, value] : more) {
    const auto [known, added] = all.emplace(name, value);
    if (!added && Normalise(known->second) != Normalise(value)) {
      return fmt::format("'{}' is {} in the link and {} in the {}", name, base::Quoted(known->second),
                         base::Quoted(value), where);
    }
  }
  return "";
}

// In order of appearance: link, text, heading.
std::vector<std::string> EditionNames(const SourceSpec& source) {
  if (!source.edition.empty()) return source.edition;
  std::vector<std::string> names;
  for (const auto* patterns : {&source.link, &source.text, &source.heading}) {
    for (const Pattern& pattern : *patterns) {
      for (const std::string& name : pattern.captures()) {
        const bool apart = name == "file" || name == "ext" || name == "version";
        if (!apart && std::find(names.begin(), names.end(), name) == names.end()) names.push_back(name);
      }
    }
  }
  return names;
}

// `only` speaks of the first number among the values.
bool IsWanted(const std::optional<NumberRange>& only, const std::vector<std::string>& values) {
  if (!only) return true;
  for (const std::string& value : values) {
    if (const auto number = base::ParseInt(value)) return only->Holds(static_cast<double>(*number));
  }
  return false;
}

}  // namespace

std::optional<LinkMatch> MatchLink(const SourceSpec& source, const LinkTexts& link) {
  auto captures = MatchTargets(source.link, link.targets);
  if (!captures) return std::nullopt;
  const auto text = MatchText(source.text, link.text);
  const auto heading = MatchText(source.heading, link.heading);
  if (!text || !heading) return std::nullopt;
  LinkMatch match;
  match.captures = *std::move(captures);
  match.conflict = Join(match.captures, *text, "link's text");
  if (match.conflict.empty()) match.conflict = Join(match.captures, *heading, "heading");
  std::vector<std::string> values;
  for (const std::string& name : EditionNames(source)) {
    const auto found = match.captures.find(name);
    if (found != match.captures.end()) values.push_back(found->second);
  }
  if (!IsWanted(source.only, values)) return std::nullopt;
  match.edition = base::Join(values, "-");
  match.final = source.final_ &&
                (source.final_->Match(link.heading, match.captures) || source.final_->Match(link.text, match.captures));
  return match;
}

}  // namespace tidemill::recipe
