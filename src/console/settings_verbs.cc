// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "tidemill/base/text.h"
#include "tidemill/http/url.h"

#include "deployment.h"
#include "handlers.h"
#include "show.h"

namespace tidemill::console {
namespace {

namespace json = prefect::json;
using base::ErrorCode;
using base::Fail;
using base::Status;
using prefect::Profile;
using prefect::Profiles;
using prefect::TextIn;

std::string Shown(const std::string& name, const std::string& value) {
  if (prefect::IsSecretSetting(name)) return "********";
  return name.ends_with("_URL") ? http::MaskUrl(value) : value;
}

Status SaveAndSay(const Context& context, const Profiles& profiles, const std::string& said) {
  TIDEMILL_CHECK(prefect::SaveProfiles(profiles));
  context.Print(said);
  return {};
}

base::Result<Profile*> ProfileNamed(Profiles& profiles, const std::string& name) {
  if (Profile* found = profiles.Find(name)) return found;
  std::vector<std::string> names;
  for (const Profile& profile : profiles.all) names.push_back(profile.name);
  return Fail(ErrorCode::kNotFound, "there is no profile {}; there are: {}", base::Quoted(name),
              names.empty() ? "none" : base::Join(names, ", "));
}

void SetIn(Profile& profile, const std::string& name, const std::string& value) {
  for (auto& [key, old] : profile.settings) {
    if (key == name) {
      old = value;
      return;
    }
  }
  profile.settings.emplace_back(name, value);
}

}  // namespace

Status GetVariable(const Context& context) {
  const auto found = context.client().Get("/variables/name/" + prefect::PathPart(context.Text("NAME")), context.ask());
  return ShowDone(context, found, found ? TextIn(*found, "value") : std::string());
}

// A stock server's rows are the keys, with ids of their own: the artifact's is another member.
Status ListArtifacts(const Context& context) {
  TIDEMILL_ASSIGN(const json::value body, BodyOf(context));
  TIDEMILL_ASSIGN(json::value rows, context.client().Post("/artifacts/latest/filter", body, context.ask()));
  if (!rows.is_array()) rows = json::array();
  for (json::value& row : rows.get_array()) {
    if (!row.is_object()) continue;
    const std::string latest = TextIn(row, "latest_id");
    row.get_object()["artifact"] = latest.empty() ? TextIn(row, "id") : latest;
  }
  ShowRows(context, rows, "Key=key|ID=artifact|Type=type|Updated=updated");
  return {};
}

// Servers of 3.x keep JSON, those of 2.x texts.
Status SetVariable(const Context& context) {
  const std::string name = context.Text("NAME");
  const std::string path = "/variables/name/" + prefect::PathPart(name);
  const auto there = context.client().Get(path, context.ask());
  if (!there && there.error().code != ErrorCode::kNotFound) return tl::unexpected(there.error());
  if (there && !context.Has("overwrite")) {
    return Fail(ErrorCode::kConflict, "variable '{}' exists: --overwrite changes it", name);
  }
  TIDEMILL_ASSIGN(const int major, MajorOf(context));
  const std::string text = context.Text("VALUE");
  json::object body{{"value", major == 2 ? json::value(json::string(text)) : prefect::JsonOrText(text)}};
  if (context.Has("tag")) {
    json::array tags;
    for (const std::string& tag : context.arguments.List("tag")) tags.emplace_back(tag);
    body["tags"] = std::move(tags);
  }
  if (there) {
    return ShowDone(context, context.client().Ask("PATCH", path, body, context.ask()),
                    fmt::format("variable '{}' changed", name));
  }
  body["name"] = name;
  return ShowDone(context, context.client().Post("/variables/", body, context.ask()),
                  fmt::format("variable '{}' set", name));
}

Status ShowServerStatus(const Context& context) {
  TIDEMILL_ASSIGN(const json::value healthy,
                  context.client().Get("/health", {.repeats = 0, .stop = context.around.stop}));
  TIDEMILL_ASSIGN(const json::value version, context.client().Get("/admin/version", context.ask()));
  const std::string url = http::MaskUrl(context.client().settings().url);
  if (context.as_json) {
    context.around.print(
        prefect::ToIndentedText(json::object{{"url", url}, {"healthy", healthy}, {"version", version}}));
  } else {
    context.Print(fmt::format("{} answers as version {}", url, prefect::AsText(version)));
  }
  return {};
}

Status ListProfiles(const Context& context) {
  TIDEMILL_ASSIGN(const Profiles profiles, prefect::LoadProfiles(context.around.environment));
  json::array rows;
  for (const Profile& profile : profiles.all) {
    rows.push_back(json::object{{"name", profile.name}, {"active", profile.name == profiles.active ? "*" : ""}});
  }
  ShowRows(context, rows, "=active|Profile=name");
  return {};
}

Status ChangeProfile(const Context& context) {
  TIDEMILL_ASSIGN(Profiles profiles, prefect::LoadProfiles(context.around.environment));
  const std::string name = context.Text("NAME");
  const std::string_view verb = context.verb.name;
  if (verb == "create") {
    if (profiles.Find(name) != nullptr) return Fail(ErrorCode::kConflict, "profile {} exists", base::Quoted(name));
    Profile made{.name = name, .settings = {}};
    if (context.Has("from")) {
      TIDEMILL_ASSIGN(const Profile* const from, ProfileNamed(profiles, context.Text("from")));
      made.settings = from->settings;
    }
    profiles.all.push_back(std::move(made));
    return SaveAndSay(context, profiles,
                      fmt::format("profile '{}' created; `tidemill profile use {}` takes it", name, name));
  }
  TIDEMILL_ASSIGN(Profile* const profile, ProfileNamed(profiles, name));
  if (verb == "use") {
    profiles.active = name;
    return SaveAndSay(context, profiles, fmt::format("profile '{}' is active", name));
  }
  if (verb == "rename") {
    if (profiles.active == name) profiles.active = context.Text("NEW");
    profile->name = context.Text("NEW");
    return SaveAndSay(context, profiles, fmt::format("profile '{}' is now '{}'", name, profile->name));
  }
  if (verb == "delete") {
    if (profiles.active == name)
      return Fail(ErrorCode::kConflict, "profile '{}' is active: use another one first", name);
    std::erase_if(profiles.all, [&](const Profile& one) { return one.name == name; });
    return SaveAndSay(context, profiles, fmt::format("profile '{}' is deleted", name));
  }
  json::object shown;
  for (const auto& [key, value] : profile->settings) shown[key] = Shown(key, value);
  context.around.print(prefect::ToIndentedText(shown));
  return {};
}

Status ViewConfig(const Context& context) {
  TIDEMILL_ASSIGN(const auto settings, prefect::AllSettings(context.around.environment));
  TIDEMILL_ASSIGN(const Profiles profiles, prefect::LoadProfiles(context.around.environment));
  json::array rows;
  for (const prefect::Setting& setting : settings) {
    rows.push_back(json::object{
        {"name", setting.name}, {"value", Shown(setting.name, setting.value)}, {"source", setting.source}});
  }
  if (std::none_of(settings.begin(), settings.end(), [](const auto& one) { return one.name == "PREFECT_API_URL"; })) {
    rows.push_back(json::object{{"name", "PREFECT_API_URL"}, {"value", prefect::kLocalServer}, {"source", "default"}});
  }
  if (!context.as_json) context.Print(fmt::format("profile '{}' of {}", profiles.active, profiles.file));
  ShowRows(context, rows, "Setting=name|Value=value|From=source");
  return {};
}

Status SetConfig(const Context& context) {
  TIDEMILL_ASSIGN(Profiles profiles, prefect::LoadProfiles(context.around.environment));
  for (const std::string& text : context.arguments.List("SETTING")) {
    const std::size_t equals = text.find('=');
    if (equals == std::string::npos || !text.starts_with("PREFECT_")) {
      return Fail(ErrorCode::kInvalid, "{}: expected NAME=VALUE, such as PREFECT_API_URL={}", base::Quoted(text),
                  prefect::kLocalServer);
    }
    SetIn(profiles.ActiveOne(), text.substr(0, equals), text.substr(equals + 1));
    context.Print(fmt::format("{} set in profile '{}'", text.substr(0, equals), profiles.active));
  }
  return prefect::SaveProfiles(profiles);
}

Status UnsetConfig(const Context& context) {
  TIDEMILL_ASSIGN(Profiles profiles, prefect::LoadProfiles(context.around.environment));
  Profile& profile = profiles.ActiveOne();
  for (const std::string& name : context.arguments.List("SETTING")) {
    const std::size_t gone =
        std::erase_if(profile.settings, [&](const auto& setting) { return setting.first == name; });
    if (gone == 0) return Fail(ErrorCode::kNotFound, "{} is not set in profile '{}'", base::Quoted(name), profile.name);
    context.Print(fmt::format("{} unset in profile '{}'", name, profile.name));
  }
  return prefect::SaveProfiles(profiles);
}

}  // namespace tidemill::console
