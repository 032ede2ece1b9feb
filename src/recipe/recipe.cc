// SPDX-License-Identifier: Apache-2.0
#include "tidemill/recipe/recipe.h"

#include <fmt/format.h>

#include "tidemill/base/sha256.h"
#include "tidemill/base/text.h"

#include "read_sections.h"
#include "toml_text.h"
#include "when.h"

namespace tidemill::recipe {
namespace {

constexpr std::size_t kLargest = 256 * 1024;

Node Merged(const Node& base, const std::vector<const When*>& whens) {
  Node root = base;
  for (const When* when : whens) MergeOver(root, when->sections);
  return root;
}

Spec ReadWhole(const Node& root, Faults& faults) {
  Spec spec = ReadSpec(root, faults);
  CheckTogether(spec, root, faults);
  return spec;
}

base::Error FirstOf(const std::vector<Problem>& problems, std::string_view file) {
  const Problem& first = problems.front();
  std::string message = fmt::format("{}: {}", first.code, first.message);
  if (problems.size() > 1) {
    message += fmt::format(" (and {} more {})", problems.size() - 1, problems.size() == 2 ? "fault" : "faults");
  }
  return {.code = base::ErrorCode::kInvalid,
          .message = std::move(message),
          .place = fmt::format("{}:{}:{}", file, first.line, first.column)};
}

}  // namespace

struct Recipe::Parsed {
  std::string file;
  std::string hash;
  Node root;  // without [[when]]
  std::vector<When> whens;
  Spec base;
};

base::Result<Recipe> Recipe::Parse(std::string_view toml, std::string_view file, std::vector<Problem>* problems) {
  if (toml.size() > kLargest) {
    return base::FailAt(base::ErrorCode::kTooLarge, std::string(file), "a recipe of {} bytes, at most {} are allowed",
                        toml.size(), kLargest);
  }
  Faults faults;
  auto parsed = std::make_shared<Parsed>();
  if (auto root = ReadToml(toml, faults)) {
    parsed->file = file;
    parsed->hash = base::Sha256Hex(toml);
    parsed->whens = ReadWhens(root->Find("when"), faults);
    std::erase_if(root->entries, [](const Entry& entry) { return entry.key == "when"; });
    parsed->root = *std::move(root);
    parsed->base = ReadWhole(parsed->root, faults);
    CheckReachable(parsed->whens, parsed->base, faults);
    for (const When& when : parsed->whens) ReadWhole(Merged(parsed->root, {&when}), faults);
  }
  auto found = faults.Take();
  if (!found.empty()) {
    base::Error error = FirstOf(found, file);
    if (problems != nullptr) *problems = std::move(found);
    return tl::unexpected(std::move(error));
  }
  if (problems != nullptr) problems->clear();
  return Recipe(std::move(parsed));
}

const Spec& Recipe::base() const {
  return parsed_->base;
}

base::Result<Spec> Recipe::For(const Captures& captures, std::vector<int>* applied) const {
  if (applied != nullptr) applied->clear();
  std::vector<const When*> whens;
  for (std::size_t i = 0; i < parsed_->whens.size(); ++i) {
    if (!Holds(parsed_->whens[i], captures)) continue;
    whens.push_back(&parsed_->whens[i]);
    if (applied != nullptr) applied->push_back(static_cast<int>(i));
  }
  if (whens.empty()) return parsed_->base;
  Faults faults;
  Spec spec = ReadWhole(Merged(parsed_->root, whens), faults);
  const auto problems = faults.Take();
  if (!problems.empty()) return tl::unexpected(FirstOf(problems, parsed_->file));
  return spec;
}

std::vector<int> Recipe::WhenLines() const {
  std::vector<int> lines;
  for (const When& when : parsed_->whens) lines.push_back(when.sections.place.line);
  return lines;
}

const std::string& Recipe::hash() const {
  return parsed_->hash;
}

}  // namespace tidemill::recipe
