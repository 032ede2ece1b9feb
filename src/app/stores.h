// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <stop_token>
#include <string>
#include <string_view>
#include <utility>

#include "tidemill/base/file_store.h"
#include "tidemill/cloud/means.h"

namespace tidemill::app {

// A new connection to the clouds, by this process's environment.
cloud::Means CloudMeans(std::stop_token stop);

// A store by what a user wrote: a folder, gs://bucket/path, s3://bucket/path, or block:gcs-bucket/NAME of the server.
// `stop` ends what it waits for.
base::Result<std::unique_ptr<base::FileStore>> OpenStore(const std::string& url, std::stop_token stop = {});

// One object of a cloud, by its URL: the last part is its name.
base::Result<std::string> ReadObject(const std::string& url, std::stop_token stop);
base::Status WriteObject(const std::string& url, std::string_view bytes, std::stop_token stop);

// A folder for files on their way to and from a cloud; gone at the end with all that is in it.
class ScratchFolder {
 public:
  static base::Result<ScratchFolder> Make();
  ScratchFolder(ScratchFolder&& other) noexcept : path_(std::exchange(other.path_, {})) {}
  ScratchFolder& operator=(ScratchFolder&&) = delete;
  ScratchFolder(const ScratchFolder&) = delete;
  ScratchFolder& operator=(const ScratchFolder&) = delete;
  ~ScratchFolder();
  const std::string& path() const { return path_; }

 private:
  explicit ScratchFolder(std::string path) : path_(std::move(path)) {}
  std::string path_;
};

}  // namespace tidemill::app
