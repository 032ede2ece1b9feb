// SPDX-License-Identifier: Apache-2.0
#include <chrono>

#include "tidemill/base/json_writer.h"

#include "instant.h"
#include "rounds.h"
#include "settings.h"

namespace tidemill::orchestrator {
namespace {

void WriteStart(const Settings& settings, base::JsonWriter& json) {
  const ServiceOptions& options = settings.options;
  json.Key("program").String(options.program).Key("started").String(InstantText(settings.started));
  json.Key("folder").String(options.folder).Key("password").Bool(!options.auth_string.empty());
  json.Key("own_secret_key").Bool(options.secret_key.empty()).Key("allow_clear").Bool(options.allow_clear);
  json.Key("allowed_hosts").BeginArray();
  for (const std::string& host : options.allowed_hosts) json.String(host);
  json.EndArray();
}

void WriteKept(base::JsonWriter& json) {
  json.Key("kept_days").BeginObject();
  json.Key("runs").Int(kKeepRuns.count()).Key("logs").Int(kKeepLogs.count());
  json.Key("events").Int(kKeepEvents.count()).Key("artifacts").Int(kKeepArtifacts.count());
  json.EndObject();
}

void WriteRounds(const Settings& settings, base::JsonWriter& json) {
  json.Key("services_run").Bool(settings.services).Key("services").BeginArray();
  for (const RoundSeen& round : settings.rounds) {
    json.BeginObject().Key("name").String(round.name);
    json.Key("every_seconds").Int(std::chrono::duration_cast<std::chrono::seconds>(round.every).count());
    json.Key("ran");
    if (round.ran == base::Time{}) {
      json.Null();
    } else {
      json.String(InstantText(round.ran));
    }
    json.Key("problem").String(round.problem).EndObject();
  }
  json.EndArray();
}

}  // namespace

Outcome<Answer> PageSettings(Call& call, const Settings& settings) {
  TIDEMILL_ASSIGN(const std::int64_t used, UsedBytes(call));
  base::JsonWriter json;
  json.BeginObject().Key("now").String(InstantText(call.now));
  WriteStart(settings, json);
  json.Key("used_bytes").Int(used).Key("most_bytes").Int(settings.options.most_bytes);
  WriteKept(json);
  WriteRounds(settings, json);
  return Answer{.status = 200, .body = json.EndObject().Take()};
}

}  // namespace tidemill::orchestrator
