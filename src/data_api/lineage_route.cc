// SPDX-License-Identifier: Apache-2.0
// /v1/datasets/{dataset}/observations/{key}/lineage: the workbook, sheet and cell that a figure was read from.
#include <algorithm>

#include <fmt/format.h>

#include "tidemill/base/date.h"
#include "tidemill/base/text.h"
#include "tidemill/query/run_query.h"

#include "cell_origin.h"
#include "list_answer.h"
#include "observation.h"
#include "query_problem.h"
#include "version_checks.h"

namespace tidemill::data_api {
namespace {

using base::JsonWriter;

// "B7"; both from 1.
std::string CellName(std::int64_t row, std::int64_t column) {
  std::string letters;
  for (std::int64_t rest = column; rest > 0; rest = (rest - 1) / 26) {
    letters.insert(letters.begin(), static_cast<char>('A' + (rest - 1) % 26));
  }
  return letters + std::to_string(row);
}

struct Cell {
  std::string source, sheet;  // SHA-256 of the workbook
  std::int64_t row = 0, column = 0;
};

std::optional<std::string> ValueOf(const query::Cube& cube, std::string_view column, std::uint32_t row) {
  const int place = cube.Find(column);
  if (place < 0) return std::nullopt;
  return query::TextValue(cube, static_cast<std::size_t>(place), row);
}

std::optional<Cell> FindCell(const query::Cube& cube, std::uint32_t row) {
  const auto source = ValueOf(cube, "src", row);
  const auto line = ValueOf(cube, "src_row", row);
  const auto column = ValueOf(cube, "src_col", row);
  if (!source || !line || !column) return std::nullopt;
  const std::size_t blank = source->find(' ');
  if (blank == std::string::npos) return std::nullopt;
  return Cell{source->substr(0, blank), source->substr(blank + 1), base::ParseInt(*line).value_or(0),
              base::ParseInt(*column).value_or(0)};
}

const dataset::VersionSource* FindSource(const LoadedDataset& dataset, const std::string& sha256) {
  const auto& sources = dataset.commit.sources;
  const auto found = std::find_if(sources.begin(), sources.end(),
                                  [&](const dataset::VersionSource& source) { return source.sha256 == sha256; });
  return found == sources.end() ? nullptr : &*found;
}

// Facts of the workbook as the version's commit tells them; only its SHA-256 where an older commit did.
void WriteSource(JsonWriter& json, const LoadedDataset& dataset, const std::string& sha256) {
  json.Key("source").BeginObject();
  const dataset::VersionSource* found = FindSource(dataset, sha256);
  if (found != nullptr) json.Stated("url", found->url);
  json.Key("sha256").String(sha256);
  if (found != nullptr) {
    json.Key("bytes").Int(static_cast<std::int64_t>(found->bytes));
    json.Key("fetched_at").String(base::ToRfc3339(found->fetched_at));
    json.Stated("released", found->released).Stated("edition", found->edition);
  }
  json.EndObject();
}

// With what the cell shows; null, and why, where the workbook is not at hand.
void WriteCell(JsonWriter& json, const Question& question, const LoadedDataset& dataset, const Cell& cell) {
  json.Key("cell").BeginObject().Key("sheet").String(cell.sheet);
  json.Key("ref").String(CellName(cell.row, cell.column));
  json.Key("row").Int(cell.row).Key("column").Int(cell.column).Key("raw");
  base::Result<std::string> raw = base::Fail(base::ErrorCode::kUnsupported, "no workbooks are read here");
  if (question.options.read_cell && dataset.store) {
    raw = question.options.read_cell({.store = dataset.store->url(),
                                      .sha256 = cell.source,
                                      .sheet = cell.sheet,
                                      .row = cell.row,
                                      .column = cell.column,
                                      .recipe_hash = dataset.commit.recipe_hash});
  }
  if (raw) {
    json.String(*raw);
  } else {
    json.Null().Key("raw_missing").String(raw.error().message);
  }
  json.EndObject();
}

base::Status WriteNotes(JsonWriter& json, const LoadedDataset& dataset, const Cell& cell) {
  const dataset::VersionSource* source = FindSource(dataset, cell.source);
  json.Key("notes").BeginArray();
  if (source != nullptr) {
    TIDEMILL_ASSIGN(const auto notes, NotesOf(dataset, source->edition, cell.sheet, CellName(cell.row, cell.column)));
    for (const CellNote& note : notes) {
      json.BeginObject().Stated("note", note.note).Key("text").String(note.text).Stated("status", note.status);
      json.Key("sheet").String(note.sheet).Stated("cell", note.cell).EndObject();
    }
  }
  json.EndArray();
  return {};
}

// The recipe, how it was bound to the workbook, and what was checked when the version was made.
base::Status WriteBinding(JsonWriter& json, const LoadedDataset& newest, const LoadedDataset& dataset,
                          const Cell& cell) {
  TIDEMILL_ASSIGN(const std::string block, LockBlockOf(newest, dataset.vintage, cell.source));
  json.Key("binding")
      .BeginObject()
      .Stated("recipe_sha256", dataset.commit.recipe_hash)
      .Stated("lock", block)
      .EndObject();
  BeginChecks(json, dataset.commit);
  WriteEachCheck(json, dataset.commit);
  json.Key("findings").BeginArray();
  for (const std::string& finding : dataset.commit.findings) json.String(finding);
  json.EndArray().EndObject();
  return {};
}

}  // namespace

http::Response ShowLineage(const Question& question) {
  const auto newest = question.catalog.Share(question.path_values[0]);
  if (!newest) return NoSuchDataset(question, question.path_values[0]);
  const auto refuse = [&](const Problem& problem) { return ToResponse(problem, question.request.target); };
  const auto observation = FindObservation(question, newest);
  if (!observation) return refuse(observation.error());
  const LoadedDataset& dataset = *observation->read.vintage.dataset;
  const auto cell = FindCell(*observation->read.vintage.cube, observation->row);
  if (!cell) {
    return refuse({"no-lineage", fmt::format("{} does not say which cells its figures come from", dataset.id), {}});
  }
  JsonWriter json;
  json.BeginObject();
  auto written = WriteObservation(json, *observation);
  WriteSource(json, dataset, cell->source);
  WriteCell(json, question, dataset, *cell);
  if (written) written = WriteNotes(json, dataset, *cell);
  if (written) written = WriteBinding(json, *newest, dataset, *cell);
  json.Stated("recipe", dataset.commit.recipe).Stated("run", dataset.commit.run_id);
  if (written) written = WriteHistory(json, *newest, *observation);
  if (!written) return refuse(ToProblem(written.error()));
  return AnswerJson(question, observation->read.vintage, TargetOf(*observation, "/lineage"),
                    [&] { return json.EndObject().Take(); });
}

}  // namespace tidemill::data_api
