// SPDX-License-Identifier: Apache-2.0
#include "loaded_dataset.h"

#include <algorithm>
#include <chrono>
#include <utility>
#include <vector>

#include <fmt/format.h>
#ifdef __GLIBC__
#include <malloc.h>
#endif

#include "tidemill/base/date.h"
#include "tidemill/base/sha256.h"
#include "tidemill/dataset/column_source.h"

namespace tidemill::data_api {
namespace {

using base::Result;
using Loaded = std::shared_ptr<const LoadedDataset>;

std::string First16(const std::string& text) {
  const auto digest = base::Sha256(text);
  return {reinterpret_cast<const char*>(digest.data()), 16};
}

std::string SnapshotIdOf(const dataset::Version& version) {
  std::vector<std::string> files;
  for (const auto& file : version.files) files.push_back(fmt::format("\n{} {}", file.path, file.size));
  std::sort(files.begin(), files.end());
  std::string text = fmt::format("{} {}", version.table_id, version.number);
  for (const auto& file : files) text += file;
  return First16(text);
}

Result<Loaded> LoadTable(const Source& source, LoadedDataset loaded, const query::RoleOverrides& columns,
                         std::optional<std::int64_t> number) {
  TIDEMILL_ASSIGN(dataset::Version version, dataset::LoadVersion(*source.store, source.path, number));
  TIDEMILL_ASSIGN(const auto rows, dataset::ColumnsOfVersion(*source.store, source.path, version));
  TIDEMILL_ASSIGN(loaded.snapshot, query::MakeSnapshot(*rows, columns));
  loaded.is_table = true;
  loaded.store = source.store;
  loaded.path = source.path;
  loaded.files = std::make_shared<const FileSet>(source, version.number, std::string_view());
  for (const auto& file : version.files) loaded.bytes += file.size;
  loaded.stamp = std::to_string(version.number);  // a newer one than was asked for may have come meanwhile
  loaded.vintage = version.number;
  loaded.snapshot_id = SnapshotIdOf(version);
  loaded.recorded = version.recorded;
  loaded.released = ReleasedOf(version);
  if (!number) loaded.vintages = std::make_shared<const Vintages>(source, columns, version.number);
  loaded.facts = std::move(version.facts);
  loaded.commit = std::move(version.commit);
  loaded.commit.lock.clear();  // the longest text, and no answer holds it
  return std::make_shared<const LoadedDataset>(std::move(loaded));
}

Result<std::shared_ptr<const query::Snapshot>> SnapshotOf(const Source& source, std::string bytes,
                                                          const ServiceOptions& options) {
  if (!source.path.ends_with(".csv")) {
    TIDEMILL_ASSIGN(const auto rows, dataset::ColumnsOfParquet(std::move(bytes)));
    return query::MakeSnapshot(*rows, options.columns);
  }
  if (!options.read_csv) return base::Fail(base::ErrorCode::kUnsupported, "CSV files are not read here");
  TIDEMILL_ASSIGN(const auto rows, options.read_csv(bytes));
  return query::MakeSnapshot(*rows, options.columns);
}

Result<Loaded> LoadFile(const Source& source, LoadedDataset loaded, const ServiceOptions& options) {
  TIDEMILL_ASSIGN(std::string bytes, source.store->Read(source.path));
  loaded.snapshot_id = First16(bytes);
  loaded.files = std::make_shared<const FileSet>(source, 0, bytes);
  loaded.bytes = bytes.size();
  TIDEMILL_ASSIGN(loaded.snapshot, SnapshotOf(source, std::move(bytes), options));
  return std::make_shared<const LoadedDataset>(std::move(loaded));
}

// What loading took beside the dataset goes back to the system, for the program may not load another one for months.
void ReturnFreedMemory() {
#ifdef __GLIBC__
  malloc_trim(0);
#endif
}

}  // namespace

std::string LoadedDataset::Fact(const std::string& name) const {
  const auto found = facts.configuration.find("tidemill." + name);
  return found == facts.configuration.end() ? std::string() : found->second;
}

std::string LoadedDataset::VintageText() const {
  return fmt::format("{}@{}", id, vintage);
}

std::string LoadedDataset::Url() const {
  return "/v1/datasets/" + id;
}

std::string LoadedDataset::Citation(const std::string& public_url) const {
  const std::string publisher = Fact("publisher");
  const std::string licence = Fact("licence");
  const std::string& title = facts.title.empty() ? id : facts.title;
  return fmt::format("{}{}{}, vintage {}{}{}. {}{}", publisher, publisher.empty() ? "" : ": ", title, vintage,
                     released.empty() ? "" : ", released " + released, licence.empty() ? "" : ". Licence: " + licence,
                     public_url, Url());
}

Result<Loaded> LoadVintage(const Source& source, std::int64_t number, const query::RoleOverrides& columns) {
  LoadedDataset loaded;
  loaded.id = source.id;
  auto result = LoadTable(source, std::move(loaded), columns, number);
  if (!result) return tl::unexpected(std::move(result).error().While("loading " + source.path));
  return result;
}

Result<Loaded> LoadDataset(const Source& source, const std::string& stamp, const ServiceOptions& options) {
  LoadedDataset loaded;
  loaded.id = source.id;
  loaded.stamp = stamp;
  auto result = source.kind == Source::Kind::kTable
                    ? LoadTable(source, std::move(loaded), options.columns, std::nullopt)
                    : LoadFile(source, std::move(loaded), options);
  ReturnFreedMemory();
  if (!result) return tl::unexpected(std::move(result).error().While("loading " + source.path));
  return result;
}

}  // namespace tidemill::data_api
