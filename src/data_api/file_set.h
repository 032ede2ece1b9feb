// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "tidemill/base/clock.h"
#include "tidemill/base/result.h"
#include "tidemill/http/message.h"

#include "source.h"

namespace tidemill::data_api {

// A Parquet file of a dataset, as it lies in the store, found by what is in it.
struct ServedFile {
  std::string sha256;
  std::string path;  // in the store
  std::uint64_t size = 0;
  std::int64_t rows = -1;                   // -1: not known
  std::vector<std::int64_t> vintages;       // that it is a part of, ascending
  std::optional<base::Time> recorded = {};  // when the first of them was; none of a plain file
};
// "/v1/datasets/deaths_monthly/files/sha256-….parquet"
std::string FileUrl(std::string_view dataset, const ServedFile& file);

// The files of the versions that a dataset's log still tells. What is no Parquet has none. Thread-safe; looked up when
// it is first asked for.
class FileSet {
 public:
  // `content` is what was loaded from a plain file.
  FileSet(Source source, std::int64_t newest, std::string_view content);

  // Those of the newest version first. The list lives as long as this.
  base::Result<const std::vector<ServedFile>*> Files() const;
  // Those of the newest version; none where they cannot be listed.
  std::vector<const ServedFile*> Current() const;
  // The bytes, mapped where they can never change. kNotFound where the file is there no more, or is another by now.
  base::Result<http::SharedBytes> Bytes(const ServedFile& file) const;

 private:
  base::Result<std::vector<ServedFile>> FilesOfTable() const;
  base::Result<http::SharedBytes> Read(const ServedFile& file) const;

  const Source source_;
  const std::int64_t newest_;
  std::vector<ServedFile> plain_;
  mutable std::mutex mutex_;
  mutable std::optional<std::vector<ServedFile>> files_;
  mutable std::weak_ptr<const std::string> read_;  // of a plain file, while somebody sends it
};

}  // namespace tidemill::data_api
