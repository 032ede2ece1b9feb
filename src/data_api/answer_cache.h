// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <list>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>

#include "tidemill/base/memory_file.h"
#include "tidemill/http/message.h"

namespace tidemill::data_api {

// An answer as it was sent, ready to be sent again.
struct KeptAnswer {
  std::string etag;
  std::string fields;       // header lines up to the ETag
  std::string body_fields;  // those that a 304 has not
  std::string body;
  std::optional<base::MemoryFile> file;  // has the body where it is large: sockets take it from there uncopied

  std::string_view bytes() const { return file ? file->bytes() : body; }
};

// Remembers keys that were asked for once, as far as it has room: the oldest of a row makes place. One place a key
// would not do: two that share it and are asked for in turn would drive each other out for ever.
class SeenOnce {
 public:
  // Whether the key was seen before; the second time it is forgotten, the first it is remembered.
  bool IsSecond(std::string_view key);

 private:
  static constexpr std::size_t kRows = 1024, kPlaces = 8;
  std::array<std::array<std::uint32_t, kPlaces>, kRows> rows_{};  // of hashes, the newest first; 0: none
};

// Answers that were asked for more than once, by all of the request that they depend on: target, Accept and
// Accept-Encoding. It belongs to one catalog, whose data never changes, so nothing in it grows old. Thread-safe; a
// look-up waits for no more than another look-up.
class AnswerCache {
 public:
  static constexpr std::size_t kMostBytes = std::size_t{12} << 20U;
  static constexpr std::size_t kMostBytesEach = std::size_t{2} << 20U;

  std::shared_ptr<const KeptAnswer> Find(const http::Request& request);
  // The answer, which is kept if the request was seen before: at once, or when its last piece has been made.
  http::Response Keep(const http::Request& request, http::Response response);

  // Of a request that only asks for data.
  static bool MayHold(const http::Request& request);

 private:
  struct Entry {
    std::string key;
    std::shared_ptr<const KeptAnswer> answer;
  };
  // Keys and answers, shared with answers that are still being made.
  struct Shelf {
    std::mutex mutex;
    std::list<Entry> entries;  // the last used first
    std::unordered_map<std::string_view, std::list<Entry>::iterator> places;
    std::size_t bytes = 0;
    SeenOnce seen;
    std::set<std::string, std::less<>> in_the_works;  // one of many equal answers is enough to keep

    bool Begin(const std::string& key);
    void Put(std::string key, KeptAnswer answer);
    void End(const std::string& key);
  };
  class Keeping;
  std::shared_ptr<Shelf> shelf_ = std::make_shared<Shelf>();
};

}  // namespace tidemill::data_api
