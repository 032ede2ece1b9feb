// SPDX-License-Identifier: Apache-2.0
#include "answer_cache.h"

#include <iterator>
#include <utility>

#include "tidemill/http/file_owner.h"

#include "answer.h"

namespace tidemill::data_api {
namespace {

constexpr std::size_t kLeastInFile = std::size_t{64} << 10U;

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

std::string_view BodyOf(const http::Response& response) {
  return response.body.empty() ? response.shared.bytes : response.body;
}

// A large body goes into a file; where there are no descriptors left it stays in memory.
KeptAnswer WithBody(KeptAnswer kept, std::string body) {
  kept.body = std::move(body);
  if (kept.body.size() < kLeastInFile) return kept;
  if (auto file = base::MemoryFile::Make(kept.body)) {
    kept.file.emplace(*std::move(file));
    kept.body = {};
  }
  return kept;
}

void AddHeaders(std::string_view lines, http::Headers& headers) {
  for (std::size_t end = lines.find("\r\n"); end != lines.npos; end = lines.find("\r\n")) {
    const std::size_t colon = lines.find(": ");
    headers.emplace_back(lines.substr(0, colon), lines.substr(colon + 2, end - colon - 2));
    lines.remove_prefix(end + 2);
  }
}

http::Response ToResponse(const std::shared_ptr<const KeptAnswer>& answer) {
  http::Response response{.status = 200, .headers = {}, .body = {}, .shared = {answer->bytes(), OwnerOf(answer)}};
  AddHeaders(answer->fields, response.headers);
  AddHeaders(answer->body_fields, response.headers);
  return response;
}

}  // namespace

std::shared_ptr<const void> OwnerOf(const std::shared_ptr<const KeptAnswer>& answer) {
  return answer->file ? http::OwnsFile(answer->file->descriptor(), answer) : answer;
}

bool AnswerCache::MayHold(const http::Request& request) {
  return (request.method == "GET" || request.method == "HEAD") && request.target.starts_with("/v1/");
}

// Whether the key was seen before; the second time that is forgotten.
bool AnswerCache::Shelf::IsSecond(const std::string& key) {
  const std::lock_guard lock(mutex);
  if (seen.Forget(key)) return true;
  seen.Note(key);
  return false;
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

http::Response AnswerCache::Get(const http::Request& request, const LongAnswers::Make& make) {
  // HEAD of an answer may be made without its body.
  if (request.method != "GET" || !MayHold(request)) return make(request);
  // It may have been kept while the request waited for a worker.
  if (const auto kept = Find(request); kept && !MayBeFresh(request, kept->etag)) return ToResponse(kept);
  const std::string key = KeyOf(request);
  const std::string name = prefix_ + key;
  if (auto joined = long_answers_->Join(name, request, make)) return *std::move(joined);
  http::Response response = make(request);
  KeptAnswer kept;
  if (!TakeHead(response, kept)) return response;
  const bool is_second = shelf_->IsSecond(key);
  if (!response.next_piece) {
    if (is_second) shelf_->Put(key, WithBody(std::move(kept), std::string(BodyOf(response))));
    return response;
  }
  auto take = [shelf = shelf_, key](const http::Response& head, std::string body) {
    KeptAnswer whole;
    if (TakeHead(head, whole)) shelf->Put(key, WithBody(std::move(whole), std::move(body)));
  };
  return long_answers_->Begin(name, std::move(response), is_second, std::move(take), make);
}

}  // namespace tidemill::data_api
