// SPDX-License-Identifier: Apache-2.0
#include "version_checks.h"

namespace tidemill::data_api {

void BeginChecks(base::JsonWriter& json, const dataset::CommitFacts& commit) {
  json.Key("checks").BeginObject().Key("passed").Int(commit.checks_passed);
  json.Key("failed").Int(commit.checks_failed).Key("waived").Int(commit.checks_waived);
}

void WriteEachCheck(base::JsonWriter& json, const dataset::CommitFacts& commit) {
  if (commit.checks.empty()) return;
  json.Key("each").BeginArray();
  for (const dataset::VersionCheck& one : commit.checks) {
    json.BeginObject().Key("check").String(one.check).Key("result").String(one.result);
    json.Key("count").Int(one.count).EndObject();
  }
  json.EndArray();
}

}  // namespace tidemill::data_api
