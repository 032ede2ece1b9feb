// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <utility>

#include <fmt/format.h>

#include "tidemill/base/json_writer.h"
#include "tidemill/base/text.h"

#include "pages.h"
#include "query_text.h"

namespace tidemill::orchestrator {
namespace {

constexpr std::array kRunLineColumns{Column{"id", "r.id"},
                                     Column{"name", "r.name"},
                                     Column{"flow_id", "r.flow_id"},
                                     Column{"flow_name", "f.name"},
                                     Column{"deployment_id", "r.deployment_id"},
                                     Column{"deployment_name", "d.name"},
                                     Column{"state_type", "r.state_type"},
                                     Column{"state_name", "r.state_name"},
                                     Column{"message", "substr(s.message, 1, 300)"},
                                     Column{"tags", "r.tags", Kind::kJson},
                                     Column{"run_count", "r.run_count", Kind::kInt},
                                     Column{"is_subflow", "r.parent_task_run_id IS NOT NULL", Kind::kBool},
                                     Column{"expected_start_time", "r.expected_start", Kind::kInstant},
                                     Column{"next_scheduled_start_time", "r.next_start", Kind::kInstant},
                                     Column{"start_time", "r.start", Kind::kInstant},
                                     Column{"end_time", "r.end", Kind::kInstant},
                                     Column{"total_run_time", "r.total_run", Kind::kSeconds},
                                     Column{"state_at", "r.state_at", Kind::kInstant},
                                     Column{"cursor", "r.id"}};

}  // namespace

// Outer joins, so that the rows come in the order of an index of flow_run.
const Entity kRunLine{"Flow run", "flow_run r", kRunLineColumns,
                      "LEFT JOIN flow f ON f.id = r.flow_id LEFT JOIN deployment d ON d.id = r.deployment_id LEFT JOIN "
                      "run_state s ON s.id = r.state_id"};

const Entity kUpcomingRunLine{"Flow run", "flow_run r INDEXED BY flow_run_state", kRunLineColumns,
                              "LEFT JOIN flow f ON f.id = r.flow_id LEFT JOIN deployment d ON d.id = r.deployment_id "
                              "LEFT JOIN run_state s ON s.id = r.state_id"};

const Entity kSearchedRunLine{"Flow run", "flow_run r INDEXED BY flow_run_started", kRunLineColumns,
                              "LEFT JOIN flow f ON f.id = r.flow_id LEFT JOIN deployment d ON d.id = r.deployment_id "
                              "LEFT JOIN run_state s ON s.id = r.state_id"};

void AddCondition(Selection& selection, std::string_view sql, db::Value argument) {
  selection.arguments.push_back(std::move(argument));
  const std::string mark = fmt::format("?{}", selection.arguments.size() + 1);
  selection.where += " AND (" + fmt::format(fmt::runtime(sql), mark) + ")";
}

std::optional<std::string> QueryText(const Call& call, std::string_view name) {
  auto value = QueryValue(call.query, name);
  if (!value || value->empty()) return std::nullopt;
  return value;
}

Outcome<std::int64_t> QueryInt(const Call& call, std::string_view name, std::int64_t otherwise, std::int64_t least,
                               std::int64_t most) {
  const auto text = QueryText(call, name);
  if (!text) return otherwise;
  const auto number = base::ParseInt(*text);
  if (number && *number >= least && *number <= most) return *number;
  return RefuseMember(name,
                      fmt::format("{}: a whole number from {} to {} was expected", base::Quoted(*text), least, most));
}

Outcome<std::string> PagedJson(Call& call, const Entity& entity, Selection selection, std::string_view name,
                               std::int64_t limit) {
  base::JsonWriter json;
  json.BeginObject();
  TIDEMILL_CHECK(WritePage(call, entity, std::move(selection), name, limit, json));
  return json.EndObject().Take();
}

Outcome<void> WritePage(Call& call, const Entity& entity, Selection selection, std::string_view name,
                        std::int64_t limit, base::JsonWriter& json) {
  selection.limit = limit + 1;
  TIDEMILL_ASSIGN(auto rows, SelectJson(call, entity, selection));
  const bool more = static_cast<std::int64_t>(rows.size()) > limit;
  if (more) rows.pop_back();
  json.Key(name).Raw("[" + base::Join(rows, ",") + "]").Key("more").Bool(more);
  return {};
}

Outcome<void> WriteOne(Call& call, const Entity& entity, std::string_view column, const std::string& value,
                       std::string_view name, base::JsonWriter& json) {
  TIDEMILL_ASSIGN(const auto rows,
                  SelectJson(call, entity, {.where = std::string(column) + " = ?2", .arguments = {value}, .limit = 1}));
  json.Key(name).Raw(rows.empty() ? "null" : rows.front());
  return {};
}

Outcome<std::string> ListJson(Call& call, const Entity& entity, const Selection& selection) {
  TIDEMILL_ASSIGN(Answer answer, AnswerList(call, entity, selection));
  return std::move(answer.body);
}

Outcome<void> WriteParts(Call& call, std::span<const Part> parts, const db::Row& arguments, base::JsonWriter& json) {
  for (const Part& part : parts) {
    TIDEMILL_ASSIGN(const std::string list,
                    ListJson(call, part.entity,
                             {.where = part.where, .order = part.order, .arguments = arguments, .limit = part.limit}));
    json.Key(part.name).Raw(list);
  }
  return {};
}

}  // namespace tidemill::orchestrator
