// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "tidemill/base/result.h"

// Where the server is and who asks, as Prefect's clients know it: the environment, else the active profile of
// $PREFECT_HOME/profiles.toml (by default ~/.prefect), else a server on this machine.
namespace tidemill::prefect {

inline constexpr std::string_view kLocalServer = "http://127.0.0.1:4200/api";

// The value of an environment variable, empty where it is not set.
using Environment = std::function<std::string(const std::string& name)>;

struct Setting {
  std::string name, value;
  std::string source;  // "env", "profile NAME", "default"
};

struct ApiSettings {
  std::string url = std::string(kLocalServer);  // without a slash at its end
  bool configured = false;                      // somebody said where the server is
  std::string api_key, auth_string;
  std::vector<std::pair<std::string, std::string>> headers;  // PREFECT_CLIENT_CUSTOM_HEADERS
};

// kMalformed for a profiles file that is no TOML, kInvalid for an address that is no http(s) URL.
base::Result<ApiSettings> LoadSettings(const Environment& environment);
// All that is set, by name: what a child process needs to report to the same server.
base::Result<std::vector<Setting>> AllSettings(const Environment& environment);
// True for keys and passwords: shown as asterisks.
bool IsSecretSetting(std::string_view name);

// The profiles file. Every change is written whole or not at all.
struct Profile {
  std::string name;
  std::vector<std::pair<std::string, std::string>> settings;
};
struct Profiles {
  std::string file;
  std::string active = "default";
  std::vector<Profile> all;

  Profile* Find(std::string_view name);
  Profile& ActiveOne();  // made where it is not there
};
base::Result<Profiles> LoadProfiles(const Environment& environment);
base::Status SaveProfiles(const Profiles& profiles);

}  // namespace tidemill::prefect
