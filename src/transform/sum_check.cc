// SPDX-License-Identifier: Apache-2.0
#include "sum_check.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <set>

#include "tidemill/base/text.h"

namespace tidemill::transform {
namespace {

using recipe::SumCheck;
using recipe::Term;

__extension__ using Int128 = __int128;

constexpr double kRelative = 1e-9;  // of floats without a tolerance of their own

// One side of a check, its areas found.
struct Side {
  struct Part {
    bool negative;
    std::size_t row;
  };
  std::vector<Part> parts;
  double constant = 0;
};

struct Compiled {
  Side left, right;
  bool applies = true;  // false: it speaks of children, and there are none
  std::string missing;  // an area that names no row
};

// The value of a side in one column.
struct Amount {
  Int128 whole = 0;  // in parts of 1 / unit
  double unit = 1;
  double part = 0;
  double magnitude = 0;  // sum of the absolute values
  std::size_t values = 0;
  bool unknown = false;
  double AsDouble() const { return static_cast<double>(whole) / unit + part; }
};

std::string ToText(double number) {
  return base::ShortestDouble(number);
}

bool HasWildcard(std::string_view text) {
  return text.find_first_of("*?") != std::string_view::npos;
}

class Evaluation {
 public:
  Evaluation(const SumCheck& check, const SumField& field, Findings& findings)
      : check_(check), field_(field), findings_(findings) {}
  SumReport Run();

 private:
  std::vector<std::size_t> Named() const;
  Compiled Compile(std::optional<std::size_t> it) const;
  void AddTerm(const Term& term, std::optional<std::size_t> it, Side& side, Compiled& compiled) const;
  void EvaluateAll(const Compiled& compiled, std::size_t place);
  void EvaluateAt(const Compiled& compiled, std::size_t place, std::size_t column);
  Amount AmountOf(const Side& side, std::size_t column) const;
  bool IsZeroByStatus(std::size_t at) const;
  double ToleranceOf(const Amount& left, const Amount& right) const;
  bool Holds(double difference, double tolerance) const;
  const recipe::Exception* ExceptionFor(const std::optional<base::Period>& period) const;
  void ReportFailure(const Amount& left, const Amount& right, double difference, std::size_t place, std::size_t column,
                     const recipe::Exception* exception);

