// SPDX-License-Identifier: Apache-2.0
#include <utility>

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/value.hpp>

#include "tidemill/base/text.h"
#include "tidemill/dataset/dataset.h"

#include "facts_json.h"
#include "json_members.h"
#include "prepared_paths.h"

namespace tidemill::dataset {

namespace json = boost::json;

namespace {

using Bytes = std::shared_ptr<const std::string>;

// A file that prepared.json names: its bytes, and its rows.
struct Loaded {
  Bytes bytes;
  std::shared_ptr<const frame::Frame> rows;
};
base::Result<Loaded> LoadFile(const base::FileStore& store, const std::string& folder, const std::string& name) {
  const std::string path = folder + "/" + name;
  TIDEMILL_ASSIGN(std::string bytes, store.Read(path));
  Loaded loaded{.bytes = std::make_shared<const std::string>(bytes), .rows = nullptr};
  auto rows = FromParquet(std::move(bytes));
  if (!rows) {
    rows.error().place = path;
    return tl::unexpected(std::move(rows).error());
  }
  TIDEMILL_ASSIGN(frame::Frame frame, ToFrame(**rows));
  loaded.rows = std::make_shared<const frame::Frame>(std::move(frame));
  return loaded;
}

base::Result<Draft> LoadDraft(const base::FileStore& store, const std::string& folder, const json::object& object) {
  Draft draft;
  draft.table = TextOr(object, "table");
  draft.key = TextListMember(object, "key");
  if (const json::object* facts = ObjectMember(object, "facts")) draft.facts = TableFactsFrom(*facts);
  if (const json::object* commit = ObjectMember(object, "commit")) draft.commit = CommitFactsFrom(*commit);
  TIDEMILL_ASSIGN(Loaded loaded, LoadFile(store, folder, TextOr(object, "file")));
  draft.rows = std::move(loaded.rows);
  draft.parquet = std::move(loaded.bytes);
  if (const auto notes = TextMember(object, "notes")) {
    TIDEMILL_ASSIGN(Loaded loaded_notes, LoadFile(store, folder, *notes));
    draft.notes = std::move(loaded_notes.rows);
  }
  return draft;
}

base::Result<PlainFile> LoadPlain(const base::FileStore& store, const std::string& folder, const json::object& object) {
  TIDEMILL_ASSIGN(Loaded loaded, LoadFile(store, folder, TextOr(object, "file")));
  return PlainFile{.path = TextOr(object, "path"), .rows = std::move(loaded.rows), .parquet = std::move(loaded.bytes)};
}

// Calls `use` for each object of the array.
template <class Use>
base::Status ForEach(const json::object& object, std::string_view name, Use&& use) {
  const json::array* array = ArrayMember(object, name);
  if (array == nullptr) return {};
  for (const json::value& value : *array) {
    if (value.is_object()) TIDEMILL_CHECK(use(value.get_object()));
  }
  return {};
}

}  // namespace

base::Result<std::optional<Prepared>> LoadPrepared(const base::FileStore& store, std::string_view recipe) {
  TIDEMILL_ASSIGN(const bool exists, IsPrepared(store, recipe));
  if (!exists) return std::nullopt;
  const std::string path = PreparedIndex(recipe);
  TIDEMILL_ASSIGN(const std::string text, store.Read(path));
  TIDEMILL_ASSIGN(const json::value value, ParseJson(text, path));
  if (!value.is_object()) return base::FailAt(base::ErrorCode::kMalformed, path, "expected a JSON object");
  const json::object& index = value.get_object();
  Prepared prepared;
  prepared.recipe = TextOr(index, "recipe");
  prepared.report_json = TextOr(index, "report");
  prepared.held = TextListMember(index, "held");
  TIDEMILL_CHECK(ForEach(index, "drafts", [&](const json::object& object) -> base::Status {
    TIDEMILL_ASSIGN(prepared.drafts.emplace_back(), LoadDraft(store, PreparedFolder(recipe), object));
    return {};
  }));
  TIDEMILL_CHECK(ForEach(index, "files", [&](const json::object& object) -> base::Status {
    TIDEMILL_ASSIGN(prepared.files.emplace_back(), LoadPlain(store, PreparedFolder(recipe), object));
    return {};
  }));
  return prepared;
}

}  // namespace tidemill::dataset
