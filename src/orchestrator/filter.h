// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "answer.h"
#include "body.h"
#include "entity.h"

namespace tidemill::orchestrator {

// Prefect's filter language as SQL. A filter is an object of members, each with leaves such as {"any_": […]}; a member
// may hold members of its own ("state": {"type": …}). Null and absent mean: no condition.
enum class Leaf : std::uint8_t { kText, kId, kInstant, kNumber, kBool, kTags, kStateType };

struct FilterMember {
  std::string_view path;  // "name", "state.type"
  std::string_view sql;   // the column, with the alias below
  Leaf leaf = Leaf::kText;
};

struct FilterTable {
  std::string_view key;    // "flow_runs"
  std::string_view alias;  // of the table in `sql` above
  std::span<const FilterMember> members;
  std::string_view apart = {};  // a member that is read elsewhere
};

struct SortOrder {
  std::string_view name;  // "START_TIME_DESC"
  std::string_view sql;
};

// Another entity's filter as a condition on this one: "r.flow_id IN (SELECT f.id FROM flow f WHERE {})".
struct Relation {
  std::string_view key;  // "flows"
  const FilterTable& table;
  std::string_view condition;
};

// What a filter route can do.
struct Searchable {
  const Entity& entity;
  const FilterTable& table;
  std::span<const Relation> relations;
  std::span<const SortOrder> orders;  // the first is the default
};

// "?7" for a new argument.
std::string Mark(Selection& selection, db::Value value);
// Of LIKE with ESCAPE '\': texts that begin with this one, or hold it anywhere.
std::string LikePattern(std::string_view text, bool anywhere);
// Adds the filter's condition to `selection`. 422 for leaves that are unknown or of a wrong type.
Outcome<void> AddFilter(const FilterTable& table, const json::object& filter, Selection& selection);
// The whole body of a filter route: filters, sort, limit (200 at most), offset.
Outcome<Selection> ReadSearch(const Searchable& searchable, const json::value& body);
// The same without sort and limit, for counts.
Outcome<Selection> ReadConditions(const Searchable& searchable, const json::value& body);

// "limit", 200 where nothing is said: 422 for more than that, or less than 0.
Outcome<std::int64_t> ReadLimit(Members& members);

// POST …/filter and …/count.
Outcome<Answer> AnswerFilter(Call& call, const Searchable& searchable);
Outcome<Answer> AnswerFilterCount(Call& call, const Searchable& searchable);
// POST …/paginate: {"results": […], "count", "limit", "pages", "page"}.
Outcome<Answer> AnswerPage(Call& call, const Searchable& searchable);

}  // namespace tidemill::orchestrator
