// SPDX-License-Identifier: Apache-2.0
#include "area_codes.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <span>

#include "tidemill/base/text.h"

#include "binding_error.h"
#include "geo_code.h"

namespace tidemill::transform {
namespace {

using recipe::ColumnSpec;
using recipe::LevelTest;
using recipe::Unknown;

using Entities = std::span<const std::string_view>;

// Which areas a level may show (recipes.md 7): none where any.
Entities EntitiesOf(const ColumnSpec* label, int level) {
  static constexpr auto kUpper =
      std::to_array<std::string_view>({"K02", "K03", "K04", "E92", "W92", "S92", "N92", "E12", "J99"});
  static constexpr auto kBold = std::to_array<std::string_view>({"E06", "E10", "E11", "E13"});
  static constexpr auto kRest = std::to_array<std::string_view>({"E07", "E08", "E09", "W06", "S12", "N09"});
  if (label == nullptr || level < 0 || static_cast<std::size_t>(level) >= label->levels.size()) return {};
  const recipe::Level& tests = label->levels[static_cast<std::size_t>(level)];
  const auto has = [&](LevelTest::Kind kind) { return std::ranges::count(tests, kind, &LevelTest::kind) > 0; };
  if (has(LevelTest::Kind::kUpper)) return kUpper;
  if (has(LevelTest::Kind::kBold)) return kBold;
  return has(LevelTest::Kind::kAny) && label->levels.size() > 1 ? Entities(kRest) : Entities();
}

// "ons-snac:20UB until 2009-04-01, now E06000047"
std::string Described(const Area& area) {
  std::string text = area.code;
  if (area.to) text += fmt::format(" until {}", base::ToText(*area.to));
  if (!area.successors.empty()) text += fmt::format(", now {}", area.successors);
  return text;
}

std::string ListOf(const std::vector<const Area*>& areas) {
  std::string text;
  for (const Area* area : areas) text += (text.empty() ? "" : "; ") + Described(*area);
  return text;
}

// "Ellesmere Port & Neston" → "ellesmere-port-and-neston"
std::string AreaSlug(std::string_view name) {
  std::string slug;
  for (const char c : NameKey(name)) {
    const bool kept = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || (c & 0x80) != 0;
    if (kept) {
      slug += c;
    } else if (!slug.empty() && slug.back() != '-') {
      slug += '-';
    }
  }
  if (slug.ends_with('-')) slug.pop_back();
  return slug;
}

class Resolver {
 public:
  Resolver(const CodeLookup& lookup, Findings& findings, std::vector<BodyRow>& rows)
      : l_(lookup), spec_(*lookup.column.spec), findings_(findings), rows_(rows) {}
  std::optional<base::Date> Run();

 private:
  bool Translates() const { return TargetSystem(spec_) != spec_.system; }
  std::string TextOf(const BodyRow& row) const;
  std::vector<std::string> NamesOf(const BodyRow& row) const;
  std::vector<const Area*> OptionsOf(BodyRow& row) const;
  std::vector<const Area*> OptionsByName(const BodyRow& row) const;
  void Translate(BodyRow& row, const std::vector<const Area*>& options);
  void Find(BodyRow& row, const std::vector<const Area*>& options, std::optional<base::Date> vintage);
  void HoldKept(const BodyRow& row, std::string_view text);
  std::string At(const BodyRow& row) const {
    const workbook::Cell* cell = row.key_cell == nullptr ? l_.grid.FirstOf(row.row) : row.key_cell;
    return l_.grid.A1(row.row, *cell);
  }

