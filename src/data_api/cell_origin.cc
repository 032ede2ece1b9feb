// SPDX-License-Identifier: Apache-2.0
#include "cell_origin.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "tidemill/base/text.h"
#include "tidemill/query/run_query.h"
#include "tidemill/query/snapshot.h"

namespace tidemill::data_api {
namespace {

constexpr std::string_view kBlock = "[[edition]]\n";

std::string TextOf(const query::Cube& notes, std::string_view column, std::uint32_t row) {
  const int place = notes.Find(column);
  if (place < 0) return {};
  return query::TextValue(notes, static_cast<std::size_t>(place), row).value_or("");
}

bool Touches(std::string_view touches, std::string_view cell) {
  const auto cells = base::Split(touches, ' ');
  return std::find(cells.begin(), cells.end(), cell) != cells.end();
}

}  // namespace

base::Result<std::vector<CellNote>> NotesOf(const LoadedDataset& dataset, std::string_view edition,
                                            std::string_view sheet, std::string_view cell) {
  std::vector<CellNote> found;
  if (dataset.commit.notes_file.empty() || !dataset.store) return found;
  TIDEMILL_ASSIGN(std::string bytes, dataset.store->Read(dataset.path + "/" + dataset.commit.notes_file));
  TIDEMILL_ASSIGN(const auto table, dataset::FromParquet(std::move(bytes)));
  TIDEMILL_ASSIGN(const auto snapshot, query::MakeSnapshot(*table, {}));
  const query::Cube& notes = *snapshot->cube;
  for (std::uint32_t row = 0; row < notes.rows; ++row) {
    if (TextOf(notes, "edition", row) != edition || TextOf(notes, "sheet", row) != sheet) continue;
    if (!Touches(TextOf(notes, "touches", row), cell)) continue;
    found.push_back({.note = TextOf(notes, "note", row),
                     .text = TextOf(notes, "text", row),
                     .status = TextOf(notes, "status", row),
                     .sheet = TextOf(notes, "sheet", row),
                     .cell = TextOf(notes, "cell", row)});
  }
  return found;
}

base::Result<std::string> LockBlockOf(const LoadedDataset& newest, std::int64_t vintage, std::string_view sha256) {
  if (!newest.vintages) return std::string();
  TIDEMILL_ASSIGN(const auto versions, newest.vintages->List());
  const auto version = std::find_if(versions->begin(), versions->end(),
                                    [&](const dataset::Version& known) { return known.number == vintage; });
  if (version == versions->end()) return std::string();
  const std::string_view lock = version->commit.lock;
  const std::string line = fmt::format("\nsha256 = \"{}\"\n", sha256);
  for (std::size_t begin = lock.find(kBlock); begin != std::string_view::npos;) {
    const std::size_t end = lock.find(kBlock, begin + kBlock.size());
    const std::string_view block = lock.substr(begin, end == std::string_view::npos ? end : end - begin);
    if (block.find(line) != std::string_view::npos) return std::string(block);
    begin = end;
  }
  return std::string();
}

}  // namespace tidemill::data_api
