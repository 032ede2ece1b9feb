// SPDX-License-Identifier: Apache-2.0
#include <fmt/core.h>

#include "tidemill/base/date.h"
#include "tidemill/base/json_writer.h"
#include "tidemill/base/text.h"

#include "dataset_formats.h"

namespace tidemill::app {
namespace {

using base::Thousands;

// -1 where the log does not say.
std::int64_t RowsOf(const dataset::Version& version) {
  std::int64_t rows = 0;
  for (const dataset::DataFile& file : version.files) {
    if (file.rows < 0) return -1;
    rows += file.rows;
  }
  return rows;
}

std::string RowsText(const dataset::Version& version) {
  const std::int64_t rows = RowsOf(version);
  return rows < 0 ? std::string("?") : Thousands(rows);
}

void WriteVersion(const dataset::Version& version, base::JsonWriter& json) {
  json.Key("version").Int(version.number).Stated("released", version.commit.released);
  json.Key("recorded").String(base::ToRfc3339(version.recorded));
  if (const std::int64_t rows = RowsOf(version); rows >= 0) json.Key("rows").Int(rows);
  json.Key("added").Int(version.commit.added).Key("revised").Int(version.commit.revised);
  json.Key("removed").Int(version.commit.removed);
}

void WriteSource(const dataset::VersionSource& source, base::JsonWriter& json) {
  json.BeginObject().Key("edition").String(source.edition).Key("file").String(source.file);
  json.Key("url").String(source.url).Key("sha256").String(source.sha256);
  json.Key("bytes").Int(static_cast<std::int64_t>(source.bytes));
  json.Key("fetched_at").String(base::ToRfc3339(source.fetched_at)).Stated("released", source.released).EndObject();
}

void WriteTexts(std::string_view name, const std::vector<std::string>& texts, base::JsonWriter& json) {
  json.Key(name).BeginArray();
  for (const std::string& text : texts) json.String(text);
  json.EndArray();
}

std::string ColumnsText(const TableStory& story) {
  std::size_t width = 0;
  for (const dataset::SchemaColumn& column : story.columns) width = std::max(width, column.name.size());
  std::string out = fmt::format("columns   {}{}\n", story.columns.size(),
                                story.key.empty() ? "" : "; a row is named by " + base::Join(story.key, ", "));
  for (const dataset::SchemaColumn& column : story.columns) {
    out += fmt::format("  {:<{}}  {:<9} {}{}\n", column.name, width, column.type, column.role,
                       column.unit.empty() ? "" : ", " + column.unit);
  }
  return out;
}

std::string VersionsText(const TableStory& story) {
  std::string out = fmt::format("versions  {}\n", story.versions.size());
  for (auto version = story.versions.rbegin(); version != story.versions.rend(); ++version) {
    const std::string& released = version->commit.released;
    out += fmt::format("  {:>3}  released {:<10}  {:>9} rows, {} added, {} revised, {} removed; recorded {}\n",
                       version->number, released.empty() ? "?" : released, RowsText(*version),
                       Thousands(version->commit.added), Thousands(version->commit.revised),
                       Thousands(version->commit.removed), base::ToRfc3339(version->recorded).substr(0, 10));
  }
  return out;
}

}  // namespace

std::string ListText(const std::vector<NamedVersion>& tables) {
  std::size_t width = 0;
  for (const NamedVersion& table : tables) width = std::max(width, table.table.size());
  std::string out;
  for (const NamedVersion& table : tables) {
    const std::string& released = table.version.commit.released;
    out += fmt::format("{:<{}}  version {:>3}  {:>10} rows  released {:<10}  {}\n", table.table, width,
                       table.version.number, RowsText(table.version), released.empty() ? "?" : released,
                       table.version.facts.title);
  }
  return out;
}

std::string ListJson(const std::vector<NamedVersion>& tables) {
  base::JsonWriter json;
  json.BeginObject().Key("tables").BeginArray();
  for (const NamedVersion& table : tables) {
    json.BeginObject().Key("table").String(table.table).Stated("title", table.version.facts.title);
    WriteVersion(table.version, json);
    json.EndObject();
  }
  json.EndArray().EndObject();
  return json.Take();
}

std::string ShowText(const TableStory& story) {
  const dataset::Version& shown = story.shown;
  const dataset::CommitFacts& commit = shown.commit;
  std::string out = fmt::format("{}: {}\n", story.table, shown.facts.title.empty() ? "no title" : shown.facts.title);
  out += ColumnsText(story) + VersionsText(story);
  out += fmt::format("version   {}: recipe {} ({}), tidemill {}\n", shown.number,
                     commit.recipe.empty() ? "?" : commit.recipe, commit.recipe_hash.substr(0, 12),
                     commit.program_version.empty() ? "?" : commit.program_version);
  out += fmt::format("checks    {} sums hold, {} failed, {} accepted\n", Thousands(commit.checks_passed),
                     commit.checks_failed, commit.checks_waived);
  for (const std::string& finding : commit.findings) out += "finding   " + finding + "\n";
  out += fmt::format("sources   {}\n", commit.sources.size());
  for (const dataset::VersionSource& source : commit.sources) {
    out += fmt::format("  {:<8} {} {} {}{}\n", source.edition, source.sha256.substr(0, 12), source.file, source.url,
                       source.released.empty() ? "" : ", released " + source.released);
  }
  return out;
}

std::string ShowJson(const TableStory& story) {
  const dataset::CommitFacts& commit = story.shown.commit;
  base::JsonWriter json;
  json.BeginObject().Key("table").String(story.table).Stated("title", story.shown.facts.title);
  WriteVersion(story.shown, json);
  WriteTexts("key", story.key, json);
  json.Key("columns").BeginArray();
  for (const dataset::SchemaColumn& column : story.columns) {
    json.BeginObject().Key("name").String(column.name).Key("type").String(column.type);
    json.Key("role").String(column.role).Stated("unit", column.unit).EndObject();
  }
  json.EndArray().Stated("recipe", commit.recipe).Stated("recipe_hash", commit.recipe_hash);
  json.Stated("program", commit.program_version).Key("checks").BeginObject();
  json.Key("passed").Int(commit.checks_passed).Key("failed").Int(commit.checks_failed);
  json.Key("accepted").Int(commit.checks_waived).EndObject();
  WriteTexts("findings", commit.findings, json);
  json.Key("sources").BeginArray();
  for (const dataset::VersionSource& source : commit.sources) WriteSource(source, json);
  json.EndArray().Key("versions").BeginArray();
  for (auto version = story.versions.rbegin(); version != story.versions.rend(); ++version) {
    json.BeginObject();
    WriteVersion(*version, json);
    json.EndObject();
  }
  json.EndArray().EndObject();
  return json.Take();
}

}  // namespace tidemill::app
