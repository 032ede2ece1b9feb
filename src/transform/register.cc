// SPDX-License-Identifier: Apache-2.0
#include "tidemill/transform/register.h"

#include <algorithm>
#include <array>
#include <unordered_map>

#include "tidemill/base/sha256.h"
#include "tidemill/base/text.h"

namespace tidemill::transform {
namespace {

using base::ErrorCode;

enum Field { kCode, kName, kParent, kFrom, kTo, kWelsh, kAlso, kEntity, kSuccessors, kSnac, kFieldCount };
constexpr std::size_t kRequired = 5;
constexpr std::array<std::string_view, kFieldCount> kNames = {"code",    "name", "parent", "from",       "to",
                                                              "name_cy", "also", "entity", "successors", "snac"};

// The fields of one line of RFC 4180 CSV; a quoted field may hold commas and doubled quotes, never a line break.
bool SplitCsvLine(std::string_view line, std::vector<std::string>& fields) {
  fields.assign(1, {});
  bool quoted = false;
  for (std::size_t i = 0; i < line.size(); ++i) {
    const char c = line[i];
    if (quoted && c == '"' && i + 1 < line.size() && line[i + 1] == '"') {
      fields.back() += '"';
      ++i;
    } else if (c == '"') {
      if (!quoted && !fields.back().empty()) return false;
      quoted = !quoted;
    } else if (c == ',' && !quoted) {
      fields.emplace_back();
    } else {
      fields.back() += c;
    }
  }
  return !quoted;
}

std::string PlaceOf(std::size_t line) {
  return fmt::format("register, line {}", line);
}

using Fields = std::array<std::string, kFieldCount>;

// Which field each column of the text is.
base::Result<std::vector<Field>> ReadHeader(std::string_view header) {
  std::vector<std::string> names;
  std::vector<Field> layout;
  bool good = SplitCsvLine(header, names);
  for (const std::string& name : names) {
    const auto* const known = std::ranges::find(kNames, name);
    good = good && known != kNames.end();
    if (good) layout.push_back(static_cast<Field>(known - kNames.begin()));
  }
  for (std::size_t i = 0; i < kRequired; ++i) good = good && std::ranges::count(layout, static_cast<Field>(i)) == 1;
  if (good) return layout;
  return base::FailAt(ErrorCode::kInvalid, PlaceOf(1), "{} is not the header code,name,parent,from,to",
                      base::Quoted(header));
}

base::Result<Fields> ReadFields(std::string_view line, const std::vector<Field>& layout, std::size_t number) {
  std::vector<std::string> texts;
  if (!SplitCsvLine(line, texts) || texts.size() != layout.size()) {
    return base::FailAt(ErrorCode::kInvalid, PlaceOf(number), "{} is not a line of {} fields", base::Quoted(line),
                        layout.size());
  }
  Fields fields;
  for (std::size_t i = 0; i < texts.size(); ++i) fields[layout[i]] = std::move(texts[i]);
  return fields;
}

std::size_t AddKeys(const std::vector<std::string_view>& names, std::vector<std::string>& keys) {
  for (const std::string_view name : names) {
    std::string key = NameKey(name);
    if (!key.empty() && std::ranges::find(keys, key) == keys.end()) keys.push_back(std::move(key));
  }
  return keys.size();
}

base::Result<Area> ParseArea(Fields fields, std::size_t line) {
  Area area;
  area.code = std::move(fields[kCode]);
  area.name = fields[kName];
  area.entity = std::move(fields[kEntity]);
  area.parent = std::move(fields[kParent]);
  const bool former = area.code.find(':') != std::string::npos;
  if (!former && !IsGssCode(area.code)) {
    return base::FailAt(ErrorCode::kInvalid, PlaceOf(line), "{} is not a GSS code", base::Quoted(area.code));
  }
  const auto from = base::ParseDate(fields[kFrom]);
  if (!from) {
    return base::FailAt(ErrorCode::kInvalid, PlaceOf(line), "{} is not a date like 2019-04-01",
                        base::Quoted(fields[kFrom]));
  }
  area.from = *from;
  if (!fields[kTo].empty()) {
    area.to = base::ParseDate(fields[kTo]);
    if (!area.to || *area.to <= area.from) {
      return base::FailAt(ErrorCode::kInvalid, PlaceOf(line), "{} is not a date after {}", base::Quoted(fields[kTo]),
                          fields[kFrom]);
    }
  }
  if (area.entity.empty()) area.entity = area.code.substr(0, 3);
  area.successors = std::move(fields[kSuccessors]);
  area.snac = std::move(fields[kSnac]);
  area.own_keys = AddKeys({fields[kName], fields[kWelsh]}, area.keys);
  AddKeys(base::Split(fields[kAlso], '|'), area.keys);
  return area;
}

}  // namespace

struct Register::Contents {
  std::vector<Area> areas;  // by code, then from
  std::vector<base::Date> states;
  std::unordered_map<std::string_view, std::span<const Area>> by_code;
  std::unordered_map<std::string_view, const Area*> by_snac;
  std::unordered_map<std::string_view, std::vector<const Area*>> by_name;

