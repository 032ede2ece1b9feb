// SPDX-License-Identifier: Apache-2.0
#include "tidemill/http/negotiate.h"

#include <algorithm>
#include <array>
#include <cstddef>

#include "field_text.h"

namespace tidemill::http {
namespace {

// An item of a list with its weight in thousandths.
struct Weighted {
  std::string_view name;
  int weight = 1000;
};

// "0", "0.5", "1.000"; anything else counts as 1: the client wants it, however badly it says so.
int WeightOf(std::string_view text) {
  if (text.empty() || (text[0] != '0' && text[0] != '1') || text.size() > 5) return 1000;
  if (text[0] == '1' || (text.size() > 1 && text[1] != '.')) return 1000;
  int weight = 0;
  for (std::size_t place = 2; place < 5; ++place) {
    const char c = place < text.size() ? text[place] : '0';
    if (c < '0' || c > '9') return 1000;
    weight = weight * 10 + (c - '0');
  }
  return weight;
}

std::string_view TakeUpTo(std::string_view& text, char mark) {
  const std::size_t at = std::min(text.find(mark), text.size());
  const std::string_view part = TrimBlanks(text.substr(0, at));
  text.remove_prefix(std::min(at + 1, text.size()));
  return part;
}

Weighted ReadItem(std::string_view item) {
  Weighted result{.name = TakeUpTo(item, ';')};
  while (!item.empty()) {
    std::string_view parameter = TakeUpTo(item, ';');
    const std::string_view name = TakeUpTo(parameter, '=');
    if (EqualNoCase(name, "q")) result.weight = WeightOf(TrimBlanks(parameter));
  }
  return result;
}

template <class Use>
void ForEachItem(std::string_view list, Use&& use) {
  while (!list.empty()) {
    const std::string_view item = TakeUpTo(list, ',');
    if (!item.empty()) use(ReadItem(item));
  }
}

// How closely a range of Accept names a type: 3 "text/csv", 2 "text/*", 1 "*/*", 0 not.
int Closeness(std::string_view range, std::string_view type) {
  if (EqualNoCase(range, type)) return 3;
  if (range == "*/*" || range == "*") return 1;
  const bool any_subtype = range.ends_with("/*");
  return any_subtype && StartsWithNoCase(type, range.substr(0, range.size() - 1)) ? 2 : 0;
}

struct Fit {
  int closeness = 0, weight = 0;
};
Fit FitOf(std::string_view accept, std::string_view type) {
  Fit fit;
  ForEachItem(accept, [&](const Weighted& item) {
    const int closeness = Closeness(item.name, type);
    if (closeness > fit.closeness) fit = {closeness, item.weight};
  });
  return fit;
}

}  // namespace

std::string_view NameOf(Coding coding) {
  constexpr std::array<std::string_view, 3> kNames = {"identity", "gzip", "zstd"};
  return kNames[static_cast<std::size_t>(coding)];
}

std::optional<CodingChoice> ChooseCoding(std::string_view accept_encoding) {
  std::array<int, 3> weights = {-1, -1, -1};  // by Coding; -1: not named
  int others = -1;
  ForEachItem(accept_encoding, [&](const Weighted& item) {
    if (item.name == "*") others = item.weight;
    for (std::size_t i = 0; i < weights.size(); ++i) {
      const auto coding = static_cast<Coding>(i);
      const bool named =
          EqualNoCase(item.name, NameOf(coding)) || (coding == Coding::kGzip && EqualNoCase(item.name, "x-gzip"));
      if (named) weights[i] = std::max(weights[i], item.weight);
    }
  });
  // Identity is taken unless it is refused; a coding only where it is asked for, by name or by "*".
  CodingChoice choice{.identity_allowed = weights[0] >= 0 ? weights[0] > 0 : others != 0};
  int best = std::max(weights[0], 0);
  for (const Coding coding : {Coding::kZstd, Coding::kGzip}) {
    const int named = weights[static_cast<std::size_t>(coding)];
    const int weight = named >= 0 ? named : coding == Coding::kGzip ? others : 0;
    const bool better = choice.coding == Coding::kIdentity ? weight >= best : weight > best;
    if (weight <= 0 || !better) continue;
    choice.coding = coding;
    best = weight;
  }
  if (choice.coding == Coding::kIdentity && !choice.identity_allowed) return std::nullopt;
  return choice;
}

std::optional<std::size_t> ChooseMediaType(std::string_view accept, std::span<const std::string_view> available) {
  if (TrimBlanks(accept).empty()) return 0;
  std::optional<std::size_t> best;
  Fit best_fit;
  for (std::size_t i = 0; i < available.size(); ++i) {
    const Fit fit = FitOf(accept, available[i]);
    if (fit.closeness == 0 || fit.weight <= 0) continue;
    const bool as_good = best && fit.weight == best_fit.weight;
    if (as_good ? fit.closeness <= best_fit.closeness : best && fit.weight < best_fit.weight) continue;
    best = i;
    best_fit = fit;
  }
  return best;
}

}  // namespace tidemill::http
