// SPDX-License-Identifier: Apache-2.0
#include "edition_frame.h"

#include <algorithm>

#include "tidemill/base/text.h"

#include "geo_code.h"
#include "observations.h"
#include "output.h"

namespace tidemill::transform {
namespace {

using frame::Column;
using frame::ColumnKind;
using frame::Frame;
using frame::WordList;
using recipe::ColumnSpec;
using recipe::Role;

ColumnKind KindOf(recipe::ValueType type) {
  switch (type) {
    case recipe::ValueType::kInt32:
      return ColumnKind::kInt32;
    case recipe::ValueType::kInt64:
      return ColumnKind::kInt64;
    case recipe::ValueType::kDecimal:
      return ColumnKind::kDecimal;
    case recipe::ValueType::kFloat64:
    case recipe::ValueType::kText:
      return ColumnKind::kFloat64;
  }
  return ColumnKind::kFloat64;
}

std::string FrequencyText(recipe::AxisKind kind) {
  const auto frequency = FrequencyOf(kind);
  if (!frequency) return {};
  // SDMX knows no fiscal years: they are annual.
  return std::string(1, *frequency == base::Frequency::kFiscalYear ? 'A' : static_cast<char>(*frequency));
}

void SetTimeOrDimension(const ColumnSpec& spec, Column& column) {
  const std::string frequency = spec.axis ? FrequencyText(*spec.axis) : std::string();
  column.metadata["tidemill.role"] = frequency.empty() ? "dimension" : "time";
  if (!frequency.empty()) column.metadata["tidemill.freq"] = frequency;
}

class Builder {
 public:
  explicit Builder(const BoundEdition& edition)
      : e_(edition), slots_(SlotsOf(edition)), places_(ObservationsOf(edition.body, slots_)) {}
  Frame Build();

 private:
  // A column whose text depends on the row alone (or the axis column alone).
  template <class TextOf>
  Column ByRow(const std::string& name, const TextOf& text_of) const;
  // `outer`: which of the outer axes, or kNowhere for the innermost.
  Column ByAxis(const ColumnSpec& spec, std::size_t outer) const;
  Column ByAxisAndRow(const ColumnSpec& spec) const;
  Column Constant(const std::string& name, std::string_view text) const;
  void AddSpec(const ColumnSpec& spec);
  void AddDimension(const ColumnSpec& spec);
  std::string ParentOf(const BodyRow& row) const;
  void AddParents(const ColumnSpec& code);
  void AddMeasure(const ColumnSpec& spec);
  void AddMissing(const ColumnSpec& spec);
  void AddEdition();
  void AddFacts();
  void AddLineage();
  void Add(Column column, std::string_view role) {
    column.metadata.try_emplace("tidemill.role", role);
    frame_.columns.push_back(std::move(column));
  }

