// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <tl/expected.hpp>

#include "tidemill/base/result.h"
#include "tidemill/query/cube.h"

// The query language of the data API: docs/reference/data-api.md.
namespace tidemill::query {

// A query that cannot be answered, with what a client needs to mend it. The code is kMalformed for what schema and code
// lists show, kInvalid for what only the meaning does.
struct QueryError {
  std::string type;  // "unknown-column"
  base::Error error;
  std::string parameter = {}, value = {};
  std::optional<std::size_t> offset = {};  // byte in the raw query string
  std::vector<std::string> nearest = {};
  std::string dimension = {};  // whose codes are valid
  std::vector<std::string> valid = {};
};
template <class T>
using Checked = tl::expected<T, QueryError>;

// A parameter as it was sent: percent-decoded, not yet split.
struct Parameter {
  std::string name, value;
  std::size_t offset = 0;        // of the name in the raw query string
  std::size_t value_offset = 0;  // of the value
};
Checked<std::vector<Parameter>> SplitQuery(std::string_view raw);
// Splits at commas; `\,` and `\\` stand for the characters themselves.
std::vector<std::string> SplitValues(std::string_view value);

enum class Operator : std::uint8_t { kIs, kNot, kGreater, kAtLeast, kLess, kAtMost, kStartsWith, kContains, kIsNull };
std::string_view NameOf(Operator op);  // "" for kIs, "gte"

// From the first moment of a value's span to the last: microseconds or days since 1970, or the integer twice.
struct Range {
  std::int64_t low = 0, high = 0;
  bool operator==(const Range&) const = default;
};

struct Filter {
  std::size_t column = 0;
  Operator op = Operator::kIs;
  std::vector<std::string> values;  // in canonical form, in byte order
  std::vector<double> numbers;      // of kNumber columns, one a value
  std::vector<Range> ranges;        // of integers, booleans, times
};

enum class Function : std::uint8_t { kCount, kSum, kMean, kMin, kMax, kFirst, kLast };
struct Aggregate {
  Function function = Function::kCount;
  int column = -1;                           // -1: count()
  std::string Name(const Cube& cube) const;  // "sum_deaths"
  std::string Text(const Cube& cube) const;  // "sum(deaths)"
};

struct SortKey {
  std::string column;
  bool descending = false;
};

enum class Labels : std::uint8_t { kBoth, kCode, kName };
enum class Shape : std::uint8_t { kObjects, kArrays, kColumns, kBare };

// What a time series is turned into: column `deaths_yoy` of `deaths`, after the filters of dimensions, before all
// others.
enum class Transform : std::uint8_t {
  kYoy,       // minus the same period a year before
  kYoyPct,    // the same in per cent of it
  kPop,       // minus the period before
  kPopPct,    // the same in per cent of it
  kYtd,       // sum from the start of the year
  kRoll12,    // sum of twelve periods
  kMean5y,    // mean of the same period in the five years before
  kVsMean5y,  // minus that mean
};
std::string_view NameOf(Transform transform);  // "yoy_pct"

struct DerivedColumn {
  std::size_t measure = 0;
  Transform transform = Transform::kYoy;
};

struct Query {
  std::vector<Filter> filters;      // columns in the cube's order, operators in theirs
  std::vector<std::size_t> select;  // the columns of the answer, whether asked for or not
  bool selects = false;
  std::vector<SortKey> sort;
  std::optional<std::uint32_t> limit;
  std::string cursor;
  bool grouped = false;  // has `group` or `agg`
  std::vector<std::size_t> group;
  std::vector<Aggregate> aggregates;
  bool partial = false, mixed = false;
  std::optional<std::uint32_t> last;
  Labels labels = Labels::kBoth;
  Shape shape = Shape::kObjects;
  std::vector<DerivedColumn> derived;                  // columns behind the cube's own
  std::shared_ptr<const Cube> named;                   // the cube's columns and these, without rows; null: none derived
  std::string sort_text, select_text, transform_text;  // as given, for the canonical form
};

struct ParseOptions {
  // Also codes of the dataset, though not in this cube: those of the newest version. May be null.
  const Cube* newest = nullptr;
  // Reserved parameters that the route takes; filters are always taken.
  std::vector<std::string_view> reserved = {"select",  "sort",  "limit", "cursor", "group", "agg",
                                            "partial", "mixed", "last",  "labels", "shape"};
  // Taken by the caller and passed over here.
  std::vector<std::string_view> passed = {};
};

Checked<Query> ParseQuery(const std::vector<Parameter>& parameters, const Cube& cube, const ParseOptions& options);

enum class Paging : std::uint8_t { kWith, kWithout };
// The query in the one form that all ways to write it share, without '?': filters, then reserved parameters; `vintage`
// ("vintage=41") stands in its place. Percent-encoded.
std::string ToCanonical(const Query& query, const Cube& cube, const std::string& vintage, Paging paging);
std::string EncodeValue(std::string_view text);
// One value of a filter, in which commas are its own: `\,`; encoded.
std::string FilterValue(std::string_view value);

// The words nearest to `word`: case does not count, at most two edits; the best first, five at most.
std::vector<std::string> NearestWords(std::string_view word, const std::vector<std::string>& words);

}  // namespace tidemill::query
