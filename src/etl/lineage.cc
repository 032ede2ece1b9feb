// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <initializer_list>
#include <tuple>
#include <unordered_map>

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

// What one version says of an observation; `row` is nothing where it does not have it.
PastValue ValueOf(const dataset::Version& version, const frame::Frame& rows, const std::vector<std::string>& values,
                  std::optional<std::size_t> row) {
  PastValue value{.version = version.number,
                  .released = version.commit.released,
                  .recorded = base::ToRfc3339(version.recorded),
                  .there = row.has_value()};
  if (!row) return value;
  for (const std::string& name : values) {
    if (const frame::Column* column = rows.Find(name)) value.values.emplace_back(name, CellText(*column, *row));
  }
  const Place place = PlaceOf(rows, *row);
  value.sha256 = place.sha256;
  value.sheet = place.sheet;
  value.cell = place.cell;
  if (const dataset::VersionSource* source = FindSource(version, place.sha256)) {
    value.edition = source->edition;
    value.url = source->url;
  }
  return value;
}

// Where each of the keys stands in a version; nothing where it does not.
std::vector<std::optional<std::size_t>> FindKeys(const frame::Frame& rows, const std::vector<std::string>& key,
                                                 const std::vector<std::string>& texts) {
  std::vector<std::optional<std::size_t>> found(texts.size());
  const auto columns = FindColumns(rows, key);
  if (!columns) return found;
  std::unordered_map<std::string_view, std::size_t> wanted;
  for (std::size_t i = 0; i < texts.size(); ++i) wanted.emplace(texts[i], i);
  for (std::size_t row = 0; row < rows.rows; ++row) {
    const auto at = wanted.find(RowKey(*columns, row, kBetween));
    if (at != wanted.end() && !found[at->second]) found[at->second] = row;
  }
  return found;
}

// Only what changed the observation makes a line of its history.
void AppendIfNew(std::vector<PastValue>& history, PastValue value) {
  const bool same =
      history.empty() ? !value.there : value.there == history.back().there && value.values == history.back().values;
  if (!same) history.push_back(std::move(value));
}

// The versions that changed each of the observations, the newest first. One version is in memory at a time.
Result<std::vector<std::vector<PastValue>>> HistoriesOf(const ProofTools& tools, std::string_view table,
                                                        const std::vector<std::string>& key,
                                                        const std::vector<std::string>& texts,
                                                        const std::stop_token& stop) {
  TIDEMILL_ASSIGN(const auto versions, tools.rows.load_history(tools.store, table));
  std::vector<std::vector<PastValue>> histories(texts.size());
  for (const dataset::Version& version : versions) {
    if (stop.stop_requested()) return base::Fail(ErrorCode::kCancelled, "stopped while reading the versions");
    TIDEMILL_ASSIGN(const frame::Frame rows, tools.rows.read_frame(tools.store, table, version));
    TIDEMILL_ASSIGN(const auto columns, dataset::ColumnsOf(version, table));
    const auto values = NamesWith(columns, {"measure", "status"});
    const auto places = FindKeys(rows, key, texts);
    for (std::size_t i = 0; i < texts.size(); ++i) {
      AppendIfNew(histories[i], ValueOf(version, rows, values, places[i]));
    }
  }
  for (std::vector<PastValue>& history : histories) std::ranges::reverse(history);
  return histories;
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
  TIDEMILL_ASSIGN(const auto sources, extract::SourceStore::Open(tools.store));
  const auto recipe = KeptRecipe(tools.store, wanted.commit);  // without it delimited text is read as it looks
  HeldWorkbooks workbooks(sources, recipe ? transform::OpenOptionsOf(recipe->base(), tools.limits)
                                          : workbook::OpenOptions{.limits = tools.limits, .csv = {}});
  std::vector<Lineage> traced;
  std::vector<std::string> texts;
  for (const std::size_t row : found) {
    traced.push_back(Trace(rows, row, wanted, workbooks, stop));
    traced.back().key = RowKey(key_columns, row, ' ');
    texts.push_back(RowKey(key_columns, row, kBetween));
  }
  TIDEMILL_ASSIGN(auto histories, HistoriesOf(tools, table, key, texts, stop));
  for (std::size_t i = 0; i < traced.size(); ++i) traced[i].history = std::move(histories[i]);
  return traced;
}

}  // namespace tidemill::etl
