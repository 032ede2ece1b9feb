// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "tidemill/http/message.h"

#include "key_notes.h"

namespace tidemill::data_api {

// What an answer depends on, of a request for data: target, Accept and Accept-Encoding, a line each.
std::string KeyOf(const http::Request& request);

// Answers whose bodies are made while they are sent, of all catalogs. One that is asked for again meanwhile is not made
// again: who asks reads it from its beginning (SharedBody). Thread-safe.
class LongAnswers : public std::enable_shared_from_this<LongAnswers> {
 public:
  static constexpr std::size_t kMostBytesEach = std::size_t{2} << 20U;
  static constexpr std::size_t kMostShared = 8;  // at a time: one more, and the oldest is shared no further

  using Make = std::function<http::Response(const http::Request&)>;
  // Takes an answer that is whole and was asked for more than once: its head and its body.
  using Take = std::function<void(const http::Response& head, std::string body)>;
  // Of a catalog: the same request is another answer in the next one.
  std::string NewPrefix() { return std::to_string(++catalogs_) + '\n'; }

  // The answer of that name (a catalog's prefix and KeyOf) from its beginning, where one is being made and the client
  // has no copy that may be good. `make` makes it anew, should it turn out too large to be shared.
  std::optional<http::Response> Join(const std::string& name, const http::Request& request, const Make& make);
  // An answer that begins to be made can be joined from now on; where that has begun meanwhile, this joins it.
  // `asked_before`: `take` gets it even if nobody joins.
  http::Response Begin(const std::string& name, http::Response response, bool asked_before, Take take,
                       const Make& make);

  std::uint64_t made() const { return made_; }
  std::uint64_t joined() const { return joined_; }

 private:
  class Work;
  std::shared_ptr<Work> Find(const std::string& name) const;
  std::shared_ptr<Work> Add(const std::string& name, http::Response& response, Take take);
  void TakeNoMore(const Work& work, bool too_large);
  static http::Response Read(std::shared_ptr<Work> work, Make make);

  mutable std::mutex mutex_;                // for what follows
  std::vector<std::weak_ptr<Work>> works_;  // the oldest first
  KeyNotes too_large_;
  std::atomic<std::uint64_t> made_{0}, joined_{0}, catalogs_{0};
};

}  // namespace tidemill::data_api
