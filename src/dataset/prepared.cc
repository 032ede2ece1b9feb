// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <set>
#include <utility>

#include <arrow/table.h>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>

#include "tidemill/base/sha256.h"
#include "tidemill/base/text.h"
#include "tidemill/dataset/dataset.h"

#include "facts_json.h"
#include "json_members.h"
#include "prepared_paths.h"

namespace tidemill::dataset {

namespace json = boost::json;

namespace {

using Bytes = std::shared_ptr<const std::string>;

// Writes files into the folder, each under its content's name, and remembers which.
class Writer {
 public:
  Writer(base::FileStore& store, std::string folder) : store_(store), folder_(std::move(folder)) {}

  base::Result<std::string> Write(std::string_view bytes) {
    std::string name = base::Sha256Hex(bytes) + ".parquet";
    auto status = store_.PutIfAbsent(folder_ + "/" + name, bytes);
    if (!status && status.error().code != base::ErrorCode::kConflict) return tl::unexpected(std::move(status).error());
    written_.insert(folder_ + "/" + name);
    return name;
  }
  // Files of what was prepared before, or of a writer that was killed.
  base::Status DeleteOthers(const std::string& index) {
    TIDEMILL_ASSIGN(const auto entries, store_.List(folder_));
    for (const auto& entry : entries) {
      if (entry.path != index && !written_.contains(entry.path)) TIDEMILL_CHECK(store_.Delete(entry.path));
    }
    return {};
  }

 private:
  base::FileStore& store_;
  std::string folder_;
  std::set<std::string> written_;
};

base::Result<Bytes> Encoded(const Bytes& known, const std::shared_ptr<arrow::Table>& rows, bool pandas, bool plain) {
  if (known) return known;
  if (!rows) return base::Fail(base::ErrorCode::kInternal, "a prepared table has no rows");
  TIDEMILL_ASSIGN(std::string bytes, ToParquet(*rows, pandas, plain));
  return std::make_shared<const std::string>(std::move(bytes));
}

base::Result<json::object> SaveDraft(Writer& writer, const Draft& draft) {
  TIDEMILL_ASSIGN(const Bytes bytes, Encoded(draft.parquet, draft.rows, false, false));
  json::object object{{"table", draft.table},
                      {"key", ToJson(draft.key)},
                      {"facts", ToJson(draft.facts)},
                      {"commit", ToJson(draft.commit)}};
  TIDEMILL_ASSIGN(object["file"], writer.Write(*bytes));
  if (draft.notes) {
    TIDEMILL_ASSIGN(const Bytes notes, Encoded(nullptr, draft.notes, false, false));
    TIDEMILL_ASSIGN(object["notes"], writer.Write(*notes));
  }
  return object;
}

base::Result<json::object> SaveFile(Writer& writer, const PlainFile& file) {
  TIDEMILL_ASSIGN(const Bytes bytes, Encoded(file.parquet, file.rows, file.pandas_index, true));
  json::object object{{"path", file.path}, {"pandas_index", file.pandas_index}};
  TIDEMILL_ASSIGN(object["file"], writer.Write(*bytes));
  return object;
}

// A file that prepared.json names: its bytes, and its rows.
struct Loaded {
  Bytes bytes;
  std::shared_ptr<arrow::Table> rows;
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
  loaded.rows = *std::move(rows);
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
  return PlainFile{.path = TextOr(object, "path"),
                   .rows = std::move(loaded.rows),
                   .pandas_index = BoolOr(object, "pandas_index", false),
                   .parquet = std::move(loaded.bytes)};
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

base::Status Encode(Prepared& prepared) {
  for (Draft& draft : prepared.drafts) {
    TIDEMILL_ASSIGN(draft.parquet, Encoded(draft.parquet, draft.rows, false, false));
  }
  for (PlainFile& file : prepared.files) {
    TIDEMILL_ASSIGN(file.parquet, Encoded(file.parquet, file.rows, file.pandas_index, true));
  }
  return {};
}

base::Status SavePrepared(base::FileStore& store, const Prepared& prepared) {
  Writer writer(store, PreparedFolder(prepared.recipe));
  json::array drafts;
  for (const Draft& draft : prepared.drafts) {
    TIDEMILL_ASSIGN(json::object object, SaveDraft(writer, draft));
    drafts.emplace_back(std::move(object));
  }
  json::array files;
  for (const PlainFile& file : prepared.files) {
    TIDEMILL_ASSIGN(json::object object, SaveFile(writer, file));
    files.emplace_back(std::move(object));
  }
  const json::object index{{"recipe", prepared.recipe},
                           {"drafts", std::move(drafts)},
                           {"files", std::move(files)},
                           {"report", prepared.report_json},
                           {"held", ToJson(prepared.held)}};
  TIDEMILL_CHECK(store.Put(PreparedIndex(prepared.recipe), json::serialize(index)));
  return writer.DeleteOthers(PreparedIndex(prepared.recipe));
}

base::Result<std::optional<Prepared>> LoadPrepared(const base::FileStore& store, std::string_view recipe) {
  const std::string path = PreparedIndex(recipe);
  TIDEMILL_ASSIGN(const bool exists, store.Exists(path));
  if (!exists) return std::nullopt;
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

base::Status DropPrepared(base::FileStore& store, std::string_view recipe) {
  // Without its index what is left is no prepared version, whenever this is broken off.
  TIDEMILL_CHECK(store.Delete(PreparedIndex(recipe)));
  return Writer(store, PreparedFolder(recipe)).DeleteOthers({});
}

}  // namespace tidemill::dataset
