// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <list>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>

#include "tidemill/http/message.h"

namespace tidemill::data_api {

// An answer as it was sent, ready to be sent again.
struct KeptAnswer {
  std::string etag;
  std::string fields;       // header lines up to the ETag
  std::string body_fields;  // those that a 304 has not
  std::string body;
};

// Answers that were asked for more than once, by all of the request that they depend on: target, Accept and
// Accept-Encoding. It belongs to one catalog, whose data never changes, so nothing in it grows old. Thread-safe; a
// look-up waits for no more than another look-up.
class AnswerCache {
 public:
  static constexpr std::size_t kMostBytes = std::size_t{32} << 20U;
  static constexpr std::size_t kMostBytesEach = std::size_t{4} << 20U;

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
    std::array<std::uint64_t, 4096> seen{};  // hashes of keys that were asked for once

    bool IsSecond(std::string_view key);
    void Put(std::string key, KeptAnswer answer);
  };
  std::shared_ptr<Shelf> shelf_ = std::make_shared<Shelf>();
};

}  // namespace tidemill::data_api
