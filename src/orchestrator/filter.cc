// SPDX-License-Identifier: Apache-2.0
#include "filter.h"

#include <algorithm>
#include <optional>
#include <utility>
#include <vector>

#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>
#include <fmt/format.h>

#include "tidemill/base/text.h"

#include "instant.h"
#include "state.h"

namespace tidemill::orchestrator {
namespace {

constexpr std::int64_t kMostRows = 200;

std::string StringOf(const json::value& value) {
  return {value.get_string().data(), value.get_string().size()};
}

// One value as the column keeps it; nothing where its type is wrong.
std::optional<db::Value> Argument(Leaf leaf, const json::value& value) {
  if (leaf == Leaf::kNumber) {
    if (!value.is_number()) return std::nullopt;
    return db::Value(value.to_number<double>());
  }
  if (!value.is_string()) return std::nullopt;
  if (leaf == Leaf::kId) {
    auto id = ParseId(StringOf(value));
    return id ? std::optional<db::Value>(*std::move(id)) : std::nullopt;
  }
  if (leaf == Leaf::kInstant) {
    const auto time = ParseInstant(StringOf(value));
    return time ? std::optional<db::Value>(Micros(*time)) : std::nullopt;
  }
  if (leaf == Leaf::kStateType && !ParseStateType(StringOf(value))) return std::nullopt;
  return db::Value(StringOf(value));
}

// A list as JSON text for json_each; nothing where an element's type is wrong.
std::optional<std::string> ListArgument(Leaf leaf, const json::value& value) {
  if (!value.is_array()) return std::nullopt;
  json::array list;
  for (const json::value& element : value.get_array()) {
    const auto argument = Argument(leaf, element);
    if (!argument) return std::nullopt;
    if (const auto* text = std::get_if<std::string>(&*argument)) {
      list.emplace_back(*text);
    } else if (const auto* number = std::get_if<std::int64_t>(&*argument)) {
      list.emplace_back(*number);
    } else {
      list.emplace_back(db::DoubleOf(*argument));
    }
  }
  return json::serialize(list);
}

// As by Prefect the text may itself be a pattern: % and _ stand for any letters.
std::string ClientPattern(std::string_view text, bool anywhere) {
  return fmt::format("{}{}%", anywhere ? "%" : "", text);
}

// What the conditions on tags imply, and cheap: that their texts stand in the list, before it is read as JSON.
std::string MentionsTags(std::string_view sql, std::string_view joined, const json::array& tags, Selection& selection) {
  constexpr std::size_t kMostTags = 10;
  if (tags.empty() || tags.size() > kMostTags) return "1";
  std::vector<std::string> parts;
  for (const json::value& tag : tags) {
    parts.push_back(fmt::format("instr({}, {}) > 0", sql, Mark(selection, json::serialize(tag))));
  }
  return "(" + base::Join(parts, joined) + ")";
}

std::string TagCondition(std::string_view sql, bool any, const std::string& list, const json::array& tags,
                         Selection& selection) {
  const std::string mentioned = MentionsTags(sql, any ? " OR " : " AND ", tags, selection);
  const std::string mark = Mark(selection, list);
  if (any) {
    return fmt::format("{0} AND EXISTS(SELECT 1 FROM json_each({1}) t JOIN json_each({2}) w ON t.value = w.value)",
                       mentioned, sql, mark);
  }
  return fmt::format(
      "{0} AND NOT EXISTS(SELECT 1 FROM json_each({2}) w WHERE w.value NOT IN (SELECT t.value FROM json_each({1}) t))",
      mentioned, sql, mark);
}

std::optional<std::string> ListCondition(std::string_view sql, Leaf leaf, std::string_view operation,
                                         const json::value& value, Selection& selection) {
  const auto list = ListArgument(leaf, value);
  if (!list) return std::nullopt;
  if (leaf == Leaf::kTags) {
    if (operation == "not_any_") return std::nullopt;
    return "(" + TagCondition(sql, operation == "any_", *list, value.get_array(), selection) + ")";
  }
  const std::string mark = Mark(selection, *list);
  const std::string inside = fmt::format("IN (SELECT value FROM json_each({}))", mark);
  return fmt::format("{} {}{}", sql, operation == "any_" ? "" : "NOT ", inside);  // null is in neither
}

// Each text a prefix or a part: startswith_ takes a list.
std::optional<std::string> LikeCondition(std::string_view sql, std::string_view operation, const json::value& value,
                                         Selection& selection) {
  std::vector<std::string> parts;
  const auto add = [&](const json::value& text) {
    if (!text.is_string()) return false;
    const std::string mark = Mark(selection, ClientPattern(StringOf(text), operation == "like_"));
    parts.push_back(fmt::format("{} LIKE {}", sql, mark));
    return true;
  };
  if (value.is_array()) {
    const auto& list = value.get_array();
    if (!std::all_of(list.begin(), list.end(), add)) return std::nullopt;
  } else if (!add(value)) {
    return std::nullopt;
  }
  return parts.empty() ? "0" : "(" + base::Join(parts, " OR ") + ")";
}

std::optional<std::string> NullCondition(std::string_view sql, Leaf leaf, bool absent) {
  if (leaf == Leaf::kTags) return fmt::format("json_array_length({}) {} 0", sql, absent ? "=" : "<>");
  return fmt::format("{} IS {}NULL", sql, absent ? "" : "NOT ");
}

std::string_view Comparison(std::string_view operation) {
  if (operation == "before_" || operation == "le_") return "<=";
  if (operation == "after_" || operation == "ge_") return ">=";
  return {};
}

// One leaf as SQL, or nothing where it is unknown or its value is of a wrong type.
std::optional<std::string> LeafCondition(const FilterMember& member, std::string_view operation,
                                         const json::value& value, Selection& selection) {
  const std::string_view sql = member.sql;
  if (operation == "any_" || operation == "not_any_" || operation == "all_") {
    return ListCondition(sql, member.leaf, operation, value, selection);
  }
  if (operation == "like_" || operation == "startswith_") return LikeCondition(sql, operation, value, selection);
  if (operation == "is_null_" || operation == "exists_") {
    if (!value.is_bool()) return std::nullopt;
    return NullCondition(sql, member.leaf, value.get_bool() == (operation == "is_null_"));
  }
  if (operation == "eq_" && value.is_bool()) return fmt::format("{} = {}", sql, value.get_bool() ? 1 : 0);
  const std::string_view sign = operation == "eq_" ? "=" : Comparison(operation);
  const auto argument = Argument(member.leaf, value);
  if (sign.empty() || !argument) return std::nullopt;
  return fmt::format("{} {} {}", sql, sign, Mark(selection, *argument));
}

class Compiler {
 public:
  Compiler(const FilterTable& table, Selection& selection) : table_(table), selection_(selection) {}

