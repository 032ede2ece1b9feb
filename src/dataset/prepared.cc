// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <set>
#include <utility>

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

template <class Encode>
base::Result<Bytes> Encoded(const Bytes& known, Encode&& encode) {
  if (known) return known;
  TIDEMILL_ASSIGN(std::string bytes, encode());
  return std::make_shared<const std::string>(std::move(bytes));
}

base::Result<Bytes> EncodedVersion(const Draft& draft) {
  return Encoded(draft.parquet, [&] { return ToVersionParquet(draft.rows); });
}

base::Result<Bytes> EncodedPlain(const PlainFile& file) {
  return Encoded(file.parquet, [&] { return ToPlainParquet(*file.rows); });
}

base::Result<json::object> SaveDraft(Writer& writer, const Draft& draft) {
  TIDEMILL_ASSIGN(const Bytes bytes, EncodedVersion(draft));
  json::object object{{"table", draft.table},
                      {"key", ToJson(draft.key)},
                      {"facts", ToJson(draft.facts)},
                      {"commit", ToJson(draft.commit)}};
  TIDEMILL_ASSIGN(object["file"], writer.Write(*bytes));
  if (draft.notes) {
    TIDEMILL_ASSIGN(const std::string notes, ToVersionParquet(draft.notes));
    TIDEMILL_ASSIGN(object["notes"], writer.Write(notes));
  }
  return object;
}

base::Result<json::object> SaveFile(Writer& writer, const PlainFile& file) {
  TIDEMILL_ASSIGN(const Bytes bytes, EncodedPlain(file));
  json::object object{{"path", file.path}};
  TIDEMILL_ASSIGN(object["file"], writer.Write(*bytes));
  return object;
}

}  // namespace

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

base::Status DropPrepared(base::FileStore& store, std::string_view recipe) {
  // Without its index what is left is no prepared version, whenever this is broken off.
  TIDEMILL_CHECK(store.Delete(PreparedIndex(recipe)));
  return Writer(store, PreparedFolder(recipe)).DeleteOthers({});
}

}  // namespace tidemill::dataset
