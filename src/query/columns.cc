// SPDX-License-Identifier: Apache-2.0
#include "tidemill/query/columns.h"

#include <algorithm>
#include <array>
#include <set>
#include <unordered_map>
#include <utility>

#include <arrow/chunked_array.h>
#include <arrow/type.h>
#include <arrow/util/key_value_metadata.h>

#include "tidemill/base/ascii.h"

#include "column_values.h"

namespace tidemill::query {
namespace {

using namespace std::string_view_literals;

constexpr std::array kRoles = {
    std::pair{"dimension"sv, Role::kDimension}, std::pair{"time"sv, Role::kTime},
    std::pair{"measure"sv, Role::kMeasure},     std::pair{"status"sv, Role::kStatus},
    std::pair{"label"sv, Role::kLabel},         std::pair{"parent"sv, Role::kParent},
    std::pair{"attribute"sv, Role::kAttribute}, std::pair{"lineage"sv, Role::kLineage},
};

constexpr int kNoColumn = -1;

constexpr std::array kPartsOfTime = {"year"sv, "quarter"sv, "month"sv, "week"sv, "day"sv};

// Names of query parameters: a column cannot have them.
constexpr std::array kReserved = {"select"sv,  "sort"sv,  "limit"sv,    "cursor"sv,   "group"sv,     "agg"sv,
                                  "partial"sv, "mixed"sv, "last"sv,     "labels"sv,   "shape"sv,     "format"sv,
                                  "vintage"sv, "as_of"sv, "as_of_by"sv, "vintages"sv, "transform"sv, "geo_basis"sv,
                                  "against"sv, "q"sv,     "measure"sv,  "api_key"sv};

std::string Metadata(const arrow::Field& field, const std::string& key) {
  if (!field.metadata()) return {};
  const int at = field.metadata()->FindKey(key);
  return at < 0 ? std::string() : field.metadata()->value(at);
}

bool IsPandasIndex(std::string_view name) {
  return name.starts_with("__index_level_") && name.ends_with("__");
}

bool IsLetter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

// A name that a query can have: other characters become '_', no two of them in a row, for `__` stands before operators.
std::string MakeName(std::string_view own, std::set<std::string>& taken) {
  std::string name;
  for (const char c : own) {
    const char kept = IsLetter(c) || base::IsDigit(c) ? c : '_';
    if (kept != '_' || (!name.empty() && name.back() != '_')) name += kept;
  }
  while (name.ends_with('_')) name.pop_back();
  if (name.empty()) name = "column";
  if (!IsLetter(name.front())) name.insert(0, "c_");
  if (std::find(kReserved.begin(), kReserved.end(), name) != kReserved.end()) name += '_';
  const std::string wanted = name;
  for (int n = 2; !taken.insert(name).second; ++n) name = wanted + "_" + std::to_string(n);
  return name;
}

std::string TypeOf(const arrow::DataType& type) {
  if (HoldsText(type)) return "string";
  if (HoldsIntegers(type)) return "integer";
  if (HoldsNumbers(type)) return "number";
  if (type.id() == arrow::Type::BOOL) return "boolean";
  if (type.id() == arrow::Type::TIMESTAMP) return "datetime";
  if (HoldsDates(type)) return "date";
  return "other";
}

bool ParsesAsPeriods(const arrow::ChunkedArray& column) {
  const Texts texts = ReadTexts(column);
  return !texts.values.empty() && std::all_of(texts.values.begin(), texts.values.end(), [](const std::string& value) {
    return base::ParsePeriod(value).has_value();
  });
}

// A name as it is looked for: case, and what stands between its words, do not matter ("Area Code", "TIME_PERIOD").
std::string PlainName(std::string_view own) {
  std::string name = base::LowerAscii(own);
  for (char& c : name) {
    if (c == ' ' || c == '-' || c == '.') c = '_';
  }
  return name;
}

// A schema's columns by their plain names.
class Names {
 public:
  explicit Names(const arrow::Schema& schema) : schema_(schema) {
    for (int i = 0; i < schema.num_fields(); ++i) columns_.emplace(PlainName(schema.field(i)->name()), i);
  }
  const arrow::Schema& schema() const { return schema_; }
  // The first column of that plain name; kNoColumn where there is none.
  int Find(const std::string& plain) const {
    const auto at = columns_.find(plain);
    return at == columns_.end() ? kNoColumn : at->second;
  }
  std::string OwnNameOf(int column) const {
    return column == kNoColumn ? std::string() : schema_.field(column)->name();
  }

