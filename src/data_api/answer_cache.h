// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <list>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>

#include "tidemill/base/memory_file.h"
#include "tidemill/http/message.h"

#include "key_notes.h"
#include "long_answers.h"

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

// What a body that is sent keeps alive.
std::shared_ptr<const void> OwnerOf(const std::shared_ptr<const KeptAnswer>& answer);

// Answers that were asked for more than once, by all of the request that they depend on (KeyOf). It belongs to one
// catalog, whose data never changes, so nothing in it grows old. Thread-safe; a look-up waits for no more than another
// look-up.
class AnswerCache {
 public:
  static constexpr std::size_t kMostBytes = std::size_t{12} << 20U;
  static constexpr std::size_t kMostBytesEach = LongAnswers::kMostBytesEach;

  explicit AnswerCache(std::shared_ptr<LongAnswers> long_answers)
      : long_answers_(std::move(long_answers)), prefix_(long_answers_->NewPrefix()) {}

  std::shared_ptr<const KeptAnswer> Find(const http::Request& request);
  // The answer, by `make` where it is not being made already. It is kept if it was asked for before, or is meanwhile:
  // at once, or when its last piece has been made.
  http::Response Get(const http::Request& request, const LongAnswers::Make& make);

  const LongAnswers& long_answers() const { return *long_answers_; }

  // Of a request that only asks for data.
  static bool MayHold(const http::Request& request);

 private:
  struct Entry {
    std::string key;
    std::shared_ptr<const KeptAnswer> answer;
  };
  // Keys and answers, shared with long answers that are being made.
  struct Shelf {
    std::mutex mutex;
    std::list<Entry> entries;  // the last used first
    std::unordered_map<std::string_view, std::list<Entry>::iterator> places;
    std::size_t bytes = 0;
    KeyNotes seen;

    bool IsSecond(const std::string& key);
    void Put(std::string key, KeptAnswer answer);
  };
  std::shared_ptr<Shelf> shelf_ = std::make_shared<Shelf>();
  std::shared_ptr<LongAnswers> long_answers_;
  std::string prefix_;  // of their names
};

}  // namespace tidemill::data_api