  const SumCheck& check_;
  const SumField& field_;
  Findings& findings_;
  SumReport report_;
};

// The rows that the check names outright.
std::vector<std::size_t> Evaluation::Named() const {
  std::set<std::size_t> named;
  const auto add = [&](const std::vector<recipe::Area>& areas) {
    for (const recipe::Area& area : areas) {
      for (const std::size_t row : field_.index.Find(area)) named.insert(row);
    }
  };
  add(check_.each);
  for (const Term& term : check_.left) add(term.areas);
  for (const Term& term : check_.right) add(term.areas);
  return {named.begin(), named.end()};
}

void Evaluation::AddTerm(const Term& term, std::optional<std::size_t> it, Side& side, Compiled& compiled) const {
  const auto add = [&](const std::vector<std::size_t>& rows) {
    for (const std::size_t row : rows) side.parts.push_back({.negative = term.negative, .row = row});
  };
  switch (term.kind) {
    case Term::Kind::kNumber:
      side.constant += term.negative ? -term.number : term.number;
      break;
    case Term::Kind::kIt:
      if (it) add({*it});
      break;
    case Term::Kind::kSumOfChildren:
      if (!it || field_.index.ChildrenOf(*it).empty()) {
        compiled.applies = false;
      } else {
        add(field_.index.ChildrenOf(*it));
      }
      break;
    case Term::Kind::kSumOfOthers: {
      std::vector<std::size_t> others;
      std::ranges::set_difference(field_.index.members(), Named(), std::back_inserter(others));
      add(others);
      break;
    }
    case Term::Kind::kArea:
    case Term::Kind::kSumOfAreas:
      for (const recipe::Area& area : term.areas) {
        const std::vector<std::size_t> rows = field_.index.Find(area);
        if (rows.empty()) compiled.missing = area.text;
        if (term.kind == Term::Kind::kArea && rows.size() > 1) compiled.missing = area.text;
        add(rows);
      }
      break;
  }
}

Compiled Evaluation::Compile(std::optional<std::size_t> it) const {
  Compiled compiled;
  for (const Term& term : check_.left) AddTerm(term, it, compiled.left, compiled);
  for (const Term& term : check_.right) AddTerm(term, it, compiled.right, compiled);
  return compiled;
}

// A null that means "not applicable" counts as nothing.
bool Evaluation::IsZeroByStatus(std::size_t at) const {
  const std::int32_t status = field_.measure.status[at];
  if (field_.measure.states[at] != ValueState::kNull || status < 0) return false;
  const auto letters = base::Split(field_.statuses[static_cast<std::size_t>(status)], ',');
  return std::ranges::find(letters, "z") != letters.end();
}

Amount Evaluation::AmountOf(const Side& side, std::size_t column) const {
  Amount amount;
  amount.part = side.constant;
  amount.magnitude = std::abs(side.constant);
  amount.values = side.parts.size();
  const Measure& measure = field_.measure;
  amount.unit = measure.unit;
  const std::size_t step = field_.item_step == 0 ? field_.columns : field_.item_step;
  for (const Side::Part& part : side.parts) {
    const std::size_t at = part.row * step + column * field_.column_step;
    if (measure.states[at] != ValueState::kValue) {
      amount.unknown |= !IsZeroByStatus(at);
    } else if (measure.whole) {
      amount.whole += part.negative ? -Int128{measure.ints[at]} : Int128{measure.ints[at]};
    } else {
      amount.part += part.negative ? -measure.doubles[at] : measure.doubles[at];
      amount.magnitude += std::abs(measure.doubles[at]);
    }
  }
  return amount;
}

double Evaluation::ToleranceOf(const Amount& left, const Amount& right) const {
  if (check_.rounded_to) return *check_.rounded_to / 2 * static_cast<double>(left.values + right.values);
  if (check_.within) {
    if (!check_.within_percent) return *check_.within;
    return *check_.within / 100 * std::max(std::abs(left.AsDouble()), std::abs(right.AsDouble()));
  }
  return field_.measure.whole ? 0 : kRelative * (left.magnitude + right.magnitude);
}

bool Evaluation::Holds(double difference, double tolerance) const {
  switch (check_.relation) {
    case SumCheck::Relation::kEqual:
      return std::abs(difference) <= tolerance;
    case SumCheck::Relation::kAtMost:
      return difference <= tolerance;
    case SumCheck::Relation::kAtLeast:
      return difference >= -tolerance;
  }
  return false;
}

const recipe::Exception* Evaluation::ExceptionFor(const std::optional<base::Period>& period) const {
  if (!period) return nullptr;
  const auto at = std::ranges::find(check_.exceptions, *period, &recipe::Exception::period);
  return at == check_.exceptions.end() ? nullptr : &*at;
}

void Evaluation::ReportFailure(const Amount& left, const Amount& right, double difference, std::size_t place,
                               std::size_t column, const recipe::Exception* exception) {
  const auto period = field_.period(place, column);
  std::string expected;
  if (exception != nullptr) expected = fmt::format(", the recipe expects a difference of {}", ToText(*exception->by));
  findings_.Fail("sum", field_.cell(place, column),
                 fmt::format("{}{}: {} against {}, difference {}{}", check_.text,
                             period ? " in " + base::ToText(*period) : std::string(), ToText(left.AsDouble()),
                             ToText(right.AsDouble()), ToText(difference), expected));
}

void Evaluation::EvaluateAt(const Compiled& compiled, std::size_t place, std::size_t column) {
  const auto period = field_.period(place, column);
  const recipe::Exception* exception = ExceptionFor(period);
  const Amount left = AmountOf(compiled.left, column);
  const Amount right = AmountOf(compiled.right, column);
  ++report_.evaluated;
  if (left.unknown || right.unknown) {
    ++report_.unknown;
    return;
  }
  const double difference = static_cast<double>(left.whole - right.whole) / left.unit + (left.part - right.part);
  const double tolerance = ToleranceOf(left, right);
  if (exception == nullptr) {
    if (!Holds(difference, tolerance)) ReportFailure(left, right, difference, place, column, nullptr);
    return;
  }
  const std::string because = check_.because.empty() ? std::string() : " because " + check_.because;
  if (!exception->by) {
    report_.exceptions.push_back(fmt::format("{} skipped ({}){}", base::ToText(*period), check_.text, because));
    findings_.Warn("exception-skipped", field_.cell(place, column),
                   fmt::format("{} is not checked in {}{}", check_.text, base::ToText(*period), because));
  } else if (std::abs(difference - *exception->by) <= tolerance) {
    report_.exceptions.push_back(fmt::format("{} by {}{}", base::ToText(*period), ToText(*exception->by), because));
  } else if (Holds(difference, tolerance)) {
    findings_.Warn("exception-stale", field_.cell(place, column),
                   fmt::format("{} holds in {}; the exception by {} is no longer needed", check_.text,
                               base::ToText(*period), ToText(*exception->by)));
  } else {
    ReportFailure(left, right, difference, place, column, exception);
  }
}

void Evaluation::EvaluateAll(const Compiled& compiled, std::size_t place) {
  if (!compiled.applies) return;
  for (std::size_t column = 0; column < field_.columns; ++column) {
    if (field_.published(column)) EvaluateAt(compiled, place, column);
  }
}

SumReport Evaluation::Run() {
  std::vector<std::optional<std::size_t>> places;
  for (const recipe::Area& area : check_.each) {
    const std::vector<std::size_t> rows = field_.index.Find(area);
    if (rows.empty()) {
      findings_.Fail("area-missing", {}, fmt::format("{}: no row is called {}", check_.text, base::Quoted(area.text)));
    }
    places.insert(places.end(), rows.begin(), rows.end());
  }
  if (check_.each.empty()) places.emplace_back();
  for (const auto& it : places) {
    const Compiled compiled = Compile(it);
    if (!compiled.missing.empty()) {
      findings_.Fail(
          "area-missing", {},
          fmt::format("{}: {} names {}, expected {}", check_.text, base::Quoted(compiled.missing),
                      field_.index.Find({.text = compiled.missing, .quoted = true}).empty() ? "no row" : "several rows",
                      HasWildcard(compiled.missing) ? "at least one" : "one"));
      return std::move(report_);
    }
    const auto& parts = compiled.left.parts.empty() ? compiled.right.parts : compiled.left.parts;
    if (!it && parts.empty()) continue;
    EvaluateAll(compiled, it ? *it : parts.front().row);
  }
  if (report_.evaluated > 0 && report_.unknown == report_.evaluated) {
    findings_.Warn("sum-unknown", {},
                   fmt::format("{}: a value is missing in each of its {} evaluations", check_.text, report_.evaluated));
  }
  return std::move(report_);
}

}  // namespace

bool GlobMatches(std::string_view glob, std::string_view text) {
  std::size_t g = 0;
  std::size_t t = 0;
  std::size_t star = std::string_view::npos;
  std::size_t resume = 0;
  while (t < text.size()) {
    if (g < glob.size() && (glob[g] == '?' || (glob[g] != '*' && glob[g] == text[t]))) {
      ++g;
      ++t;
    } else if (g < glob.size() && glob[g] == '*') {
      star = g++;
      resume = t;
    } else if (star != std::string_view::npos) {
      g = star + 1;
      t = ++resume;
    } else {
      return false;
    }
  }
  while (g < glob.size() && glob[g] == '*') ++g;
  return g == glob.size();
}

RowIndex::RowIndex(const std::vector<BodyRow>& rows, std::vector<std::size_t> members)
    : members_(std::move(members)), children_(rows.size()) {
  for (const std::size_t i : members_) {
    const BodyRow& row = rows[i];
    if (!row.code.empty()) by_code_[row.code].push_back(i);
    if (!row.label.empty()) by_label_[recipe::Normalise(row.label)].push_back(i);
    if (row.parent >= 0) children_[static_cast<std::size_t>(row.parent)].push_back(i);
  }
}

RowIndex::RowIndex(const std::vector<std::string>& texts, std::vector<std::size_t> members)
    : members_(std::move(members)), children_(texts.size()) {
  for (const std::size_t i : members_) {
    if (!texts[i].empty()) by_label_[recipe::Normalise(texts[i])].push_back(i);
  }
}

std::vector<std::size_t> RowIndex::FindIn(const ByText& rows, std::string_view text) {
  if (!HasWildcard(text)) {
    const auto at = rows.find(text);
    return at == rows.end() ? std::vector<std::size_t>() : at->second;
  }
  std::vector<std::size_t> found;
  for (const auto& [key, members] : rows) {
    if (GlobMatches(text, key)) found.insert(found.end(), members.begin(), members.end());
  }
  std::ranges::sort(found);
  return found;
}

std::vector<std::size_t> RowIndex::Find(const recipe::Area& area) const {
  std::vector<std::size_t> found = FindIn(by_code_, area.text);
  if (!found.empty()) return found;
  return FindIn(by_label_, recipe::Normalise(area.text));
}

SumReport EvaluateSum(const SumCheck& check, const SumField& field, Findings& findings) {
  return Evaluation(check, field, findings).Run();
}

}  // namespace tidemill::transform