  // The conditions of an object's members, joined by its operator.
  Outcome<std::string> Object(const json::object& object, const std::string& path) {
    std::vector<std::string> conditions;
    std::string_view joined = " AND ";
    for (const auto& [key, value] : object) {
      const std::string_view name(key.data(), key.size());
      if (value.is_null()) continue;
      if (name == "operator") {
        if (value.is_string() && value.get_string() == "or_") joined = " OR ";
        continue;
      }
      TIDEMILL_ASSIGN(auto condition, Member(name, value, path));
      if (!condition.empty()) conditions.push_back(std::move(condition));
    }
    if (conditions.empty()) return std::string();
    return "(" + base::Join(conditions, joined) + ")";
  }

 private:
  Outcome<std::string> Member(std::string_view name, const json::value& value, const std::string& path) {
    if (path.empty() && name == table_.apart) return std::string();
    const auto* member = FindMember(path);
    if (member != nullptr && name.ends_with('_')) {
      auto condition = LeafCondition(*member, name, value, selection_);
      if (!condition)
        return RefuseMember(fmt::format("{}.{}.{}", table_.key, path, name),
                            "no such filter, or a value of a wrong type");
      return *std::move(condition);
    }
    const std::string below = path.empty() ? std::string(name) : fmt::format("{}.{}", path, name);
    if (!Known(below)) return RefuseMember(fmt::format("{}.{}", table_.key, below), "no such filter");
    if (!value.is_object()) return RefuseMember(fmt::format("{}.{}", table_.key, below), "an object was expected");
    return Object(value.get_object(), below);
  }

  const FilterMember* FindMember(std::string_view path) const {
    const auto at = std::find_if(table_.members.begin(), table_.members.end(),
                                 [&](const FilterMember& member) { return member.path == path; });
    return at == table_.members.end() ? nullptr : &*at;
  }
  bool Known(const std::string& path) const {
    return std::any_of(table_.members.begin(), table_.members.end(), [&](const FilterMember& member) {
      return member.path == path || member.path.starts_with(path + ".");
    });
  }

