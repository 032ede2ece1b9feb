// SPDX-License-Identifier: Apache-2.0
#include "filter_values.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>
#include <type_traits>
#include <utility>

#include <arrow/array.h>
#include <arrow/type.h>

#include "tidemill/base/text.h"

#include "array_values.h"
#include "words.h"

namespace tidemill::query {
namespace {

bool IsOneOf(std::string_view word, const std::vector<std::string>& values) {
  return std::binary_search(values.begin(), values.end(), word);
}

bool HasOneOf(std::string_view set, const std::vector<std::string>& values) {
  const auto parts = base::Split(set, ',');
  return std::any_of(parts.begin(), parts.end(), [&](std::string_view part) { return IsOneOf(part, values); });
}

bool WordMatches(const CubeColumn& column, const Filter& filter, std::string_view word) {
  switch (filter.op) {
    case Operator::kStartsWith:
      return word.starts_with(filter.values.front());
    case Operator::kContains:
      if (column.role != Role::kLabel) return word.find(filter.values.front()) != std::string_view::npos;
      return base::Lower(word).find(base::Lower(filter.values.front())) != std::string::npos;
    default: {
      const bool is = column.kind == Kind::kSet ? HasOneOf(word, filter.values) : IsOneOf(word, filter.values);
      return is == (filter.op == Operator::kIs);
    }
  }
}

// Both ends are in it.
template <class Value>
struct Interval {
  Value low, high;
  bool Has(Value value) const {
    return static_cast<bool>(static_cast<int>(value >= low) & static_cast<int>(value <= high));
  }
};

template <class Value>
Value Before(Value value) {
  if constexpr (std::is_floating_point_v<Value>) return std::nextafter(value, -std::numeric_limits<Value>::infinity());
  return value - 1;
}
template <class Value>
Value After(Value value) {
  if constexpr (std::is_floating_point_v<Value>) return std::nextafter(value, std::numeric_limits<Value>::infinity());
  return value + 1;
}

// Numbers, days and instants against the filter's operands, which are spans.
template <class Value>
class Spans {
 public:
  Spans(Operator op, std::vector<std::pair<Value, Value>> spans) : op_(op), spans_(std::move(spans)) {
    std::sort(spans_.begin(), spans_.end());
  }
  bool operator()(Value low, Value high) const {
    const auto& [from, to] = spans_.front();
    switch (op_) {
      case Operator::kGreater:
        return low > to;
      case Operator::kAtLeast:
        return low >= from;
      case Operator::kLess:
        return high < from;
      case Operator::kAtMost:
        return high <= to;
      default:
        return IsIn(low) == (op_ == Operator::kIs);
    }
  }
  // The same as one comparison with two numbers, where it is one.
  std::optional<Interval<Value>> AsInterval() const {
    using Limits = std::numeric_limits<Value>;
    const Value least = Limits::has_infinity ? -Limits::infinity() : Limits::lowest();
    const Value most = Limits::has_infinity ? Limits::infinity() : Limits::max();
    const auto& [from, to] = spans_.front();
    switch (op_) {
      case Operator::kGreater:
        return to == most ? std::nullopt : std::optional(Interval<Value>{After(to), most});
      case Operator::kAtLeast:
        return Interval<Value>{from, most};
      case Operator::kLess:
        return from == least ? std::nullopt : std::optional(Interval<Value>{least, Before(from)});
      case Operator::kAtMost:
        return Interval<Value>{least, to};
      case Operator::kIs:
        return spans_.size() == 1 ? std::optional(Interval<Value>{from, to}) : std::nullopt;
      default:
        return std::nullopt;
    }
  }

 private:
  bool IsIn(Value value) const {
    const auto after = std::upper_bound(spans_.begin(), spans_.end(), value,
                                        [](Value wanted, const auto& span) { return wanted < span.first; });
    return after != spans_.begin() && value <= std::prev(after)->second;
  }