  const CodeLookup& l_;
  const ColumnSpec& spec_;
  Findings& findings_;
  std::vector<BodyRow>& rows_;
};

// What a row is looked up by.
std::string Resolver::TextOf(const BodyRow& row) const {
  if (!l_.column.text.empty()) return l_.column.text;
  return l_.dimension ? row.dimensions[*l_.dimension] : row.label;
}

std::vector<std::string> Resolver::NamesOf(const BodyRow& row) const {
  std::vector<std::string> names = {TextOf(row)};
  if (l_.column.text.empty() && !l_.dimension) {
    names.insert(names.end(), row.aliases.begin(), row.aliases.end());
  }
  return names;
}

std::vector<const Area*> Resolver::OptionsByName(const BodyRow& row) const {
  const Entities entities = EntitiesOf(l_.label, row.level);
  std::vector<const Area*> own;
  std::vector<const Area*> also;
  for (const std::string& name : NamesOf(row)) {
    const std::string key = NameKey(name);
    for (const Area* area : l_.geography.FindNamed(key)) {
      if (!entities.empty() && std::ranges::find(entities, area->entity) == entities.end()) continue;
      const auto last = area->keys.begin() + static_cast<std::ptrdiff_t>(area->own_keys);
      auto& options = std::find(area->keys.begin(), last, key) != last ? own : also;
      if (std::ranges::find(options, area) == options.end()) options.push_back(area);
    }
  }
  return own.empty() ? also : own;
}

std::vector<const Area*> Resolver::OptionsOf(BodyRow& row) const {
  std::vector<const Area*> options;
  if (row.origin == CodeOrigin::kNone) {
    if (spec_.from.empty()) return options;
    CleanedCode code = CleanCode(TextOf(row), spec_);
    if (spec_.system.empty() || !code.valid) return OptionsByName(row);
    row.code = std::move(code.code);
    row.origin = CodeOrigin::kCell;
  }
  if (row.origin == CodeOrigin::kCell && Translates()) {
    if (const Area* area = l_.geography.FindSnac(row.code)) options.push_back(area);
    return options;
  }
  for (const std::string_view part : PartsOf(row.code, spec_.join)) {
    for (const Area& area : l_.geography.FindAll(part)) options.push_back(&area);
  }
  return options;
}

// A slip in a code or a name would make a new area; a person looks first.
void Resolver::HoldKept(const BodyRow& row, std::string_view text) {
  if (l_.codes == recipe::Severity::kOff) return;
  const bool hold = l_.codes != recipe::Severity::kWarn;
  findings_.Add(
      hold ? FindingSeverity::kHold : FindingSeverity::kWarn, "code-unregistered", At(row),
      fmt::format("{} {} is kept, but the register knows nothing of it", base::Quoted(text), base::Quoted(row.label)));
}

// A code of the column's system becomes one of the target's.
void Resolver::Translate(BodyRow& row, const std::vector<const Area*>& options) {
  const auto known = std::ranges::find_if(options, [](const Area* area) { return IsGssCode(area->code); });
  if (known != options.end()) {
    row.code = (*known)->code;
    return;
  }
  if (spec_.unknown == Unknown::kKeep) {
    if (options.empty()) HoldKept(row, row.code);
  } else {
    findings_.Fail("code-unknown", At(row),
                   fmt::format("{} {} has no code of {}{}", row.code, base::Quoted(row.label), spec_.to,
                               options.empty() ? "; the register does not know it" : ": " + ListOf(options)));
  }
  row.code = fmt::format("{}:{}", spec_.system, row.code);
}

// A name becomes the code of the one area that is valid at the vintage.
void Resolver::Find(BodyRow& row, const std::vector<const Area*>& options, std::optional<base::Date> vintage) {
  std::vector<const Area*> valid;
  std::ranges::copy_if(options, std::back_inserter(valid),
                       [&](const Area* area) { return vintage && area->IsValid(*vintage) && IsGssCode(area->code); });
  const std::string text = TextOf(row);
  if (valid.size() == 1) {
    row.code = valid.front()->code;
    return;
  }
  row.code = "name:" + AreaSlug(text);
  if (valid.size() > 1) {
    findings_.Fail("code-ambiguous", At(row),
                   fmt::format("{} may be {}; [codes] of the recipe can settle it", base::Quoted(text), ListOf(valid)));
  } else if (spec_.unknown == Unknown::kKeep) {
    if (options.empty()) HoldKept(row, text);
  } else {
    const Entities entities = EntitiesOf(l_.label, row.level);
    const std::string among = entities.empty() ? "" : " among " + base::Join({entities.begin(), entities.end()}, ", ");
    const std::string hint = options.empty() ? "" : "; of that name are " + ListOf(options);
    findings_.Fail("code-missing", At(row),
                   fmt::format("no area of the register is called {}{}{}{}", base::Quoted(text),
                               vintage ? " at " + base::ToText(*vintage) : std::string(), among, hint));
  }
}

std::optional<base::Date> Resolver::Run() {
  AreaOptions options;
  options.reserve(rows_.size());
  for (BodyRow& row : rows_) options.push_back(OptionsOf(row));
  std::optional<base::Date> vintage = base::ParseDate(spec_.vintage);
  if (!vintage) vintage = FitVintage(l_.geography, options, l_.year);
  for (std::size_t i = 0; i < rows_.size(); ++i) {
    if (rows_[i].origin == CodeOrigin::kCell && Translates()) {
      Translate(rows_[i], options[i]);
    } else if (rows_[i].origin == CodeOrigin::kNone && !spec_.from.empty()) {
      Find(rows_[i], options[i], vintage);
    }
  }
  return vintage;
}

}  // namespace

std::optional<base::Date> FitVintage(const Register& geography, const AreaOptions& options, int year) {
  using std::chrono::January;
  const base::Date first = std::chrono::year(year) / January / 1;
  const base::Date end = std::chrono::year(year + 3) / January / 1;
  std::optional<base::Date> best;
  std::ptrdiff_t most = 0;
  const auto& states = geography.states();
  // The state in force on the first day of the data year is the first candidate.
  auto state = std::ranges::upper_bound(states, first);
  if (state != states.begin()) --state;
  for (; state != states.end() && *state < end; ++state) {
    std::ptrdiff_t valid = 0;
    for (const auto& areas : options) {
      valid +=
          std::ranges::any_of(areas, [&](const Area* area) { return area->IsValid(*state) && IsGssCode(area->code); });
    }
    if (valid <= most) continue;
    most = valid;
    best = *state;
  }
  return best;
}

base::Result<std::optional<base::Date>> ResolveCodes(const CodeLookup& lookup, Findings& findings,
                                                     std::vector<BodyRow>& rows) {
  const ColumnSpec& spec = *lookup.column.spec;
  const bool looks_up = !spec.from.empty() || !spec.to.empty();
  if (lookup.geography.empty() && looks_up) {
    return BindingError("register-missing", lookup.place, "columns.{} needs the register of areas to find {}",
                        spec.name, spec.from.empty() ? spec.system + " codes" : "names");
  }
  if (lookup.geography.empty() || TargetSystem(spec) != "gss") return std::optional<base::Date>();
  return Resolver(lookup, findings, rows).Run();
}

}  // namespace tidemill::transform