  const FilterTable& table_;
  Selection& selection_;
};

Outcome<void> AddRelation(const Relation& relation, const json::object& filter, Selection& selection) {
  TIDEMILL_ASSIGN(const std::string condition, Compiler(relation.table, selection).Object(filter, ""));
  if (condition.empty()) return {};
  const std::size_t gap = relation.condition.find("{}");
  selection.where +=
      fmt::format(" AND {}{}{}", relation.condition.substr(0, gap), condition, relation.condition.substr(gap + 2));
  return {};
}

Outcome<void> ReadPaging(Members& members, Selection& selection) {
  TIDEMILL_ASSIGN(selection.limit, ReadLimit(members));
  selection.offset = members.Int("offset").value_or(0);
  TIDEMILL_CHECK(members.Check());
  if (selection.offset < 0) return RefuseMember("offset", "a number of 0 or more was expected");
  return {};
}

}  // namespace

Outcome<std::int64_t> ReadLimit(Members& members) {
  const std::int64_t limit = members.Int("limit").value_or(kMostRows);
  TIDEMILL_CHECK(members.Check());
  if (limit > kMostRows) return Refuse(422, "Invalid limit: must be less than or equal to 200.");
  if (limit < 0) return RefuseMember("limit", "a number of 0 or more was expected");
  return limit;
}

std::string Mark(Selection& selection, db::Value value) {
  selection.arguments.push_back(std::move(value));
  return fmt::format("?{}", selection.arguments.size() + 1);
}

std::string LikePattern(std::string_view text, bool anywhere) {
  std::string pattern = anywhere ? "%" : "";
  for (const char c : text) {
    if (c == '%' || c == '_' || c == '\\') pattern += '\\';
    pattern += c;
  }
  return pattern + '%';
}

Outcome<void> AddFilter(const FilterTable& table, const json::object& filter, Selection& selection) {
  TIDEMILL_ASSIGN(const std::string condition, Compiler(table, selection).Object(filter, ""));
  if (!condition.empty()) selection.where += " AND " + condition;
  return {};
}

Outcome<Selection> ReadConditions(const Searchable& searchable, const json::value& body) {
  Members members(body);
  TIDEMILL_CHECK(members.Check());
  Selection selection;
  if (const json::object* filter = members.Object(searchable.table.key)) {
    TIDEMILL_CHECK(AddFilter(searchable.table, *filter, selection));
  }
  for (const Relation& relation : searchable.relations) {
    const json::object* filter = members.Object(relation.key);
    if (filter != nullptr) TIDEMILL_CHECK(AddRelation(relation, *filter, selection));
  }
  TIDEMILL_CHECK(members.Check());
  return selection;
}

Outcome<Selection> ReadSearch(const Searchable& searchable, const json::value& body) {
  TIDEMILL_ASSIGN(Selection selection, ReadConditions(searchable, body));
  Members members(body);
  TIDEMILL_CHECK(ReadPaging(members, selection));
  const auto sort = members.Text("sort");
  TIDEMILL_CHECK(members.Check());
  const auto at = std::find_if(searchable.orders.begin(), searchable.orders.end(),
                               [&](const SortOrder& order) { return !sort || order.name == *sort; });
  if (at == searchable.orders.end()) return RefuseMember("sort", "no such order: " + base::Quoted(*sort));
  selection.order = at->sql;
  return selection;
}

Outcome<Answer> AnswerFilter(Call& call, const Searchable& searchable) {
  TIDEMILL_ASSIGN(const Selection selection, ReadSearch(searchable, call.body));
  return AnswerList(call, searchable.entity, selection);
}

Outcome<Answer> AnswerFilterCount(Call& call, const Searchable& searchable) {
  TIDEMILL_ASSIGN(const Selection selection, ReadConditions(searchable, call.body));
  return AnswerCount(call, searchable.entity, selection);
}

Outcome<Answer> AnswerPage(Call& call, const Searchable& searchable) {
  TIDEMILL_ASSIGN(Selection selection, ReadSearch(searchable, call.body));
  Members members(call.body);
  const std::int64_t page = members.Int("page").value_or(1);
  TIDEMILL_CHECK(members.Check());
  if (page < 1) return RefuseMember("page", "a number of 1 or more was expected");
  selection.offset = (page - 1) * selection.limit;
  TIDEMILL_ASSIGN(const Answer count, AnswerCount(call, searchable.entity, selection));
  TIDEMILL_ASSIGN(const Answer list, AnswerList(call, searchable.entity, selection));
  const std::int64_t total = base::ParseInt(count.body).value_or(0);
  const std::int64_t pages = selection.limit > 0 ? (total + selection.limit - 1) / selection.limit : 0;
  return Answer{.status = 200,
                .body = fmt::format(R"({{"results":{},"count":{},"limit":{},"pages":{},"page":{}}})", list.body, total,
                                    selection.limit, pages, page)};
}

}  // namespace tidemill::orchestrator
