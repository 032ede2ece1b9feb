// SPDX-License-Identifier: Apache-2.0
#include "prepared_paths.h"

#include <algorithm>

#include "tidemill/dataset/dataset.h"

namespace tidemill::dataset {

std::string PreparedFolder(std::string_view recipe) {
  std::string name(recipe);
  std::replace(name.begin(), name.end(), '/', '-');
  return "_prepared/" + name;
}

std::string PreparedIndex(std::string_view recipe) {
  return PreparedFolder(recipe) + "/prepared.json";
}

base::Result<bool> IsPrepared(const base::FileStore& store, std::string_view recipe) {
  return store.Exists(PreparedIndex(recipe));
}

base::Status ForgetPrepared(base::FileStore& store, std::string_view recipe) {
  return store.Delete(PreparedIndex(recipe));
}

}  // namespace tidemill::dataset
