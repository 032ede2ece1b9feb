// SPDX-License-Identifier: Apache-2.0
#include "tidemill/base/text.h"
#include "tidemill/prefect/deployment_file.h"

#include "handlers.h"
#include "show.h"

namespace tidemill::console {
namespace {

namespace json = prefect::json;
using base::ErrorCode;
using base::Fail;
using base::Result;
using base::Status;
using prefect::TextIn;

// One automation, a list of them, or {"automations": […]}: files of `prefect automation create` hold any of these.
Result<json::array> AutomationsIn(const json::value& whole) {
  if (whole.is_array()) return whole.get_array();
  if (const json::value* list = prefect::Find(whole, "automations"); list != nullptr && list->is_array())
    return list->get_array();
  if (whole.is_object()) return json::array{whole};
  return Fail(ErrorCode::kInvalid, "no automation: an object with name, trigger and actions was expected");
}

Result<json::value> ReadGiven(const Context& context) {
  if (context.Has("from-file") == context.Has("from-json"))
    return Fail(ErrorCode::kInvalid, "expected one of --from-file and --from-json");
  if (context.Has("from-json")) return prefect::ParseJson(context.Text("from-json"), "--from-json");
  const std::string file = context.Text("from-file");
  TIDEMILL_ASSIGN(const std::string text, context.around.read_file(file));
  const bool is_json = file.ends_with(".json") || base::Trim(text).starts_with('{');
  return is_json ? prefect::ParseJson(text, file) : prefect::ParseYaml(text, file);
}

bool IsId(std::string_view text) {
  return text.size() == 36 && text.find_first_not_of("0123456789abcdefABCDEF-") == std::string_view::npos;
}

// By its name, as Prefect's commands have it, or by its ID.
Result<std::string> PathOfAutomation(const Context& context) {
  constexpr std::string_view kAll = "/automations/";
  const std::string said = context.Text("AUTOMATION");
  if (IsId(said)) return std::string(kAll) + said;
  const json::object filter{
      {"automations", json::object{{"name", json::object{{"any_", json::array{json::string(said)}}}}}}};
  TIDEMILL_ASSIGN(const json::value found, context.client().Post("/automations/filter", filter, context.ask()));
  const json::array& all = prefect::AsArray(found);
  if (all.empty()) return Fail(ErrorCode::kNotFound, "there is no automation {}", base::Quoted(said));
  if (all.size() > 1) {
    return Fail(ErrorCode::kConflict, "{} automations have the name {}: say the ID of one, as `ls` shows it",
                all.size(), base::Quoted(said));
  }
  return std::string(kAll) + TextIn(all.front(), "id");
}

Status SetEnabled(const Context& context, bool enabled, std::string_view said) {
  TIDEMILL_ASSIGN(const std::string path, PathOfAutomation(context));
  return ShowDone(context, context.client().Ask("PATCH", path, json::object{{"enabled", enabled}}, context.ask()),
                  fmt::format("automation {} is {}", context.Text("AUTOMATION"), said));
}

}  // namespace

Status InspectAutomation(const Context& context) {
  TIDEMILL_ASSIGN(const std::string path, PathOfAutomation(context));
  return ShowOne(context, context.client().Get(path, context.ask()));
}

Status PauseAutomation(const Context& context) {
  return SetEnabled(context, false, "paused");
}

Status ResumeAutomation(const Context& context) {
  return SetEnabled(context, true, "in force");
}

Status DeleteAutomation(const Context& context) {
  TIDEMILL_ASSIGN(const std::string path, PathOfAutomation(context));
  return ShowDone(context, context.client().Ask("DELETE", path, nullptr, context.ask()),
                  fmt::format("automation {} is deleted", context.Text("AUTOMATION")));
}

Status CreateAutomations(const Context& context) {
  TIDEMILL_ASSIGN(const json::value whole, ReadGiven(context));
  TIDEMILL_ASSIGN(const json::array all, AutomationsIn(whole));
  for (const json::value& one : all) {
    TIDEMILL_ASSIGN(const json::value made, context.client().Post("/automations/", one, context.ask()));
    TIDEMILL_CHECK(ShowDone(context, made,
                            fmt::format("automation '{}' created (id {})", TextIn(made, "name"), TextIn(made, "id"))));
  }
  return {};
}

// The address is shown once more by `ls`: whoever has it may post.
Status CreateHook(const Context& context) {
  TIDEMILL_ASSIGN(const json::value made,
                  context.client().Post("/hooks", json::object{{"name", context.Text("NAME")}}, context.ask()));
  return ShowDone(
      context, made,
      fmt::format("hook '{}' created: what is posted to {}/hooks/{} becomes the event "
                  "tidemill.hook.received of tidemill.hook.{}",
                  TextIn(made, "name"), context.client().settings().url, TextIn(made, "id"), TextIn(made, "name")));
}

}  // namespace tidemill::console
