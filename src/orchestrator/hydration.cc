// SPDX-License-Identifier: Apache-2.0
#include "hydration.h"

#include <optional>
#include <utility>

#include <boost/json/array.hpp>
#include <boost/json/parse.hpp>
#include <fmt/format.h>

#include "automations.h"
#include "entity.h"

namespace tidemill::orchestrator {
namespace {

class Hydration {
 public:
  explicit Hydration(Call& call) : call_(call) {}

  // Nothing for what says that it is another thing, and not which: that is left out.
  Outcome<std::optional<json::value>> Value(const json::value& value) {
    if (value.is_array()) return List(value.get_array());
    if (!value.is_object()) return std::optional(value);
    const json::object& object = value.get_object();
    if (!object.contains("__prefect_kind")) {
      TIDEMILL_ASSIGN(json::object members, Object(object));
      return std::optional<json::value>(std::move(members));
    }
    const std::string kind = TextMember(object, "__prefect_kind").value_or("none");
    if (kind == "json") return Json(object);
    if (kind == "jinja") return Template(object);
    if (kind == "workspace_variable") return Variable(object);
    const json::value* inside = object.if_contains("value");
    if (inside == nullptr) return Wrong("Missing 'value' key in __prefect object");
    return Value(*inside);
  }

  Outcome<json::object> Object(const json::object& object) {
    json::object members;
    for (const auto& [name, member] : object) {
      TIDEMILL_ASSIGN(auto value, Value(member));
      if (value) members[name] = *std::move(value);
    }
    return members;
  }

  const std::string& wrong() const { return wrong_; }

 private:
  std::optional<json::value> Wrong(std::string why) {
    if (wrong_.empty()) wrong_ = std::move(why);
    return std::nullopt;
  }

  Outcome<std::optional<json::value>> List(const json::array& list) {
    json::array elements;
    for (const json::value& element : list) {
      TIDEMILL_ASSIGN(auto value, Value(element));
      if (value) elements.push_back(*std::move(value));
    }
    return std::optional<json::value>(std::move(elements));
  }

  // A text that may be told in another way itself.
  Outcome<std::optional<json::value>> Inside(const json::object& object, std::string_view name) {
    const json::value* inside = object.if_contains({name.data(), name.size()});
    if (inside == nullptr) return std::optional<json::value>();
    return Value(*inside);
  }

  Outcome<std::optional<json::value>> Json(const json::object& object) {
    TIDEMILL_ASSIGN(auto inside, Inside(object, "value"));
    if (!inside || !inside->is_string()) return inside;
    boost::system::error_code error;
    json::value parsed = json::parse(inside->get_string(), error);
    if (error) return Wrong(fmt::format("Invalid JSON: {}", error.message()));
    return std::optional(std::move(parsed));
  }

  Outcome<std::optional<json::value>> Template(const json::object& object) {
    TIDEMILL_ASSIGN(const auto inside, Inside(object, "template"));
    if (!inside || !inside->is_string()) return Wrong("Missing 'template' key in __prefect object");
    const std::string_view text = inside->get_string();
    if (const std::string bad = BadPlaceholder(text); !bad.empty())
      return Wrong(fmt::format("Invalid jinja: {} is nothing that this server fills in", bad));
    return std::optional<json::value>(json::string(FillTemplate(text, EmptyObject())));
  }

  Outcome<std::optional<json::value>> Variable(const json::object& object) {
    TIDEMILL_ASSIGN(const auto inside, Inside(object, "variable_name"));
    if (!inside || !inside->is_string()) return std::optional<json::value>();
    const std::string name(inside->get_string());
    TIDEMILL_ASSIGN(const db::Value value, SelectValue(call_, "SELECT value FROM variable WHERE name = ?1", {name}));
    if (db::IsNull(value)) return Wrong(fmt::format("Variable '{}' not found in workspace.", name));
    return std::optional(json::parse(db::TextOf(value)));
  }

  Call& call_;
  std::string wrong_;
};

}  // namespace

Outcome<Hydrated> Hydrate(Call& call, const json::object& values) {
  Hydration hydration(call);
  TIDEMILL_ASSIGN(json::object filled, hydration.Object(values));
  return Hydrated{std::move(filled), hydration.wrong()};
}

Outcome<json::object> HydrateOrRefuse(Call& call, const json::object& values, std::string_view context) {
  TIDEMILL_ASSIGN(Hydrated hydrated, Hydrate(call, values));
  if (!hydrated.wrong.empty()) return Refuse(400, fmt::format("{}: {}", context, hydrated.wrong));
  return std::move(hydrated.values);
}

}  // namespace tidemill::orchestrator
