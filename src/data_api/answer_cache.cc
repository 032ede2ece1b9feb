// SPDX-License-Identifier: Apache-2.0
#include "answer_cache.h"

#include <algorithm>
#include <functional>
#include <utility>

namespace tidemill::data_api {
namespace {

constexpr std::size_t kLeastInFile = std::size_t{64} << 10U;

std::string KeyOf(const http::Request& request) {
  std::string key(request.target);
  key += '\n';
  key += http::FieldList(request, "Accept");
  key += '\n';
  key += http::FieldList(request, "Accept-Encoding");
  return key;
}

std::size_t SizeOf(const std::string& key, const KeptAnswer& answer) {
  constexpr std::size_t kOverhead = 256;
  return key.size() + answer.etag.size() + answer.fields.size() + answer.body_fields.size() + answer.bytes().size() +
         kOverhead;
}

// Header lines; false where this is not an answer that can be sent again.
bool TakeHead(const http::Response& response, KeptAnswer& kept) {
  if (response.status != 200) return false;
  bool has_ranges = true;
  for (const auto& [name, value] : response.headers) {
    if (name == "Accept-Ranges") has_ranges = value != "none";
    if (name == "Cache-Control" && value == "no-store") return false;
    std::string& lines = kept.etag.empty() ? kept.fields : kept.body_fields;
    if (name == "ETag") kept.etag = value;
    lines += name + ": " + value + "\r\n";
  }
  return !has_ranges && !kept.etag.empty();
}

}  // namespace

bool AnswerCache::MayHold(const http::Request& request) {
  return (request.method == "GET" || request.method == "HEAD") && request.path.starts_with("/v1/");
}

bool SeenOnce::IsSecond(std::string_view key) {
  const std::uint64_t hash = std::hash<std::string_view>()(key);
  auto& row = rows_[hash % kRows];
  const auto mark = static_cast<std::uint32_t>(hash >> 32U) | 1U;
  const auto found = std::find(row.begin(), row.end(), mark);
  if (found != row.end()) {
    std::move(found + 1, row.end(), found);
    row.back() = 0;
    return true;
  }
  std::move_backward(row.begin(), row.end() - 1, row.end());
  row.front() = mark;
  return false;
}

// True where the answer to the key is to be kept, and nobody else is about it.
bool AnswerCache::Shelf::Begin(const std::string& key) {
  const std::lock_guard lock(mutex);
  if (places.contains(key) || in_the_works.contains(key) || !seen.IsSecond(key)) return false;
  in_the_works.insert(key);
  return true;
}

void AnswerCache::Shelf::End(const std::string& key) {
  const std::lock_guard lock(mutex);
  in_the_works.erase(key);
}

void AnswerCache::Shelf::Put(std::string key, KeptAnswer answer) {
  const std::size_t size = SizeOf(key, answer);
  if (size > kMostBytesEach) return;
  Entry entry{std::move(key), std::make_shared<const KeptAnswer>(std::move(answer))};
  std::list<Entry> gone;  // freed without the lock
  const std::lock_guard lock(mutex);
  if (places.contains(entry.key)) return;
  entries.push_front(std::move(entry));
  places.emplace(entries.front().key, entries.begin());
  bytes += size;
  while (bytes > kMostBytes) {
    const Entry& last = entries.back();
    bytes -= SizeOf(last.key, *last.answer);
    places.erase(last.key);
    gone.splice(gone.begin(), entries, std::prev(entries.end()));
  }
}

std::shared_ptr<const KeptAnswer> AnswerCache::Find(const http::Request& request) {
  const std::string key = KeyOf(request);
  const std::lock_guard lock(shelf_->mutex);
  const auto found = shelf_->places.find(key);
  if (found == shelf_->places.end()) return nullptr;
  shelf_->entries.splice(shelf_->entries.begin(), shelf_->entries, found->second);
  return found->second->answer;
}

// An answer that is being made and will be kept when it is whole; given up where it goes before that.
class AnswerCache::Keeping {
 public:
  Keeping(std::shared_ptr<Shelf> shelf, std::string key, KeptAnswer answer)
      : shelf_(std::move(shelf)), key_(std::move(key)), answer_(std::move(answer)) {}
  ~Keeping() { shelf_->End(key_); }
  Keeping(const Keeping&) = delete;
  Keeping& operator=(const Keeping&) = delete;

  void Add(std::string_view piece) {
    fits_ = fits_ && answer_.body.size() + piece.size() <= kMostBytesEach;
    if (fits_) {
      answer_.body += piece;
    } else {
      answer_.body = {};
    }
  }
  void Finish() {
    if (!std::exchange(fits_, false)) return;
    answer_.body.shrink_to_fit();
    if (answer_.body.size() >= kLeastInFile) MoveToFile();
    shelf_->Put(key_, std::move(answer_));
  }
  void GiveUp() { fits_ = false; }

 private:
  // Where there are no descriptors left it stays where it is.
  void MoveToFile() {
    auto file = base::MemoryFile::Make(answer_.body);
    if (!file) return;
    answer_.file.emplace(*std::move(file));
    answer_.body = {};
  }

  std::shared_ptr<Shelf> shelf_;
  std::string key_;
  KeptAnswer answer_;
  bool fits_ = true;
};

http::Response AnswerCache::Keep(const http::Request& request, http::Response response) {
  KeptAnswer kept;
  // HEAD of an answer may have been made without its body.
  if (request.method != "GET" || !MayHold(request) || !TakeHead(response, kept)) return response;
  std::string key = KeyOf(request);
  if (!shelf_->Begin(key)) return response;
  const auto keeping = std::make_shared<Keeping>(shelf_, std::move(key), std::move(kept));
  if (!response.next_piece) {
    keeping->Add(response.body.empty() ? response.shared.bytes : response.body);
    keeping->Finish();
    return response;
  }
  response.next_piece = [keeping, next = std::move(response.next_piece)]() mutable -> base::Result<std::string> {
    auto piece = next();
    if (!piece) {
      keeping->GiveUp();
    } else if (piece->empty()) {
      keeping->Finish();
    } else {
      keeping->Add(*piece);
    }
    return piece;
  };
  return response;
}

}  // namespace tidemill::data_api
