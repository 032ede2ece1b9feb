// SPDX-License-Identifier: Apache-2.0
#include "tidemill/prefect/settings.h"

#include <algorithm>
#include <array>

#include "tidemill/base/text.h"
#include "tidemill/http/url.h"
#include "tidemill/prefect/json.h"

namespace tidemill::prefect {
namespace {

using base::ErrorCode;

// What has a meaning here. Others of a profile are handed on to child processes and otherwise left alone.
constexpr std::array<std::string_view, 5> kKnown{"PREFECT_API_URL", "PREFECT_API_KEY", "PREFECT_API_AUTH_STRING",
                                                 "PREFECT_CLIENT_CUSTOM_HEADERS", "PREFECT_SERVER_API_AUTH_STRING"};

std::string ValueOf(const std::vector<Setting>& settings, std::string_view name) {
  const auto found =
      std::find_if(settings.begin(), settings.end(), [&](const Setting& setting) { return setting.name == name; });
  return found != settings.end() ? found->value : std::string();
}

base::Result<std::vector<std::pair<std::string, std::string>>> ParseHeaders(const std::string& text) {
  std::vector<std::pair<std::string, std::string>> headers;
  if (text.empty()) return headers;
  TIDEMILL_ASSIGN(const json::value parsed, ParseJson(text, "PREFECT_CLIENT_CUSTOM_HEADERS"));
  for (const auto& [name, value] : AsObject(parsed)) headers.emplace_back(std::string(name), AsText(value));
  return headers;
}

}  // namespace

bool IsSecretSetting(std::string_view name) {
  return name.ends_with("_KEY") || name.ends_with("AUTH_STRING") || name.ends_with("PASSWORD") ||
         name.ends_with("CUSTOM_HEADERS");
}

base::Result<std::vector<Setting>> AllSettings(const Environment& environment) {
  TIDEMILL_ASSIGN(Profiles profiles, LoadProfiles(environment));
  std::vector<Setting> all;
  if (const Profile* profile = profiles.Find(profiles.active)) {
    for (const auto& [name, value] : profile->settings) {
      const std::string set = environment(name);
      all.push_back(set.empty() ? Setting{name, value, "profile " + profile->name} : Setting{name, set, "env"});
    }
  }
  for (const std::string_view name : kKnown) {
    const std::string set = environment(std::string(name));
    if (!set.empty() && ValueOf(all, name).empty()) all.push_back({std::string(name), set, "env"});
  }
  std::sort(all.begin(), all.end(), [](const Setting& a, const Setting& b) { return a.name < b.name; });
  return all;
}

base::Result<ApiSettings> LoadSettings(const Environment& environment) {
  TIDEMILL_ASSIGN(const std::vector<Setting> all, AllSettings(environment));
  ApiSettings api;
  std::string url = ValueOf(all, "PREFECT_API_URL");
  api.configured = !url.empty();
  if (url.empty()) url = kLocalServer;
  while (url.ends_with('/')) url.pop_back();
  const http::UrlParts parts = http::SplitUrl(url);
  if ((parts.scheme != "http" && parts.scheme != "https") || parts.authority.value_or("").empty()) {
    return base::Fail(ErrorCode::kInvalid, "PREFECT_API_URL is {}: expected an address such as {}", base::Quoted(url),
                      kLocalServer);
  }
  api.url = std::move(url);
  api.api_key = ValueOf(all, "PREFECT_API_KEY");
  api.auth_string = ValueOf(all, "PREFECT_API_AUTH_STRING");
  TIDEMILL_ASSIGN(api.headers, ParseHeaders(ValueOf(all, "PREFECT_CLIENT_CUSTOM_HEADERS")));
  return api;
}

}  // namespace tidemill::prefect
