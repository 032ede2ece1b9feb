// SPDX-License-Identifier: Apache-2.0
#include "changes.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "tidemill/base/date.h"
#include "tidemill/base/json_writer.h"
#include "tidemill/base/text.h"

namespace tidemill::data_api {
namespace {

using Loaded = std::shared_ptr<const LoadedDataset>;

bool Before(const Change& a, const Change& b) {
  if (a.version.recorded != b.version.recorded) return a.version.recorded < b.version.recorded;
  return std::pair(a.dataset->id, a.version.number) < std::pair(b.dataset->id, b.version.number);
}

}  // namespace

base::Result<std::vector<Change>> ListAllChanges(const Catalog& catalog, std::string_view dataset) {
  std::vector<Change> changes;
  for (const auto& [id, loaded] : catalog.datasets) {
    if (!loaded->vintages || (!dataset.empty() && dataset != id)) continue;
    TIDEMILL_ASSIGN(const auto versions, loaded->vintages->List());
    for (const dataset::Version& version : *versions) changes.push_back({loaded, version});
  }
  std::sort(changes.begin(), changes.end(), Before);
  return changes;
}

base::Result<std::vector<Change>> ChangesSince(const Catalog& catalog, std::string_view dataset, std::string_view id) {
  const std::size_t at = id.rfind('@');
  const auto number = at == std::string_view::npos ? std::nullopt : base::ParseInt(id.substr(at + 1));
  if (!number) return std::vector<Change>();
  const std::string_view name = id.substr(0, at);
  TIDEMILL_ASSIGN(auto changes, ListAllChanges(catalog, ""));
  const auto last = std::find_if(changes.begin(), changes.end(), [&](const Change& change) {
    return change.dataset->id == name && change.version.number == *number;
  });
  if (last == changes.end()) return std::vector<Change>();
  changes.erase(changes.begin(), last + 1);
  std::erase_if(changes, [&](const Change& change) { return !dataset.empty() && change.dataset->id != dataset; });
  return changes;
}

std::vector<Change> NewChanges(const Catalog& before, const Catalog& after) {
  std::vector<Change> changes;
  for (const auto& [id, loaded] : after.datasets) {
    const LoadedDataset* old = before.Find(id);
    if (old == loaded.get() || !loaded->vintages) continue;
    const std::int64_t had = old == nullptr ? -1 : old->vintage;
    // A log that cannot be read now is read again when somebody asks for what was missed.
    const auto versions = loaded->vintages->List();
    if (!versions) continue;
    for (const dataset::Version& version : **versions) {
      if (version.number > had) changes.push_back({loaded, version});
    }
  }
  std::sort(changes.begin(), changes.end(), Before);
  return changes;
}

std::string ToEvent(const Change& change) {
  const auto& [dataset, version] = change;
  base::JsonWriter json;
  json.BeginObject().Key("dataset").String(dataset->id).Key("vintage").Int(version.number);
  json.Key("released").String(ReleasedOf(version)).Key("recorded").String(base::ToRfc3339(version.recorded));
  json.Key("added").Int(version.commit.added).Key("revised").Int(version.commit.revised);
  json.Key("removed").Int(version.commit.removed);
  json.Key("url").String(fmt::format("{}/vintages/{}", dataset->Url(), version.number)).EndObject();
  return fmt::format("id: {}@{}\nevent: vintage\ndata: {}\n\n", dataset->id, version.number, json.Take());
}

}  // namespace tidemill::data_api
