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

}  // namespace

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
