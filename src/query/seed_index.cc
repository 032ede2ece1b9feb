// SPDX-License-Identifier: Apache-2.0
#include "tidemill/query/seed_index.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <cmath>
#include <tuple>
#include <utility>

#include <fmt/format.h>

#include "tidemill/base/date.h"
#include "tidemill/base/text.h"

namespace tidemill::query {
namespace {

bool InOrder(const SeedIndex::Row& a, const SeedIndex::Row& b) {
  return std::tie(a.code, a.year, a.point.day) < std::tie(b.code, b.year, b.point.day);
}

void AppendHead(std::string& out, std::int64_t year, std::string_view code) {
  out += "{\"year\":";
  out += std::to_string(year);
  out += ",\"geo_code\":";
  base::AppendJsonString(out, code);
  out += ",\"data\":{";
}

void AppendPoint(std::string& out, const SeedPoint& point) {
  out += '"';
  out += base::ToText(base::Date(std::chrono::days(point.day)));
  out += "\":";
  if (std::isfinite(point.value)) {
    AppendPythonRepr(out, static_cast<double>(point.value));
  } else {
    out += "null";
  }
}

}  // namespace

SeedIndex::SeedIndex(std::vector<std::string> codes, std::vector<Row> rows) : codes_(std::move(codes)) {
  if (!std::is_sorted(rows.begin(), rows.end(), InOrder)) std::stable_sort(rows.begin(), rows.end(), InOrder);
  points_.reserve(rows.size());
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const Row& row = rows[i];
    const std::string_view code = codes_[static_cast<std::size_t>(row.code)];
    if (pairs_.empty() || pairs_.back().code != code || pairs_.back().year != row.year) {
      pairs_.push_back({.year = row.year, .code = code, .begin = points_.size(), .end = points_.size()});
    }
    newest_year_ = pairs_.size() == 1 ? row.year : std::max(newest_year_, row.year);
    Pair& pair = pairs_.back();
    if (pair.end > pair.begin && points_.back().day == row.point.day) {
      points_.back() = row.point;
    } else {
      points_.push_back(row.point);
      ++pair.end;
    }
  }
}

void SeedIndex::AppendBody(std::string& out, const Pair& pair) const {
  AppendHead(out, pair.year, pair.code);
  for (std::size_t i = pair.begin; i < pair.end; ++i) {
    if (i > pair.begin) out += ',';
    AppendPoint(out, points_[i]);
  }
  out += "}}";
}

void SeedIndex::AppendBody(std::string& out, std::int64_t year, std::string_view code) const {
  const auto found =
      std::lower_bound(pairs_.begin(), pairs_.end(), std::pair(code, year),
                       [](const Pair& pair, const auto& wanted) { return std::pair(pair.code, pair.year) < wanted; });
  if (found != pairs_.end() && found->code == code && found->year == year) return AppendBody(out, *found);
  AppendHead(out, year, code);
  out += "}}";
}

void AppendPythonRepr(std::string& out, double value) {
  std::array<char, 32> buffer{};
  const auto end =
      std::to_chars(buffer.data(), buffer.data() + buffer.size(), value, std::chars_format::scientific).ptr;
  std::string_view text(buffer.data(), static_cast<std::size_t>(end - buffer.data()));  // -1.25e+02
  if (text.front() == '-') out += '-';
  if (text.front() == '-') text.remove_prefix(1);
  const std::size_t e = text.find('e');
  std::string digits(text.substr(0, 1));
  if (e > 2) digits += text.substr(2, e - 2);
  const std::string_view sign_and_power = text.substr(e + 1);
  int power = 0;
  std::from_chars(sign_and_power.data() + 1, end, power);
  if (sign_and_power.front() == '-') power = -power;
  if (power < -4 || power >= 16) {
    out += digits.substr(0, 1);
    if (digits.size() > 1) out += "." + digits.substr(1);
    out += fmt::format("e{}{:02}", power < 0 ? '-' : '+', std::abs(power));
    return;
  }
  if (power < 0) {
    out += "0." + std::string(static_cast<std::size_t>(-power - 1), '0') + digits;
    return;
  }
  const auto whole = static_cast<std::size_t>(power) + 1;
  if (digits.size() < whole) digits.append(whole - digits.size(), '0');
  out += digits.substr(0, whole) + "." + (digits.size() > whole ? digits.substr(whole) : "0");
}

}  // namespace tidemill::query
