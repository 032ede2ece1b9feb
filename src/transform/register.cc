// SPDX-License-Identifier: Apache-2.0
#include "tidemill/transform/register.h"

#include <algorithm>

#include "tidemill/base/sha256.h"
#include "tidemill/base/text.h"

namespace tidemill::transform {
namespace {

using base::ErrorCode;

constexpr std::string_view kHeader = "code,name,parent,from,to";
constexpr std::size_t kFields = 5;

// The fields of one line of RFC 4180 CSV; a quoted field may hold commas and doubled quotes, never a line break.
std::optional<std::vector<std::string>> SplitCsvLine(std::string_view line) {
  std::vector<std::string> fields(1);
  bool quoted = false;
  for (std::size_t i = 0; i < line.size(); ++i) {
    const char c = line[i];
    if (quoted && c == '"' && i + 1 < line.size() && line[i + 1] == '"') {
      fields.back() += '"';
      ++i;
    } else if (c == '"') {
      if (!quoted && !fields.back().empty()) return std::nullopt;
      quoted = !quoted;
    } else if (c == ',' && !quoted) {
      fields.emplace_back();
    } else {
      fields.back() += c;
    }
  }
  if (quoted) return std::nullopt;
  return fields;
}

base::Result<Area> ParseArea(std::string_view line, std::size_t number) {
  const std::string place = fmt::format("register, line {}", number);
  const auto fields = SplitCsvLine(line);
  if (!fields || fields->size() != kFields) {
    return base::FailAt(ErrorCode::kInvalid, place, "{} is not a line of the fields {}", base::Quoted(line), kHeader);
  }
  Area area{.code = (*fields)[0], .name = (*fields)[1], .parent = (*fields)[2], .from = {}, .to = {}};
  if (!IsGssCode(area.code)) {
    return base::FailAt(ErrorCode::kInvalid, place, "{} is not a GSS code", base::Quoted(area.code));
  }
  const auto from = base::ParseDate((*fields)[3]);
  if (!from) {
    return base::FailAt(ErrorCode::kInvalid, place, "{} is not a date like 2019-04-01", base::Quoted((*fields)[3]));
  }
  area.from = *from;
  if (!(*fields)[4].empty()) {
    area.to = base::ParseDate((*fields)[4]);
    if (!area.to || *area.to <= area.from) {
      return base::FailAt(ErrorCode::kInvalid, place, "{} is not a date after {}", base::Quoted((*fields)[4]),
                          (*fields)[3]);
    }
  }
  return area;
}

}  // namespace

base::Result<Register> Register::Parse(std::string_view csv) {
  Register result;
  result.hash_ = base::Sha256Hex(csv);
  if (csv.starts_with("\xEF\xBB\xBF")) csv.remove_prefix(3);
  std::size_t number = 0;
  while (!csv.empty()) {
    const std::size_t end = std::min(csv.find('\n'), csv.size());
    std::string_view line = csv.substr(0, end);
    csv.remove_prefix(std::min(end + 1, csv.size()));
    ++number;
    if (line.ends_with('\r')) line.remove_suffix(1);
    if (number == 1) {
      if (line != kHeader) {
        return base::FailAt(ErrorCode::kInvalid, "register, line 1", "{} is not the header {}", base::Quoted(line),
                            kHeader);
      }
      continue;
    }
    if (line.empty()) continue;
    TIDEMILL_ASSIGN(Area area, ParseArea(line, number));
    result.states_.push_back(area.from);
    if (area.to) result.states_.push_back(*area.to);
    result.areas_.push_back(std::move(area));
  }
  std::ranges::stable_sort(
      result.areas_, [](const Area& a, const Area& b) { return a.code != b.code ? a.code < b.code : a.from < b.from; });
  std::ranges::sort(result.states_);
  result.states_.erase(std::ranges::unique(result.states_).begin(), result.states_.end());
  return result;
}

const Area* Register::Find(std::string_view code, base::Date on) const {
  auto at = std::ranges::lower_bound(areas_, code, {}, &Area::code);
  for (; at != areas_.end() && at->code == code; ++at) {
    if (at->from <= on && (!at->to || on < *at->to)) return &*at;
  }
  return nullptr;
}

const Area* Register::FindAny(std::string_view code) const {
  const auto at = std::ranges::lower_bound(areas_, code, {}, &Area::code);
  return at != areas_.end() && at->code == code ? &*at : nullptr;
}

}  // namespace tidemill::transform
