// SPDX-License-Identifier: Apache-2.0
#include "value.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

#include "tidemill/base/ascii.h"
#include "tidemill/base/text.h"

namespace tidemill::transform {
namespace {

// The harmonised shorthand (recipes.md 8): what stands in the brackets, and our status.
constexpr auto kGss = std::to_array<std::pair<std::string_view, std::string_view>>({
    {"a", "a"},
    {"b", "b"},
    {"c", "c"},
    {"e", "e"},
    {"f", "f"},
    {"k", "k"},
    {"low", "k"},
    {"ns", "ns"},
    {"p", "p"},
    {"r", "r"},
    {"s", "s"},
    {"ss", "ss"},
    {"sss", "sss"},
    {"t", "t"},
    {"u", "u"},
    {"w", "w"},
    {"x", "x"},
    {"z", "z"},
});

struct Separators {
  char thousands = ',';  // 0: none
  char decimal = '.';
};

Separators SeparatorsOf(const recipe::ColumnSpec& column) {
  Separators result;
  if (!column.decimal.empty()) result.decimal = column.decimal.front();
  if (!column.thousands.empty()) result.thousands = column.thousands.front();
  if (result.thousands == result.decimal) {
    if (column.decimal.empty()) {
      result.decimal = 0;
    } else {
      result.thousands = 0;
    }
  }
  return result;
}

// The digits of a whole number whose thousands groups, where there are any, are exact; nothing where they are not.
std::optional<std::string> TakeWhole(std::string_view& text, char thousands) {
  std::string digits;
  std::size_t group = 0;
  bool grouped = false;
  std::size_t i = 0;
  for (; i < text.size(); ++i) {
    if (base::IsDigit(text[i])) {
      digits += text[i];
      ++group;
    } else if (thousands != 0 && text[i] == thousands && i + 1 < text.size() && base::IsDigit(text[i + 1])) {
      if (grouped ? group != 3 : group == 0 || group > 3) return std::nullopt;
      grouped = true;
      group = 0;
    } else {
      break;
    }
  }
  if (digits.empty() || (grouped && group != 3)) return std::nullopt;
  text.remove_prefix(i);
  return digits;
}

// The number at the beginning of the text, which goes on behind it; its digits go to `plain`.
std::optional<double> TakeNumber(std::string_view& text, const Separators& separators, std::string& plain) {
  std::string_view rest = text;
  plain.clear();
  if (rest.starts_with('-') || rest.starts_with("\u2212")) {
    plain = "-";
    rest.remove_prefix(rest.starts_with('-') ? 1 : 3);
  }
  const auto whole = TakeWhole(rest, separators.thousands);
  if (!whole) return std::nullopt;
  plain += *whole;
  if (separators.decimal != 0 && rest.size() > 1 && rest.front() == separators.decimal && base::IsDigit(rest[1])) {
    plain += '.';
    rest.remove_prefix(1);
    while (!rest.empty() && base::IsDigit(rest.front())) {
      plain += rest.front();
      rest.remove_prefix(1);
    }
  }
  const auto number = base::ParseDouble(plain);
  if (number) text = rest;
  return number;
}

}  // namespace

MarkerSet::MarkerSet(const recipe::MarkerSpec& spec) : own_(spec.own), gss_(spec.base == "gss") {}

const recipe::Marker* MarkerSet::FindOwn(std::string_view text) const {
  const auto at = std::ranges::find(own_, text, &recipe::Marker::text);
  return at == own_.end() ? nullptr : &*at;
}

bool MarkerSet::AddWord(std::string_view word, bool bracketed, std::vector<std::string>& statuses) const {
  const std::string as_written = bracketed ? "[" + std::string(word) + "]" : std::string(word);
  if (const recipe::Marker* own = FindOwn(as_written); own != nullptr && !own->status.empty()) {
    statuses.push_back(own->status);
    return true;
  }
  const auto* const known = std::ranges::find(kGss, word, &std::pair<std::string_view, std::string_view>::first);
  if (!gss_ || known == kGss.end()) return false;
  statuses.emplace_back(known->second);
  return true;
}

std::vector<std::string> MarkerSet::ReadAll(std::string_view text) const {
  std::vector<std::string> statuses;
  text = base::Trim(text);
  if (text.empty()) return {};
  while (!text.empty()) {
    if (text.front() != '[') return AddWord(text, false, statuses) ? statuses : std::vector<std::string>();
    const std::size_t end = text.find(']');
    if (end == std::string_view::npos) return {};
    for (const std::string_view word : base::Split(text.substr(1, end - 1), ',')) {
      if (!AddWord(base::Trim(word), true, statuses)) return {};
    }
    text = base::Trim(text.substr(end + 1));
  }
  return statuses;
}

TextValue ReadValueText(std::string_view text, std::string_view clean, const recipe::ColumnSpec& column,
                        const MarkerSet& markers) {
  TextValue result;
  const std::string whole = recipe::Normalise(text);
  if (const recipe::Marker* own = markers.FindOwn(whole)) {
    result.kind = TextValue::Kind::kMarker;
    result.marker = whole;
    result.number = own->value;
    if (!own->status.empty()) result.statuses.push_back(own->status);
    return result;
  }
  std::string_view rest = base::Trim(clean);
  if (const auto number = TakeNumber(rest, SeparatorsOf(column), result.digits)) {
    result.marker = recipe::Normalise(rest);
    result.statuses = markers.ReadAll(result.marker);
    if (!result.marker.empty() && result.statuses.empty()) return result;
    result.kind = TextValue::Kind::kNumber;
    result.number = number;
    return result;
  }
  if (rest.size() > 2 && rest.front() == '[' && rest.back() == ']' && !column.bracketed.empty()) {
    std::string_view inside = rest.substr(1, rest.size() - 2);
    const auto number = TakeNumber(inside, SeparatorsOf(column), result.digits);
    if (number && inside.empty()) {
      result.kind = TextValue::Kind::kNumber;
      result.number = number;
      result.statuses.push_back(column.bracketed);
      return result;
    }
  }
  result.marker = recipe::Normalise(rest);
  result.statuses = markers.ReadAll(result.marker);
  if (!result.statuses.empty()) result.kind = TextValue::Kind::kMarker;
  return result;
}

std::optional<std::int64_t> WholeOf(double number, int precision, int scale) {
  constexpr double kNoise = 1e-14;
  constexpr double kLargest = 9223372036854775808.0;  // 2^63
  const double scaled = number * std::pow(10.0, scale);
  const double nearest = std::round(scaled);
  const double noise = precision == 0 ? 0 : std::abs(scaled) * kNoise;
  if (!(std::abs(scaled - nearest) <= noise)) return std::nullopt;
  if (nearest < -kLargest || nearest >= kLargest) return std::nullopt;
  if (precision != 0 && std::abs(nearest) >= std::pow(10.0, precision)) return std::nullopt;
  return static_cast<std::int64_t>(nearest);
}

std::optional<std::int64_t> WholeOf(std::string_view digits, int precision, int scale) {
  const std::size_t point = digits.find('.');
  std::string whole(digits.substr(0, point));
  std::string_view fraction = point == std::string_view::npos ? std::string_view() : digits.substr(point + 1);
  while (fraction.ends_with('0')) fraction.remove_suffix(1);
  const auto places = static_cast<std::size_t>(scale);
  if (fraction.size() > places) return std::nullopt;
  whole += fraction;
  whole.append(places - fraction.size(), '0');
  const auto number = base::ParseInt(whole);
  if (!number) return std::nullopt;
  const double limit = precision == 0 ? 1e19 : std::pow(10.0, precision);
  return std::abs(static_cast<double>(*number)) < limit ? number : std::nullopt;
}

std::string JoinStatuses(std::vector<std::string> letters) {
  std::ranges::sort(letters);
  letters.erase(std::ranges::unique(letters).begin(), letters.end());
  return base::Join(letters, ",");
}

}  // namespace tidemill::transform