 private:
  const arrow::Schema& schema_;
  std::unordered_map<std::string, int> columns_;
};

bool HasPartOfYear(const Names& names) {
  return std::any_of(kPartsOfTime.begin(), kPartsOfTime.end(), [&](std::string_view part) {
    return part != "year" && names.Find(std::string(part)) != kNoColumn;
  });
}

bool HoldsYears(const arrow::ChunkedArray& column) {
  constexpr std::int64_t kNone = 1000;  // a year that a row without one does not spoil
  const auto values = ReadIntegers(column, kNone);
  return std::all_of(values.begin(), values.end(), [](std::int64_t year) { return year >= 1000 && year < 3000; });
}

// The column that gives time where none is marked so: a date, texts that all are periods, or else years.
base::Result<int> GuessTime(const dataset::ColumnSource& table, const Names& names) {
  for (const std::string name :
       {"period", "datetime", "date", "time_period", "time", "month", "quarter", "week", "year"}) {
    const int column = names.Find(name);
    if (column == kNoColumn) continue;
    const arrow::DataType& type = *names.schema().field(column)->type();
    if (HoldsDates(type)) return column;
    const bool may_be_years = HoldsIntegers(type) && !HasPartOfYear(names);
    if (name == "year" && may_be_years) return column;
    const bool of_any_length = name == "period" || name == "time_period" || name == "time";
    if (!HoldsText(type) && !(of_any_length && may_be_years)) continue;
    TIDEMILL_ASSIGN(const auto values, table.Read(column));
    if (HoldsText(type) ? ParsesAsPeriods(*values) : HoldsYears(*values)) return column;
  }
  return kNoColumn;
}

// The dimension that a label's name belongs to, by its own name; or empty.
std::string LabelOf(const Names& names, const std::string& plain) {
  int code = plain == "place_name" ? names.Find("geo_code") : kNoColumn;
  for (const std::string_view ending : {"_name"sv, "_label"sv}) {
    if (code != kNoColumn || !plain.ends_with(ending)) continue;
    code = names.Find(plain.substr(0, plain.size() - ending.size()) + "_code");
  }
  return names.OwnNameOf(code);
}

// SDMX calls a status so, whatever its measure.
std::string StatusOf(const Names& names, const std::string& plain) {
  constexpr std::string_view kEnding = "_status";
  int measure = kNoColumn;
  if (plain == "obs_status" || plain == "obs_flag") measure = names.Find("obs_value");
  if (measure == kNoColumn && plain.ends_with(kEnding)) {
    measure = names.Find(plain.substr(0, plain.size() - kEnding.size()));
  }
  return names.OwnNameOf(measure);
}

// The dimension whose codes lie in those of a column of this name, or empty: area_parent beside area or area_code.
std::string ChildOf(const Names& names, const std::string& plain) {
  constexpr std::string_view kEnding = "_parent";
  if (!plain.ends_with(kEnding)) return {};
  const std::string stem = plain.substr(0, plain.size() - kEnding.size());
  for (const std::string& code : {stem, stem + "_code"}) {
    const int column = names.Find(code);
    if (column != kNoColumn && HoldsText(*names.schema().field(column)->type())) return names.OwnNameOf(column);
  }
  return {};
}

// The column that one of this role and plain name belongs to.
std::string OwnerOf(const Names& names, Role role, const std::string& plain) {
  if (role == Role::kLabel) return LabelOf(names, plain);
  if (role == Role::kStatus) return StatusOf(names, plain);
  return role == Role::kParent ? ChildOf(names, plain) : std::string();
}

struct Guess {
  Role role;
  std::string of = {};
};

Guess GuessRole(const Names& names, int column, int time) {
  if (column == time) return {Role::kTime};
  const arrow::Field& field = *names.schema().field(column);
  const std::string name = PlainName(field.name());
  const bool is_part = std::find(kPartsOfTime.begin(), kPartsOfTime.end(), name) != kPartsOfTime.end();
  if (time != kNoColumn && is_part) return {Role::kAttribute};
  if (HoldsText(*field.type())) {
    if (const auto measure = StatusOf(names, name); !measure.empty()) return {Role::kStatus, measure};
    if (const auto code = LabelOf(names, name); !code.empty()) return {Role::kLabel, code};
    if (const auto code = ChildOf(names, name); !code.empty()) return {Role::kParent, code};
  }
  return {HoldsNumbers(*field.type()) ? Role::kMeasure : Role::kDimension};
}

Column MakeColumn(const Names& names, int index, int time, const RoleOverrides& overrides) {
  const arrow::Field& field = *names.schema().field(index);
  Column column;
  column.type = TypeOf(*field.type());
  column.title = Metadata(field, "comment");
  column.unit = Metadata(field, "tidemill.unit");
  column.codes = Metadata(field, "tidemill.codes");
  column.frequency = Metadata(field, "tidemill.freq");
  column.additive = Metadata(field, "tidemill.additive") != "false";
  column.index = index;
  Guess guess = GuessRole(names, index, time);
  if (const auto stated = RoleNamed(Metadata(field, "tidemill.role"))) {
    guess = {*stated, Metadata(field, "tidemill.of")};
  }
  if (const auto wanted = overrides.find(field.name()); wanted != overrides.end()) guess = {wanted->second};
  if (guess.of.empty()) guess.of = OwnerOf(names, guess.role, PlainName(field.name()));
  column.role = guess.role;
  column.of = std::move(guess.of);
  if (column.role == Role::kTime && column.type == "string") column.type = "period";
  return column;
}

}  // namespace

std::string_view NameOf(Role role) {
  for (const auto& [name, value] : kRoles) {
    if (value == role) return name;
  }
  return {};
}

std::optional<Role> RoleNamed(std::string_view name) {
  for (const auto& [text, role] : kRoles) {
    if (text == name) return role;
  }
  return std::nullopt;
}

base::Result<std::vector<Column>> FindColumns(const dataset::ColumnSource& table, const RoleOverrides& overrides) {
  const arrow::Schema& schema = table.schema();
  bool stated = false;
  for (const auto& field : schema.fields()) stated = stated || Metadata(*field, "tidemill.role") == "time";
  const Names names(schema);
  int time = kNoColumn;
  if (!stated) {
    TIDEMILL_ASSIGN(time, GuessTime(table, names));
  }
  std::set<std::string> taken;
  std::vector<Column> columns;
  for (int i = 0; i < schema.num_fields(); ++i) {
    const std::string& own = schema.field(i)->name();
    if (IsPandasIndex(own)) continue;
    Column column = MakeColumn(names, i, time, overrides);
    column.name = MakeName(own, taken);
    if (column.name != own) column.source_name = own;
    if (column.title.empty()) column.title = column.source_name;
    columns.push_back(std::move(column));
  }
  std::unordered_map<std::string_view, std::string_view> made;
  for (const Column& column : columns) made.emplace(column.source_name, column.name);
  for (Column& column : columns) {
    const auto owner = made.find(column.of);
    if (!column.of.empty() && owner != made.end()) column.of = owner->second;
  }
  return columns;
}

const Column* FindRole(const std::vector<Column>& columns, Role role) {
  const auto found = std::find_if(columns.begin(), columns.end(), [&](const Column& c) { return c.role == role; });
  return found == columns.end() ? nullptr : &*found;
}

const Column* FindColumn(const std::vector<Column>& columns, std::string_view name) {
  const auto found = std::find_if(columns.begin(), columns.end(), [&](const Column& c) { return c.name == name; });
  return found == columns.end() ? nullptr : &*found;
}

}  // namespace tidemill::query
