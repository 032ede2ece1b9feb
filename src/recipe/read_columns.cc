// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "tidemill/base/date.h"
#include "tidemill/base/text.h"

#include "normalise.h"
#include "read_sections.h"

namespace tidemill::recipe {
namespace {

constexpr int kMostDigits = 18;  // of a decimal: what 64 bits hold

constexpr std::array<std::string_view, 10> kRoles = {"code",  "label",  "dimension", "axis",  "group",
                                                     "value", "status", "note",      "total", "ignore"};
// Words of the data API's queries, and columns that every table has.
constexpr std::string_view kReserved[] = {
    "select",  "sort",  "limit",   "cursor",  "group",    "agg",     "partial",  "mixed",     "last",
    "labels",  "shape", "format",  "vintage", "vintages", "as_of",   "as_of_by", "transform", "geo_basis",
    "against", "q",     "measure", "api_key", "src",      "src_row", "src_col",  "edition",   "geo_vintage"};

struct OwnKey {
  std::string_view key;
  std::string_view roles;  // the roles that have it, by blanks
};
constexpr std::array<OwnKey, 26> kOwnKeys = {{{"system", "code"},
                                              {"split", "code label dimension"},
                                              {"join", "code"},
                                              {"pad", "code"},
                                              {"to", "code"},
                                              {"unknown", "code"},
                                              {"vintage", "code"},
                                              {"levels", "label"},
                                              {"take", "code label dimension"},
                                              {"fill", "dimension axis"},
                                              {"map", "dimension axis group"},
                                              {"axis", "dimension axis"},
                                              {"parse", "dimension axis"},
                                              {"must", "dimension axis"},
                                              {"year", "dimension axis"},
                                              {"row", "axis"},
                                              {"empty", "axis"},
                                              {"match", "group"},
                                              {"own_values", "group"},
                                              {"unit", "value"},
                                              {"multiplier", "value"},
                                              {"additive", "value"},
                                              {"thousands", "value"},
                                              {"decimal", "value"},
                                              {"blank", "value"},
                                              {"bracketed", "value"}}};

bool HasWord(std::string_view words, std::string_view word) {
  const auto parts = base::Split(words, ' ');
  return std::find(parts.begin(), parts.end(), word) != parts.end();
}

void CheckName(const Entry& entry, Faults& faults) {
  if (!IsColumnName(entry.key)) {
    faults.Add("reserved-name", entry.place,
               fmt::format("column {} must be named [a-z][a-z0-9_]* without '__'", base::Quoted(entry.key)));
  } else if (!MayNameColumn(entry.key)) {
    faults.Add("reserved-name", entry.place, fmt::format("column '{}' has a name that is reserved", entry.key));
  }
}

void CheckOwnKeys(Section& section, std::string_view role) {
  for (const OwnKey& own : kOwnKeys) {
    if (section.Find(own.key) == nullptr || HasWord(own.roles, role)) continue;
    std::vector<std::string_view> roles = base::Split(own.roles, ' ');
    section.Fault("role-conflict", own.key,
                  fmt::format("'{}' is a key of role {}, not of '{}'", section.PathOf(own.key), Listed(roles), role));
  }
}

// False for what is no decimal type.
bool ReadDecimal(std::string_view text, Section& section, ColumnSpec& column) {
  if (!text.starts_with("decimal(") || !text.ends_with(')')) return false;
  const auto parts = base::Split(text.substr(8, text.size() - 9), ',');
  if (parts.size() != 2) return false;
  const auto precision = base::ParseInt(base::Trim(parts[0]));
  const auto scale = base::ParseInt(base::Trim(parts[1]));
  if (!precision || !scale || *precision < 1 || *scale < 0 || *scale > *precision) return false;
  if (*precision > kMostDigits) {
    section.Fault(
        "bad-range", "type",
        fmt::format("'{}' has {} digits, at most {} are kept", section.PathOf("type"), *precision, kMostDigits));
    return true;
  }
  column.type = ValueType::kDecimal;
  column.precision = static_cast<int>(*precision);
  column.scale = static_cast<int>(*scale);
  return true;
}

void ReadType(Section& section, ColumnSpec& column) {
  if (column.role == Role::kValue) section.Require("type");
  std::string text;
  if (!section.Text("type", text) || ReadDecimal(text, section, column)) return;
  constexpr std::array kTypes = {std::pair<std::string_view, ValueType>{"text", ValueType::kText},
                                 std::pair<std::string_view, ValueType>{"int32", ValueType::kInt32},
                                 std::pair<std::string_view, ValueType>{"int64", ValueType::kInt64},
                                 std::pair<std::string_view, ValueType>{"float64", ValueType::kFloat64}};
  for (const auto& [name, type] : kTypes) {
    if (text != name || (type == ValueType::kText && column.role == Role::kValue)) continue;
    column.type = type;
    return;
  }
  section.BadChoice("type", text, {"int32", "int64", "float64", "decimal(p,s)"});
}

// A short text such as a separator or a code system.
void ReadFilled(Section& section, std::string_view key, std::string& out) {
  if (section.Text(key, out) && out.empty()) {
    section.Fault("bad-value", key, fmt::format("'{}' is empty", section.PathOf(key)));
  }
}

void ReadCodeKeys(Section& section, ColumnSpec& column) {
  section.OneOf<std::string>("system", column.system, {{"gss", "gss"}, {"ons-snac", "ons-snac"}});
  ReadFilled(section, "split", column.split);
  section.Text("join", column.join);
  section.Integer("pad", column.pad, 1, 32);
  section.OneOf<std::string>("to", column.to, {{"gss", "gss"}, {"ons-snac", "ons-snac"}});
  section.OneOf<Unknown>("unknown", column.unknown, {{"fail", Unknown::kFail}, {"keep", Unknown::kKeep}});
  const Entry* vintage = section.Find("vintage");
  if (vintage != nullptr && vintage->value.kind == Node::Kind::kDate) {
    column.vintage = vintage->value.text;
  } else if (section.Text("vintage", column.vintage) && column.vintage != "fit" && !base::ParseDate(column.vintage)) {
    section.Fault(
        "bad-value", "vintage",
        fmt::format("'{}' is {}, expected 'fit' or a date", section.PathOf("vintage"), base::Quoted(column.vintage)));
  }
}

void ReadLabelKeys(Section& section, ColumnSpec& column) {
  std::vector<std::string> levels;
  if (section.Texts("levels", levels)) {
    const Node& value = section.Find("levels")->value;
    if (value.kind == Node::Kind::kText && value.text == "code") {
      column.levels_by_code = true;
    } else {
      column.levels = ReadLevels(levels, value.place, section.faults());
    }
  }
  section.Integer("take", column.take, 1, 9);
  const bool takes = section.Find("take") != nullptr;
  const bool splits = section.Find("split") != nullptr;
  if (takes != splits && (takes || column.role != Role::kCode)) {
    section.Fault("missing-key", "take",
                  fmt::format("'{}' and '{}' go together", section.PathOf("split"), section.PathOf("take")));
  }
}

void CheckParse(Section& section, const ColumnSpec& column) {
  for (const std::string& format : column.parse) {
    for (std::size_t i = format.find('%'); i != std::string::npos; i = format.find('%', i + 2)) {
      const char letter = i + 1 < format.size() ? format[i + 1] : ' ';
      if (std::string_view("YymdeBbhjV%").find(letter) != std::string_view::npos) continue;
      section.Fault("bad-value", "parse",
                    fmt::format("'{}': {} holds '%{}', expected letters of %Y %y %m %d %e %B %b %j %V",
                                section.PathOf("parse"), base::Quoted(format), letter));
      return;
    }
    if (format.empty()) section.Fault("bad-value", "parse", fmt::format("'{}' is empty", section.PathOf("parse")));
  }
  if (!column.parse.empty() && (column.axis == AxisKind::kAgeBand || column.axis == AxisKind::kText)) {
    section.Fault("role-conflict", "parse",
                  fmt::format("'{}' has no place beside this axis, which is no date", section.PathOf("parse")));
  }
}

void ReadAxisKeys(Section& section, ColumnSpec& column) {
  if (column.role == Role::kAxis) section.Require("axis");
  AxisKind kind{};
  if (section.OneOf<AxisKind>("axis", kind,
                              {{"month", AxisKind::kMonth},
                               {"quarter", AxisKind::kQuarter},
                               {"year", AxisKind::kYear},
                               {"fiscal-year", AxisKind::kFiscalYear},
                               {"week", AxisKind::kWeek},
                               {"date", AxisKind::kDate},
                               {"age-band", AxisKind::kAgeBand},
                               {"text", AxisKind::kText}})) {
    column.axis = kind;
  }
  section.Texts("parse", column.parse);
  CheckParse(section, column);
  ReadFilled(section, "must", column.must);
  ReadFilled(section, "year", column.year);
  section.Integer("row", column.row, 1, 20);
  section.OneOf<bool>("empty", column.empty_fails, {{"unpublished", false}, {"fail", true}});
  if (column.role == Role::kAxis) {
    bool right = true;
    section.OneOf<bool>("fill", right, {{"right", true}});
  } else {
    section.OneOf<bool>("fill", column.fill_down, {{"down", true}});
  }
  Section map = section.Child("map");
  if (!map.present()) return;
  for (const Entry& entry : map.Table().entries) map.Text(entry.key, column.map[entry.key]);
}

// A separator of digits.
void ReadCharacter(Section& section, std::string_view key, std::string& out) {
  ReadFilled(section, key, out);
  if (out.size() > 1) {
    section.Fault("bad-value", key,
                  fmt::format("'{}' is {}, expected one character of ASCII such as ','; any blank is ' '",
                              section.PathOf(key), base::Quoted(out)));
  }
}

void CheckMultiplier(Section& section, const std::string& multiplier) {
  if (section.Find("multiplier") == nullptr || multiplier.empty()) return;
  const auto number = base::ParseDouble(multiplier);
  if (number && *number != 0) return;
  section.Fault("bad-value", "multiplier",
                fmt::format("'{}' is {}, expected a number other than 0", section.PathOf("multiplier"),
                            base::Quoted(multiplier)));
}

void ReadValueKeys(Section& section, ColumnSpec& column) {
  section.Text("unit", column.unit);
  const Entry* multiplier = section.Find("multiplier");
  if (multiplier != nullptr && multiplier->value.kind == Node::Kind::kInteger) {
    column.multiplier = std::to_string(multiplier->value.integer);
  } else {
    section.Text("multiplier", column.multiplier);
  }
  CheckMultiplier(section, column.multiplier);
  section.Flag("additive", column.additive);
  ReadCharacter(section, "thousands", column.thousands);
  ReadCharacter(section, "decimal", column.decimal);
  if (!column.thousands.empty() && column.thousands == column.decimal) {
    section.Fault("role-conflict", "thousands",
                  fmt::format("'{}' and '{}' are the same", section.PathOf("thousands"), section.PathOf("decimal")));
  }
  section.OneOf<Blank>("blank", column.blank,
                       {{"fail", Blank::kFail}, {"missing", Blank::kMissing}, {"zero", Blank::kZero}});
  ReadStatus(section, "bracketed", column.bracketed);
}

void ReadCommonKeys(Section& section, ColumnSpec& column) {
  section.Patterns("header", column.header, Fuzzy::kYes);
  const auto is_letter = [](char c) { return c >= 'A' && c <= 'Z'; };
  if (section.Text("column", column.column) && (column.column.empty() || column.column.size() > 3 ||
                                                !std::all_of(column.column.begin(), column.column.end(), is_letter))) {
    section.Fault(
        "bad-range", "column",
        fmt::format("'{}' is {}, expected a column like C", section.PathOf("column"), base::Quoted(column.column)));
  }
  ReadFilled(section, "from", column.from);
  if (!column.from.empty() && column.role != Role::kCode && column.role != Role::kLabel &&
      column.role != Role::kDimension) {
    section.Fault("role-conflict", "from",
                  fmt::format("'{}' is a key of role 'code', 'label' or 'dimension'", section.PathOf("from")));
  }
  section.Flag("optional", column.optional);
  section.Text("of", column.of);
  const Entry* within = section.Find("within");
  if (within != nullptr && (within->value.kind == Node::Kind::kInteger || within->value.kind == Node::Kind::kNumber)) {
    std::optional<double> number;
    if (section.Number("within", number, 0)) column.within = base::ShortestDouble(*number);
  } else if (section.Text("within", column.within) && !base::ParseDouble(column.within)) {
    section.Fault("bad-value", "within",
                  fmt::format("'{}' is {}, expected a number", section.PathOf("within"), base::Quoted(column.within)));
  }
  if (within != nullptr && column.role != Role::kTotal) {
    section.Fault("role-conflict", "within", fmt::format("'{}' is a key of role 'total'", section.PathOf("within")));
  }
  if (section.Find("of") != nullptr && column.role != Role::kStatus && column.role != Role::kNote &&
      column.role != Role::kTotal) {
    section.Fault("role-conflict", "of",
                  fmt::format("'{}' is a key of role 'status', 'note' or 'total'", section.PathOf("of")));
  }
}

// Nothing where the column is off, or its role is unknown.
std::optional<ColumnSpec> ReadColumn(const Entry& entry, Section section) {
  ColumnSpec column;
  column.name = entry.key;
  bool off = false;
  section.Flag("off", off);
  section.Require("role");
  std::string role;
  if (!section.Text("role", role)) return std::nullopt;
  const auto found = std::find(kRoles.begin(), kRoles.end(), role);
  if (found == kRoles.end()) {
    section.BadChoice("role", role, {kRoles.begin(), kRoles.end()});
    return std::nullopt;
  }
  column.role = static_cast<Role>(found - kRoles.begin());
  ReadCommonKeys(section, column);
  ReadType(section, column);
  ReadCodeKeys(section, column);
  ReadLabelKeys(section, column);
  ReadAxisKeys(section, column);
  ReadValueKeys(section, column);
  section.Patterns("match", column.match);
  if (section.Flag("own_values", column.own_values) && column.own_values && section.Find("match") == nullptr) {
    section.Fault("missing-key", "own_values",
                  fmt::format("'{}' needs 'match', which says what rows are meant", section.PathOf("own_values")));
  }
  CheckOwnKeys(section, role);
  section.Finish();
  if (off) return std::nullopt;
  return column;
}

}  // namespace

bool IsColumnName(std::string_view text) {
  const auto allowed = [](char c) { return (c >= 'a' && c <= 'z') || IsDigit(c) || c == '_'; };
  return !text.empty() && text.size() <= 63 && text.front() >= 'a' && text.front() <= 'z' &&
         std::all_of(text.begin(), text.end(), allowed) && text.find("__") == std::string_view::npos;
}

bool MayNameColumn(std::string_view name) {
  return IsColumnName(name) && std::find(std::begin(kReserved), std::end(kReserved), name) == std::end(kReserved);
}

std::vector<ColumnSpec> ReadColumns(Section section) {
  std::vector<ColumnSpec> columns;
  if (!section.present()) return columns;
  for (const Entry& entry : section.Table().entries) {
    CheckName(entry, section.faults());
    auto column = ReadColumn(entry, section.Child(entry.key));
    if (column) columns.push_back(*std::move(column));
  }
  return columns;
}

}  // namespace tidemill::recipe
