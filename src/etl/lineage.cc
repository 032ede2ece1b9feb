// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <initializer_list>
#include <tuple>

#include "tidemill/base/date.h"
#include "tidemill/base/text.h"
#include "tidemill/etl/proof.h"

#include "frame_text.h"
#include "proof_sources.h"

namespace tidemill::etl {
namespace {

using base::ErrorCode;
using base::Result;

constexpr char kBetween = '\x1f';  // in no cell of a key

bool Matches(const std::vector<const frame::Column*>& columns, const std::vector<Condition>& conditions,
             std::size_t row) {
  for (std::size_t i = 0; i < columns.size(); ++i) {
    if (CellText(*columns[i], row) != conditions[i].second) return false;
  }
  return true;
}

Result<std::vector<std::size_t>> FindRows(const frame::Frame& rows, const std::vector<Condition>& conditions,
                                          const std::vector<std::string>& key, const std::string& place) {
  std::vector<std::string> names;
  for (const Condition& condition : conditions) names.push_back(condition.first);
  TIDEMILL_ASSIGN(const auto columns, FindColumns(rows, names));
  std::vector<std::size_t> found;
  for (std::size_t row = 0; row < rows.rows; ++row) {
    if (!Matches(columns, conditions, row)) continue;
    found.push_back(row);
  }
  if (found.size() > kMostTraced) {
    return base::FailAt(ErrorCode::kTooLarge, place, "{} rows match, at most {} are traced; a row is named by {}",
                        found.size(), kMostTraced, base::Join(key, ", "));
  }
  if (!found.empty()) return found;
  // Which condition no row meets at all is worth more than that none meets all.
  for (std::size_t i = 0; i < columns.size(); ++i) {
    bool any = false;
    for (std::size_t row = 0; row < rows.rows && !any; ++row) any = CellText(*columns[i], row) == conditions[i].second;
    if (!any) {
      return base::FailAt(ErrorCode::kNotFound, place, "no row has {} {}", conditions[i].first,
                          base::Quoted(conditions[i].second));
    }
  }
  return base::FailAt(ErrorCode::kNotFound, place, "no row meets all the conditions");
}

// Where a row says that its value stands.
struct Place {
  std::string sha256, sheet, cell;
  std::int64_t row = 0, column = 0;  // from 1
};

Place PlaceOf(const frame::Frame& rows, std::size_t at) {
  Place place;
  const frame::Column* src = rows.Find("src");
  const frame::Column* row = rows.Find("src_row");
  const frame::Column* column = rows.Find("src_col");
  if (src == nullptr || row == nullptr || column == nullptr || row->is_text() || column->is_text()) return place;
  if (src->IsNull(at) || row->IsNull(at) || column->IsNull(at)) return place;
  std::tie(place.sha256, place.sheet) = SplitSource(CellText(*src, at));
  place.row = row->ints[at];
  place.column = column->ints[at];
  if (place.row > 0 && place.column > 0) {
    place.cell = workbook::A1(static_cast<std::uint32_t>(place.row - 1), static_cast<std::uint32_t>(place.column - 1));
  }
  return place;
}

std::vector<std::string> NamesWith(const std::vector<dataset::SchemaColumn>& columns,
                                   std::initializer_list<std::string_view> roles) {
  std::vector<std::string> names;
  for (const dataset::SchemaColumn& column : columns) {
    if (std::ranges::find(roles, column.role) != roles.end()) names.push_back(column.name);
  }
  return names;
}

// One version's rows, ready to be looked up by key.
struct PastRows {
  const dataset::Version* version = nullptr;
  frame::Frame rows;
  std::vector<std::string> values;  // names of measures and statuses
};

Result<std::vector<PastRows>> LoadPast(const ProofTools& tools, std::string_view table,
                                       const std::vector<dataset::Version>& versions, const std::stop_token& stop) {
  std::vector<PastRows> past;
  for (const dataset::Version& version : versions) {
    if (stop.stop_requested()) return base::Fail(ErrorCode::kCancelled, "stopped while reading the versions");
    TIDEMILL_ASSIGN(frame::Frame rows, tools.rows.read_frame(tools.store, table, version));
    TIDEMILL_ASSIGN(const auto columns, dataset::ColumnsOf(version, table));
    past.push_back({.version = &version, .rows = std::move(rows), .values = NamesWith(columns, {"measure", "status"})});
  }
  return past;
}

PastValue ValueOf(const PastRows& past, std::optional<std::size_t> row) {
  PastValue value{.version = past.version->number,
                  .released = past.version->commit.released,
                  .recorded = base::ToRfc3339(past.version->recorded),
                  .there = row.has_value()};
  if (!row) return value;
  for (const std::string& name : past.values) {
    if (const frame::Column* column = past.rows.Find(name)) value.values.emplace_back(name, CellText(*column, *row));
  }
  const Place place = PlaceOf(past.rows, *row);
  value.sha256 = place.sha256;
  value.sheet = place.sheet;
  value.cell = place.cell;
  if (const dataset::VersionSource* source = FindSource(*past.version, place.sha256)) {
    value.edition = source->edition;
    value.url = source->url;
  }
  return value;
}

std::optional<std::size_t> FindKey(const PastRows& past, const std::vector<std::string>& key, std::string_view text) {
  const auto columns = FindColumns(past.rows, key);
  if (!columns) return std::nullopt;
  for (std::size_t row = 0; row < past.rows.rows; ++row) {
    if (RowKey(*columns, row, kBetween) == text) return row;
  }
  return std::nullopt;
}

// The versions that changed the observation, the newest first.
std::vector<PastValue> HistoryOf(const std::vector<PastRows>& past, const std::vector<std::string>& key,
                                 std::string_view text) {
  std::vector<PastValue> history;
  for (const PastRows& rows : past) {
    PastValue value = ValueOf(rows, FindKey(rows, key, text));
    if (history.empty() ? !value.there : value.there == history.back().there && value.values == history.back().values) {
      continue;
    }
    history.push_back(std::move(value));
  }
  std::ranges::reverse(history);
  return history;
}

Lineage Trace(const frame::Frame& rows, std::size_t at, const dataset::Version& version, HeldWorkbooks& workbooks,
              const std::stop_token& stop) {
  Lineage lineage;
  for (const frame::Column& column : rows.columns) {
    if (column.name == "src" || column.name == "src_row" || column.name == "src_col") continue;
    lineage.row.emplace_back(column.name, CellText(column, at));
  }
  const Place place = PlaceOf(rows, at);
  lineage.sha256 = place.sha256;
  lineage.sheet = place.sheet;
  lineage.cell = place.cell;
  if (const dataset::VersionSource* source = FindSource(version, place.sha256)) {
    lineage.edition = source->edition;
    lineage.file = source->file;
    lineage.url = source->url;
    lineage.released = source->released;
    lineage.fetched_at = base::ToRfc3339(source->fetched_at);
  }
  if (place.cell.empty()) {
    lineage.problem = "the row has no lineage (src, src_row, src_col)";
    return lineage;
  }
  auto raw = workbooks.TextAt(place.sha256, place.sheet, place.row, place.column, stop);
  if (raw) {
    lineage.raw = *std::move(raw);
  } else {
    lineage.problem = raw.error().ToText();
  }
  return lineage;
}

}  // namespace

Result<std::vector<Lineage>> TraceRows(const ProofTools& tools, std::string_view table,
                                       std::optional<std::int64_t> version, const std::vector<Condition>& conditions,
                                       std::stop_token stop) {
  TIDEMILL_ASSIGN(const dataset::Version wanted, tools.rows.load_version(tools.store, table, version));
  TIDEMILL_ASSIGN(const std::vector<std::string> key, dataset::KeyColumns(wanted, table));
  TIDEMILL_ASSIGN(const frame::Frame rows, tools.rows.read_frame(tools.store, table, wanted));
  TIDEMILL_ASSIGN(const auto key_columns, FindColumns(rows, key));
  const std::string place = fmt::format("{}, version {}", table, wanted.number);
  TIDEMILL_ASSIGN(const auto found, FindRows(rows, conditions, key, place));
  TIDEMILL_ASSIGN(const auto versions, tools.rows.load_history(tools.store, table));
  TIDEMILL_ASSIGN(const auto past, LoadPast(tools, table, versions, stop));
  TIDEMILL_ASSIGN(const auto sources, extract::SourceStore::Open(tools.store));
  const auto recipe = KeptRecipe(tools.store, wanted.commit);  // without it delimited text is read as it looks
  HeldWorkbooks workbooks(sources, recipe ? transform::OpenOptionsOf(recipe->base(), tools.limits)
                                          : workbook::OpenOptions{.limits = tools.limits, .csv = {}});
  std::vector<Lineage> traced;
  for (const std::size_t row : found) {
    traced.push_back(Trace(rows, row, wanted, workbooks, stop));
    traced.back().key = RowKey(key_columns, row, ' ');
    traced.back().history = HistoryOf(past, key, RowKey(key_columns, row, kBetween));
  }
  return traced;
}

}  // namespace tidemill::etl