  void Index() {
    const auto before = [](const Area& a, const Area& b) {
      return a.code != b.code ? a.code < b.code : a.from < b.from;
    };
    if (!std::ranges::is_sorted(areas, before)) std::ranges::stable_sort(areas, before);
    for (std::size_t first = 0, end = 0; first < areas.size(); first = end) {
      while (end < areas.size() && areas[end].code == areas[first].code) ++end;
      by_code.emplace(areas[first].code, std::span(areas).subspan(first, end - first));
    }
    for (const Area& area : areas) {
      if (!area.snac.empty()) by_snac.emplace(area.snac, &area);
      for (const std::string& key : area.keys) by_name[key].push_back(&area);
      states.push_back(area.from);
      if (area.to) states.push_back(*area.to);
    }
    std::ranges::sort(states);
    states.erase(std::ranges::unique(states).begin(), states.end());
  }
};

base::Result<Register> Register::Parse(std::string_view csv) {
  Register result;
  result.hash_ = base::Sha256Hex(csv);
  if (csv.starts_with("\xEF\xBB\xBF")) csv.remove_prefix(3);
  if (csv.empty()) return result;
  auto contents = std::make_shared<Contents>();
  std::vector<Field> layout;
  for (std::size_t number = 1; !csv.empty(); ++number) {
    const std::size_t end = std::min(csv.find('\n'), csv.size());
    std::string_view line = csv.substr(0, end);
    csv.remove_prefix(std::min(end + 1, csv.size()));
    if (line.ends_with('\r')) line.remove_suffix(1);
    if (number == 1) {
      TIDEMILL_ASSIGN(layout, ReadHeader(line));
    } else if (!line.empty()) {
      TIDEMILL_ASSIGN(Fields fields, ReadFields(line, layout, number));
      TIDEMILL_ASSIGN(Area area, ParseArea(std::move(fields), number));
      contents->areas.push_back(std::move(area));
    }
  }
  contents->Index();
  if (!contents->areas.empty()) result.contents_ = std::move(contents);
  return result;
}

const Area* Register::Find(std::string_view code, base::Date on) const {
  const auto states = FindAll(code);
  const auto at = std::ranges::find_if(states, [&](const Area& area) { return area.IsValid(on); });
  return at == states.end() ? nullptr : &*at;
}

std::span<const Area> Register::FindAll(std::string_view code) const {
  if (empty()) return {};
  const auto at = contents_->by_code.find(code);
  return at == contents_->by_code.end() ? std::span<const Area>() : at->second;
}

const Area* Register::FindSnac(std::string_view snac) const {
  if (empty()) return nullptr;
  const auto at = contents_->by_snac.find(snac);
  return at == contents_->by_snac.end() ? nullptr : at->second;
}

std::span<const Area* const> Register::FindNamed(std::string_view key) const {
  if (empty()) return {};
  const auto at = contents_->by_name.find(key);
  return at == contents_->by_name.end() ? std::span<const Area* const>() : at->second;
}

const std::vector<base::Date>& Register::states() const {
  static const std::vector<base::Date> kNone;
  return empty() ? kNone : contents_->states;
}

}  // namespace tidemill::transform
