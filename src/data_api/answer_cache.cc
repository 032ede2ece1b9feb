// SPDX-License-Identifier: Apache-2.0
#include "answer_cache.h"

#include <algorithm>
#include <functional>
#include <utility>

namespace tidemill::data_api {
namespace {

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
  return key.size() + answer.etag.size() + answer.fields.size() + answer.body_fields.size() + answer.body.size() +
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

bool AnswerCache::Shelf::IsSecond(std::string_view key) {
  const std::uint64_t hash = std::hash<std::string_view>()(key);
  const std::lock_guard lock(mutex);
  return std::exchange(seen[hash % seen.size()], hash) == hash;
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

http::Response AnswerCache::Keep(const http::Request& request, http::Response response) {
  KeptAnswer kept;
  // HEAD of an answer may have been made without its body.
  if (request.method != "GET" || !MayHold(request) || !TakeHead(response, kept)) return response;
  std::string key = KeyOf(request);
  if (!shelf_->IsSecond(key)) return response;
  if (!response.next_piece) {
    kept.body = response.body.empty() ? std::string(response.shared.bytes) : response.body;
    shelf_->Put(std::move(key), std::move(kept));
    return response;
  }
  response.next_piece = [shelf = shelf_, key = std::move(key), kept = std::move(kept), fits = true,
                         next = std::move(response.next_piece)]() mutable -> base::Result<std::string> {
    auto piece = next();
    fits = fits && piece && kept.body.size() + piece->size() <= kMostBytesEach;
    if (!fits) {
      kept.body = {};
    } else if (!piece->empty()) {
      kept.body += *piece;
    } else {
      fits = false;
      shelf->Put(std::move(key), std::move(kept));
    }
    return piece;
  };
  return response;
}

}  // namespace tidemill::data_api