  Operator op_;
  std::vector<std::pair<Value, Value>> spans_;
};

Spans<std::int64_t> RangesOf(const Filter& filter) {
  std::vector<std::pair<std::int64_t, std::int64_t>> spans;
  for (const Range& range : filter.ranges) spans.emplace_back(range.low, range.high);
  return {filter.op, std::move(spans)};
}

// A number is compared as the column holds it: 0.1 is the float that is shown as 0.1.
Spans<double> NumbersOf(const Filter& filter, bool is_float) {
  std::vector<std::pair<double, double>> spans;
  for (const double number : filter.numbers) {
    const double held = is_float ? static_cast<double>(static_cast<float>(number)) : number;
    spans.emplace_back(held, held);
  }
  return {filter.op, std::move(spans)};
}

std::int64_t DayNumber(base::Date date) {
  return date.time_since_epoch().count();
}

// Calls use(test), where test(place) says whether the value there passes. `use` is a template, so that loops know which
// test they run.
template <class Use>
void WithWords(const CubeColumn& column, const Filter& filter, Use&& use) {
  std::vector<std::uint8_t> passes;
  for (std::size_t word = 0; word < WordCount(*column.values); ++word) {
    passes.push_back(WordMatches(column, filter, WordAt(*column.values, word)) ? 1 : 0);
  }
  VisitIndices(*column.values, [&](const auto* indices) {
    use([passes, indices](std::int64_t place) { return passes[static_cast<std::size_t>(indices[place])] != 0; });
  });
}

template <class Use>
void WithPeriods(const Cube& cube, const Filter& filter, Use&& use) {
  const auto spans = RangesOf(filter);
  use([&cube, spans](std::int64_t place) {
    const base::Period& period = cube.times[static_cast<std::size_t>(place)];
    return spans(DayNumber(base::StartOf(period)), DayNumber(base::EndOf(period)));
  });
}

template <class Use>
void WithNumbers(const CubeColumn& column, const Filter& filter, Use&& use) {
  if (column.kind == Kind::kBoolean) {
    const auto spans = RangesOf(filter);
    const auto& array = static_cast<const arrow::BooleanArray&>(*column.values);
    use([spans, &array](std::int64_t place) {
      const std::int64_t value = array.Value(place) ? 1 : 0;
      return spans(value, value);
    });
    return;
  }
  const MomentScale scale = ScaleOf(*column.values->type());
  VisitNumbers(*column.values, [&](const auto* values) {
    using Value = std::decay_t<decltype(*values)>;
    if constexpr (std::is_floating_point_v<Value>) {
      const auto spans = NumbersOf(filter, std::is_same_v<Value, float>);
      if (const auto interval = spans.AsInterval()) {
        return use([interval = *interval, values](std::int64_t place) {
          return interval.Has(static_cast<double>(values[place]));
        });
      }
      use([spans, values](std::int64_t place) {
        const auto value = static_cast<double>(values[place]);
        return spans(value, value);
      });
    } else {
      const auto spans = RangesOf(filter);
      const auto interval = scale.IsIdentity() ? spans.AsInterval() : std::nullopt;
      if (interval) {
        return use([interval = *interval, values](std::int64_t place) {
          return interval.Has(static_cast<std::int64_t>(values[place]));
        });
      }
      use([spans, values, scale](std::int64_t place) {
        const std::int64_t value = scale.ToMicroseconds(static_cast<std::int64_t>(values[place]));
        return spans(value, value);
      });
    }
  });
}

template <class Use>
void WithTest(const Cube& cube, const Filter& filter, Use&& use) {
  const CubeColumn& column = cube.columns[filter.column];
  const arrow::Array& values = *column.values;
  if (filter.op == Operator::kIsNull) {
    const bool wanted = filter.values.front() == "true";
    return use([&values, wanted](std::int64_t place) { return values.IsNull(place) == wanted; });
  }
  const bool null_passes = filter.op == Operator::kNot;
  const auto guarded = [&](const auto& test) {
    if (values.null_count() == 0) return use(test);
    use([&values, null_passes, test](std::int64_t place) { return values.IsNull(place) ? null_passes : test(place); });
  };
  if (column.kind == Kind::kText || column.kind == Kind::kSet) return WithWords(column, filter, guarded);
  if (column.kind == Kind::kPeriod) return WithPeriods(cube, filter, guarded);
  WithNumbers(column, filter, guarded);
}

}  // namespace

std::vector<std::uint8_t> MatchingPlaces(const Cube& cube, const Filter& filter) {
  std::vector<std::uint8_t> passes(static_cast<std::size_t>(cube.columns[filter.column].values->length()));
  WithTest(cube, filter, [&](const auto& test) {
    for (std::size_t place = 0; place < passes.size(); ++place) {
      passes[place] = test(static_cast<std::int64_t>(place)) ? 1 : 0;
    }
  });
  return passes;
}

RowTest MakeRowTest(const Cube& cube, const Filter& filter) {
  RowTest made;
  WithTest(cube, filter, [&](const auto& test) {
    made = [test](std::uint32_t row, std::uint32_t count, std::uint8_t* passes) {
      for (std::uint32_t i = 0; i < count; ++i) {
        passes[i] &= static_cast<std::uint8_t>(test(static_cast<std::int64_t>(row) + i));
      }
    };
  });
  return made;
}

}  // namespace tidemill::query
