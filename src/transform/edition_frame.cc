// SPDX-License-Identifier: Apache-2.0
#include "edition_frame.h"

#include <algorithm>

#include "tidemill/base/text.h"

#include "geo_code.h"
#include "output.h"

namespace tidemill::transform {
namespace {

using frame::Column;
using frame::ColumnKind;
using frame::Frame;
using frame::WordList;
using recipe::ColumnSpec;
using recipe::Role;

// Of each observation: its row and axis column.
struct Places {
  std::vector<std::size_t> row, column;
};

Places ObservationsOf(const Body& body) {
  Places places;
  const std::size_t all = body.rows.size() * body.columns;
  places.row.reserve(all);
  places.column.reserve(all);
  for (std::size_t at = 0; at < all; ++at) {
    const bool present = std::ranges::any_of(
        body.measures, [&](const Measure& measure) { return measure.states[at] != ValueState::kAbsent; });
    if (!present) continue;
    places.row.push_back(at / body.columns);
    places.column.push_back(at % body.columns);
  }
  return places;
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
  explicit Builder(const BoundEdition& edition) : e_(edition), places_(ObservationsOf(edition.body)) {}
  Frame Build();

 private:
  // A column whose text depends on the row alone (or the axis column alone).
  template <class TextOf>
  Column ByRow(const std::string& name, const TextOf& text_of) const;
  Column ByAxis(const ColumnSpec& spec) const;
  Column Constant(const std::string& name, std::string_view text) const;
  void AddSpec(const ColumnSpec& spec);
  std::string ParentOf(const BodyRow& row) const;
  void AddParents(const ColumnSpec& code);
  void AddMeasure(const ColumnSpec& spec);
  void AddEdition();
  void AddFacts();
  void AddLineage();
  void Add(Column column, std::string_view role) {
    column.metadata.try_emplace("tidemill.role", role);
    frame_.columns.push_back(std::move(column));
  }

  const BoundEdition& e_;
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

Column Builder::ByAxis(const ColumnSpec& spec) const {
  WordList words;
  std::vector<std::int32_t> codes;
  for (const AxisCell& cell : e_.table.axis) codes.push_back(words.Add(cell.value.text));
  Column column{.name = spec.name};
  column.codes.reserve(places_.column.size());
  for (const std::size_t at : places_.column) column.codes.push_back(codes[at]);
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
  Add(std::move(column), "attribute");
}

void Builder::AddMeasure(const ColumnSpec& spec) {
  const auto measure = std::ranges::find(e_.body.measures, &spec, &Measure::spec);
  if (measure == e_.body.measures.end()) return;
  Column value{.name = spec.name};
  value.kind = spec.type == recipe::ValueType::kInt32   ? ColumnKind::kInt32
               : spec.type == recipe::ValueType::kInt64 ? ColumnKind::kInt64
                                                        : ColumnKind::kFloat64;
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
    const std::size_t at = places_.row[i] * e_.body.columns + places_.column[i];
    if (measure->whole) {
      value.ints.push_back(measure->ints[at]);
    } else {
      value.doubles.push_back(measure->doubles[at]);
    }
    value.valid.push_back(measure->states[at] == ValueState::kValue ? 1 : 0);
    nulls |= measure->states[at] != ValueState::kValue;
    status.codes.push_back(measure->status[at]);
  }
  if (!nulls) value.valid.clear();
  if (!spec.unit.empty()) value.metadata["tidemill.unit"] = spec.unit;
  if (!spec.multiplier.empty()) value.metadata["tidemill.multiplier"] = spec.multiplier;
  if (!spec.additive) value.metadata["tidemill.additive"] = "false";
  status.metadata["tidemill.of"] = spec.name;
  Add(std::move(value), "measure");
  Add(std::move(status), "status");
}

void Builder::AddSpec(const ColumnSpec& spec) {
  const auto constant = std::ranges::find(e_.binding.constants, &spec, &ConstantColumn::spec);
  if (constant != e_.binding.constants.end()) return Add(Constant(spec.name, constant->text), "dimension");
  switch (spec.role) {
    case Role::kCode: {
      if (!e_.binding.code) return;
      Column column = ByRow(spec.name, [](const BodyRow& row) -> const std::string& { return row.code; });
      if (const auto system = TargetSystem(spec); !system.empty()) column.metadata["tidemill.codes"] = system;
      Add(std::move(column), "dimension");
      return AddParents(spec);
    }
    case Role::kLabel: {
      if (e_.binding.label == nullptr) return;
      Column column = ByRow(spec.name, [](const BodyRow& row) -> const std::string& { return row.label; });
      if (e_.binding.code) column.metadata["tidemill.of"] = e_.binding.code->spec->name;
      return Add(std::move(column), e_.binding.code ? "label" : "dimension");
    }
    case Role::kDimension: {
      const auto at = std::ranges::find(e_.binding.dimensions, &spec, &BoundColumn::spec);
      if (at == e_.binding.dimensions.end()) return;
      const auto index = static_cast<std::size_t>(at - e_.binding.dimensions.begin());
      Column column = ByRow(spec.name, [&](const BodyRow& row) -> const std::string& { return row.dimensions[index]; });
      SetTimeOrDimension(spec, column);
      return Add(std::move(column), "dimension");
    }
    case Role::kAxis:
      return Add(ByAxis(spec), "dimension");
    case Role::kValue:
      return AddMeasure(spec);
    case Role::kGroup:
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
    const std::uint32_t at =
        e_.table.axis.empty() ? e_.binding.values.front().column : e_.table.axis[places_.column[i]].column;
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

Frame NotesFrame(const BoundEdition& edition) {
  Frame frame;
  frame.rows = edition.notes.notes().size();
  const auto add = [&](std::string name, const auto& text_of) {
    WordList words;
    Column column{.name = std::move(name), .kind = ColumnKind::kPlainText};
    for (const Note& note : edition.notes.notes()) {
      const std::string text = text_of(note);
      column.codes.push_back(text.empty() ? -1 : words.Add(text));
    }
    column.words = std::move(words).Take();
    frame.columns.push_back(std::move(column));
  };
  add("edition", [&](const Note&) { return edition.input.edition; });
  add("sheet", [](const Note& note) { return note.sheet; });
  add("cell", [](const Note& note) { return note.cell; });
  add("note", [](const Note& note) { return note.number; });
  add("text", [](const Note& note) { return note.text; });
  add("status", [](const Note& note) { return note.status; });
  add("touches", [](const Note& note) { return base::Join(note.touched, " "); });
  return frame;
}

}  // namespace tidemill::transform
