// SPDX-License-Identifier: Apache-2.0
#include "stores.h"

#include <cstdlib>
#include <filesystem>
#include <mutex>
#include <random>
#include <system_error>
#include <utility>

#include "tidemill/cloud/store.h"

#include "block_store.h"
#include "user_agent.h"

namespace tidemill::app {
namespace {

std::string Environment(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? std::string() : std::string(value);
}

class Dice {
 public:
  double Roll() {
    const std::lock_guard lock(mutex_);
    return std::uniform_real_distribution<>(0, 1)(generator_);
  }

 private:
  std::mutex mutex_;
  std::mt19937 generator_{std::random_device{}()};  // guarded by mutex_
};

}  // namespace

cloud::Means CloudMeans(std::stop_token stop) {
  return {.client = http::MakeHttpClient(UserAgent({})),
          .clock = std::make_shared<base::SystemClock>(),
          .environment = &Environment,
          .chance = [dice = std::make_shared<Dice>()] { return dice->Roll(); },
          .stop = std::move(stop)};
}

base::Result<std::unique_ptr<base::FileStore>> OpenStore(const std::string& url, std::stop_token stop) {
  if (IsBlockStore(url)) return OpenBlockStore(url, std::move(stop));
  if (!cloud::IsCloudUrl(url)) return base::OpenLocalStore(url);
  return cloud::OpenCloudStore(url, CloudMeans(std::move(stop)));
}

namespace {

struct ObjectPlace {
  std::unique_ptr<base::FileStore> store;
  std::string name;
};

base::Result<ObjectPlace> PlaceOf(const std::string& url, std::stop_token stop) {
  const std::size_t slash = url.rfind('/');
  if (slash < std::string_view("gs://b").size() || slash + 1 == url.size()) {
    return base::FailAt(base::ErrorCode::kInvalid, url,
                        "names no object, expected gs://bucket/name or s3://bucket/name");
  }
  TIDEMILL_ASSIGN(auto store, OpenStore(url.substr(0, slash), std::move(stop)));
  return ObjectPlace{.store = std::move(store), .name = url.substr(slash + 1)};
}

}  // namespace

base::Result<std::string> ReadObject(const std::string& url, std::stop_token stop) {
  TIDEMILL_ASSIGN(const ObjectPlace place, PlaceOf(url, std::move(stop)));
  return place.store->Read(place.name);
}

base::Status WriteObject(const std::string& url, std::string_view bytes, std::stop_token stop) {
  TIDEMILL_ASSIGN(const ObjectPlace place, PlaceOf(url, std::move(stop)));
  return place.store->Put(place.name, bytes);
}

base::Result<ScratchFolder> ScratchFolder::Make() {
  std::error_code error;
  std::string path = (std::filesystem::temp_directory_path(error) / "tidemill-XXXXXX").string();
  if (error || ::mkdtemp(path.data()) == nullptr) {
    return base::Fail(base::ErrorCode::kUnavailable, "cannot make a folder for what is on its way: set TMPDIR");
  }
  return ScratchFolder(std::move(path));
}

ScratchFolder::~ScratchFolder() {
  std::error_code ignored;
  if (!path_.empty()) std::filesystem::remove_all(path_, ignored);
}

}  // namespace tidemill::app
