// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "tidemill/base/file_store.h"
#include "tidemill/base/result.h"

namespace tidemill::cloud {

struct ObjectPage {
  std::vector<base::FileEntry> objects;  // whole names
  std::vector<std::string> folders;      // what stands between the prefix and the next '/', with both
  std::string next;                      // empty at the end
};

enum class Condition { kAny, kAbsent };

struct Written {
  bool refused = false;   // by the condition: something is there
  bool doubtful = false;  // an earlier attempt of this one's may have put it there
};

// One bucket of a cloud, by the names of its objects. Thread-safe.
class ObjectBucket {
 public:
  virtual ~ObjectBucket() = default;
  // kNotFound, kTooLarge; kUnavailable where the bytes are not those of the checksum.
  virtual base::Result<std::string> Get(std::string_view name, std::uint64_t limit) const = 0;
  virtual base::Result<bool> Exists(std::string_view name) const = 0;
  virtual base::Result<ObjectPage> List(std::string_view prefix, bool recursive, std::string_view next) const = 0;
  virtual base::Result<Written> Put(std::string_view name, std::string_view bytes, Condition condition) = 0;
  virtual base::Status Delete(std::string_view name) = 0;
};

// A folder of a bucket as a store; `folder` is empty or ends in '/'.
std::unique_ptr<base::FileStore> MakeObjectStore(std::string url, std::string folder,
                                                 std::unique_ptr<ObjectBucket> bucket);

}  // namespace tidemill::cloud