  const BoundEdition& e_;
  std::vector<Slot> slots_;
  Places places_;
  Frame frame_;
};

template <class TextOf>
Column Builder::ByRow(const std::string& name, const TextOf& text_of) const {
  WordList words;
  std::vector<std::int32_t> codes;
  for (const BodyRow& row : e_.body.rows) {
    const std::string& text = text_of(row);
    codes.push_back(text.empty() ? -1 : words.Add(text));
  }
  Column column{.name = name};
  column.codes.reserve(places_.row.size());
  for (const std::size_t row : places_.row) column.codes.push_back(codes[row]);
  column.words = std::move(words).Take();
  return column;
}

// Periods whose years stand in the rows, or in an outer axis.
Column Builder::ByAxisAndRow(const ColumnSpec& spec) const {
  WordList words;
  Column column{.name = spec.name};
  column.codes.reserve(places_.row.size());
  for (std::size_t i = 0; i < places_.row.size(); ++i) {
    const auto period = PeriodOf(e_, places_.row[i], slots_[places_.slot[i]].first);
    column.codes.push_back(period ? words.Add(base::ToText(*period)) : -1);
  }
  column.words = std::move(words).Take();
  SetTimeOrDimension(spec, column);
  return column;
}

Column Builder::ByAxis(const ColumnSpec& spec, std::size_t outer) const {
  const auto value = [&](const Slot& slot) -> const AxisValue& {
    const AxisCell& cell = e_.table.axis[slot.first];
    return outer == kNowhere ? cell.value : cell.outer[outer];
  };
  if (std::ranges::any_of(slots_, [&](const Slot& slot) { return value(slot).needs_year(); })) {
    return ByAxisAndRow(spec);
  }
  WordList words;
  std::vector<std::int32_t> codes;
  for (const Slot& slot : slots_) codes.push_back(words.Add(value(slot).text));
  Column column{.name = spec.name};
  column.codes.reserve(places_.slot.size());
  for (const std::size_t at : places_.slot) column.codes.push_back(codes[at]);
  column.words = std::move(words).Take();
  SetTimeOrDimension(spec, column);
  return column;
}

Column Builder::Constant(const std::string& name, std::string_view text) const {
  Column column{.name = name};
  column.words.emplace_back(text);
  column.codes.assign(places_.row.size(), 0);
  return column;
}

// As the register has it at the vintage; what it does not know lies in the area under which the sheet shows it.
std::string Builder::ParentOf(const BodyRow& row) const {
  const Area* area = e_.vintage ? e_.geography.Find(row.code, *e_.vintage) : nullptr;
  if (area != nullptr) return area->parent;
  return row.parent < 0 ? std::string() : e_.body.rows[static_cast<std::size_t>(row.parent)].code;
}

// Only where an output asks for them.
void Builder::AddParents(const ColumnSpec& code) {
  const bool wanted = std::ranges::any_of(e_.spec.outputs, [&](const recipe::OutputSpec& output) {
    return std::ranges::any_of(output.columns, [&](const recipe::OutputColumn& column) {
      return column.function == "parent" && column.argument == code.name;
    });
  });
  if (!wanted) return;
  Column column = ByRow(ParentsOf(code.name), [this](const BodyRow& row) { return ParentOf(row); });
  column.metadata["tidemill.of"] = code.name;
  Add(std::move(column), "parent");
}

void Builder::AddMeasure(const ColumnSpec& spec) {
  const auto measure = std::ranges::find(e_.body.measures, &spec, &Measure::spec);
  const auto index = static_cast<std::size_t>(measure - e_.body.measures.begin());
  if (measure == e_.body.measures.end()) return AddMissing(spec);
  Column value{.name = spec.name, .kind = KindOf(spec.type)};
  value.precision = spec.precision;
  value.scale = spec.scale;
  Column status{.name = spec.name + "_status"};
  status.words = e_.body.statuses;
  if (measure->whole) {
    value.ints.reserve(places_.row.size());
  } else {
    value.doubles.reserve(places_.row.size());
  }
  value.valid.reserve(places_.row.size());
  status.codes.reserve(places_.row.size());
  bool nulls = false;
  for (std::size_t i = 0; i < places_.row.size(); ++i) {
    const std::size_t column = slots_[places_.slot[i]].of_measure[index];
    const bool has = column != kNowhere;
    const std::size_t at = places_.row[i] * e_.body.columns + (has ? column : 0);
    const bool valid = has && measure->states[at] == ValueState::kValue;
    if (measure->whole) {
      value.ints.push_back(valid ? measure->ints[at] : 0);
    } else {
      value.doubles.push_back(valid ? measure->doubles[at] : 0);
    }
    value.valid.push_back(valid ? 1 : 0);
    nulls |= !valid;
    status.codes.push_back(has ? measure->status[at] : -1);
  }
  if (!nulls) value.valid.clear();
  if (!spec.unit.empty()) value.metadata["tidemill.unit"] = spec.unit;
  if (!spec.multiplier.empty()) value.metadata["tidemill.multiplier"] = spec.multiplier;
  if (!spec.additive) value.metadata["tidemill.additive"] = "false";
  status.metadata["tidemill.of"] = spec.name;
  Add(std::move(value), "measure");
  Add(std::move(status), "status");
}

// A column of the recipe that this table lacks: all null.
void Builder::AddMissing(const ColumnSpec& spec) {
  const std::size_t rows = places_.row.size();
  if (spec.role != Role::kValue) {
    Column column{.name = spec.name};
    column.codes.assign(rows, -1);
    if (spec.role == Role::kDimension) SetTimeOrDimension(spec, column);
    return Add(std::move(column), spec.role == Role::kLabel && e_.binding.code ? "label" : "dimension");
  }
  Column value{.name = spec.name, .kind = KindOf(spec.type)};
  value.precision = spec.precision;
  value.scale = spec.scale;
  (value.is_float() ? value.doubles.assign(rows, 0) : value.ints.assign(rows, 0));
  value.valid.assign(rows, 0);
  Add(std::move(value), "measure");
  Column status{.name = spec.name + "_status"};
  status.codes.assign(rows, -1);
  status.metadata["tidemill.of"] = spec.name;
  Add(std::move(status), "status");
}

void Builder::AddDimension(const ColumnSpec& spec) {
  const auto find = [&](const auto& columns) {
    const auto at = std::ranges::find_if(columns, [&](const auto& column) { return column.spec == &spec; });
    return at == columns.end() ? kNowhere : static_cast<std::size_t>(at - columns.begin());
  };
  const std::size_t bound = find(e_.binding.dimensions);
  const std::size_t derived = find(e_.binding.derived);
  if (bound == kNowhere && derived == kNowhere) return AddMissing(spec);
  Column column = ByRow(spec.name, [&](const BodyRow& row) -> const std::string& {
    return bound != kNowhere ? row.dimensions[bound] : row.derived[derived];
  });
  SetTimeOrDimension(spec, column);
  Add(std::move(column), "dimension");
}

void Builder::AddSpec(const ColumnSpec& spec) {
  const auto constant = std::ranges::find(e_.binding.constants, &spec, &ConstantColumn::spec);
  if (constant != e_.binding.constants.end()) {
    Column column = Constant(spec.name, constant->text);
    if (spec.role == Role::kDimension) SetTimeOrDimension(spec, column);
    return Add(std::move(column), "dimension");
  }
  switch (spec.role) {
    case Role::kCode: {
      if (!e_.binding.code) return AddMissing(spec);
      Column column = ByRow(spec.name, [](const BodyRow& row) -> const std::string& { return row.code; });
      if (const auto system = TargetSystem(spec); !system.empty()) column.metadata["tidemill.codes"] = system;
      Add(std::move(column), "dimension");
      return AddParents(spec);
    }
    case Role::kLabel: {
      if (e_.binding.label == nullptr) return AddMissing(spec);
      Column column = ByRow(spec.name, [](const BodyRow& row) -> const std::string& { return row.label; });
      if (e_.binding.code) column.metadata["tidemill.of"] = e_.binding.code->spec->name;
      return Add(std::move(column), e_.binding.code ? "label" : "dimension");
    }
    case Role::kDimension:
      return AddDimension(spec);
    case Role::kAxis: {
      const auto outer = std::ranges::find(e_.binding.outer, &spec);
      const auto index = static_cast<std::size_t>(outer - e_.binding.outer.begin());
      return Add(ByAxis(spec, outer == e_.binding.outer.end() ? kNowhere : index), "dimension");
    }
    case Role::kGroup: {
      const auto at = std::ranges::find(e_.binding.groups, &spec);
      const auto index = static_cast<std::size_t>(at - e_.binding.groups.begin());
      return Add(ByRow(spec.name, [&](const BodyRow& row) -> const std::string& { return row.groups[index]; }),
                 "dimension");
    }
    case Role::kValue:
      return AddMeasure(spec);
    case Role::kStatus:
    case Role::kNote:
    case Role::kTotal:
    case Role::kIgnore:
      return;
  }
}

void Builder::AddEdition() {
  Add(Constant("edition", e_.input.edition), "attribute");
  if (!e_.binding.code || TargetSystem(*e_.binding.code->spec) != "gss") return;
  Column vintage{.name = "geo_vintage", .kind = ColumnKind::kDate32};
  vintage.ints.assign(places_.row.size(), e_.vintage ? e_.vintage->time_since_epoch().count() : 0);
  if (!e_.vintage) vintage.valid.assign(places_.row.size(), 0);
  vintage.metadata["tidemill.of"] = e_.binding.code->spec->name;
  Add(std::move(vintage), "attribute");
}

void Builder::AddFacts() {
  for (const recipe::FactSpec& fact : e_.spec.facts) {
    const auto at = e_.facts.find(fact.name);
    const bool found = at != e_.facts.end();
    Column column = Constant(fact.name, found ? at->second : "");
    if (fact.type == recipe::FactType::kText) {
      if (!found) column.codes.assign(places_.row.size(), -1);
    } else {
      const bool date = fact.type == recipe::FactType::kDate;
      std::int64_t number = 0;
      if (found && date) number = base::ParseDate(at->second).value_or(base::Date()).time_since_epoch().count();
      if (found && !date) number = base::ParseInt(at->second).value_or(0);
      column = Column{.name = fact.name, .kind = date ? ColumnKind::kDate32 : ColumnKind::kInt64};
      column.ints.assign(places_.row.size(), number);
      if (!found) column.valid.assign(places_.row.size(), 0);
    }
    Add(std::move(column), "attribute");
  }
}

void Builder::AddLineage() {
  Add(Constant("src", e_.input.sha256 + " " + e_.grid.sheet().name), "lineage");
  Column row{.name = "src_row", .kind = ColumnKind::kInt32};
  Column column{.name = "src_col", .kind = ColumnKind::kInt16};
  row.ints.reserve(places_.row.size());
  column.ints.reserve(places_.row.size());
  for (std::size_t i = 0; i < places_.row.size(); ++i) {
    row.ints.push_back(std::int64_t{e_.grid.RowNumber(e_.body.rows[places_.row[i]].row)} + 1);
    const std::size_t slot = slots_[places_.slot[i]].first;
    const std::uint32_t at = e_.table.axis.empty() ? e_.binding.values.front().column : e_.table.axis[slot].column;
    column.ints.push_back(std::int64_t{at} + 1);
  }
  Add(std::move(row), "lineage");
  Add(std::move(column), "lineage");
}

Frame Builder::Build() {
  frame_.rows = places_.row.size();
  for (const ColumnSpec& spec : e_.spec.columns) AddSpec(spec);
  AddEdition();
  AddFacts();
  AddLineage();
  return std::move(frame_);
}

}  // namespace

Frame ToFrame(const BoundEdition& edition) {
  return Builder(edition).Build();
}

}  // namespace tidemill::transform
