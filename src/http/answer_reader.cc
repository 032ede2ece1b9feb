// SPDX-License-Identifier: Apache-2.0
#include "answer_reader.h"

#include <algorithm>
#include <charconv>

#include "tidemill/base/text.h"

#include "field_text.h"
#include "gunzip.h"

namespace tidemill::http {
namespace {

constexpr std::size_t kMostHeadBytes = std::size_t{256} << 10U;
constexpr std::size_t kMostChunkLineBytes = 4096;
// Reserved at once for a body of a known length; more is taken as it comes, since the length may be a lie.
constexpr std::uint64_t kMostReserved = std::uint64_t{1} << 20U;

// A line without its end, cut off `text`.
std::string_view TakeLine(std::string_view& text) {
  const std::size_t end = std::min(text.find('\n'), text.size());
  std::string_view line = text.substr(0, end);
  text.remove_prefix(std::min(end + 1, text.size()));
  if (line.ends_with('\r')) line.remove_suffix(1);
  return line;
}

// "HTTP/1.1 200 OK"
bool ReadStatusLine(std::string_view line, int& status, bool& http11) {
  if (!line.starts_with("HTTP/1.") || line.size() < 12 || line[8] != ' ') return false;
  http11 = line[7] != '0';
  const char* const begin = line.data() + 9;
  const auto [end, error] = std::from_chars(begin, begin + 3, status);
  return error == std::errc() && end == begin + 3 && status >= 100 && (line.size() == 12 || line[12] == ' ');
}

}  // namespace

AnswerReader::Fault AnswerReader::Take(std::string_view bytes) {
  begun_ = begun_ || !bytes.empty();
  waiting_ += bytes;
  while (stage_ != Stage::kWhole) {
    const std::size_t before = waiting_.size();
    const Stage stage = stage_;
    const Fault fault = stage_ == Stage::kHead ? TakeHead() : TakeBody();
    if (fault != Fault::kNone) return fault;
    if (stage == stage_ && before == waiting_.size()) return Fault::kNone;  // more must come
  }
  // Something behind the answer: nobody asked for it, and the next answer would begin with it.
  if (!waiting_.empty()) keeps_alive_ = false;
  return Fault::kNone;
}

AnswerReader::Fault AnswerReader::End() {
  if (!begun_) return Fault::kNothing;
  if (stage_ == Stage::kToEnd) return Finish();
  return stage_ == Stage::kWhole ? Fault::kNone : Fault::kBrokenOff;
}

AnswerReader::Fault AnswerReader::TakeHead() {
  const std::size_t from = looked_at_ < 3 ? 0 : looked_at_ - 3;
  const std::size_t empty = waiting_.find("\n\r\n", from);
  const std::size_t bare = waiting_.find("\n\n", from);
  const std::size_t end = std::min(empty, bare);
  if (std::min(end, waiting_.size()) > kMostHeadBytes) return Fault::kHeadTooLarge;
  if (end == std::string::npos) {
    looked_at_ = waiting_.size();
    constexpr std::string_view kBegin = "HTTP/1.";
    const std::string_view seen = std::string_view(waiting_).substr(0, kBegin.size());
    return kBegin.starts_with(seen) ? Fault::kNone : Fault::kNoHttp;
  }
  const std::string head = waiting_.substr(0, end + 1);
  waiting_.erase(0, end + (end == empty ? 3 : 2));
  looked_at_ = 0;
  if (!ReadHead(head)) return Fault::kNoHttp;
  // Interim answers come before the one that counts.
  return response_.status < 200 && response_.status != 101 ? Fault::kNone : BeginBody();
}

bool AnswerReader::ReadHead(std::string_view head) {
  response_ = ClientResponse{};
  bool http11 = false;
  if (!ReadStatusLine(TakeLine(head), response_.status, http11)) return false;
  while (!head.empty()) {
    const std::string_view line = TakeLine(head);
    const std::size_t colon = line.find(':');
    if (line.empty() || line.front() == ' ' || line.front() == '\t') continue;  // the rest of a field, long forbidden
    if (colon == std::string_view::npos) return false;
    response_.headers.emplace_back(line.substr(0, colon), TrimBlanks(line.substr(colon + 1)));
  }
  const std::string_view connection = HeaderValue(response_.headers, "Connection");
  keeps_alive_ = http11 ? !ListHas(connection, "close") : ListHas(connection, "keep-alive");
  return true;
}

AnswerReader::Fault AnswerReader::BeginBody() {
  const int status = response_.status;
  if (head_only_ || status == 204 || status == 304 || status < 200) return Finish();
  if (ListHas(HeaderValue(response_.headers, "Transfer-Encoding"), "chunked")) {
    stage_ = Stage::kChunkSize;
    return Fault::kNone;
  }
  const std::string_view length = HeaderValue(response_.headers, "Content-Length");
  if (length.empty()) {
    keeps_alive_ = false;
    stage_ = Stage::kToEnd;
    return Fault::kNone;
  }
  const auto bytes = base::ParseInt(length);
  if (!bytes || *bytes < 0) return Fault::kNoHttp;
  length_ = static_cast<std::uint64_t>(*bytes);
  sized_ = true;
  if (length_ > most_bytes_) return Fault::kBodyTooLarge;
  if (length_ == 0) return Finish();
  response_.body.reserve(std::min(length_, kMostReserved));
  stage_ = Stage::kSized;
  return Fault::kNone;
}

// Moves up to `most` of what waits to the body.
AnswerReader::Fault AnswerReader::Append(std::uint64_t most) {
  const std::uint64_t count = std::min<std::uint64_t>(waiting_.size(), most);
  if (count > most_bytes_ - response_.body.size()) return Fault::kBodyTooLarge;
  response_.body.append(waiting_, 0, count);
  waiting_.erase(0, count);
  return Fault::kNone;
}

AnswerReader::Fault AnswerReader::TakeBody() {
  switch (stage_) {
    case Stage::kSized: {
      const Fault fault = Append(length_ - response_.body.size());
      return fault == Fault::kNone && response_.body.size() == length_ ? Finish() : fault;
    }
    case Stage::kToEnd:
      return Append(waiting_.size());
    case Stage::kChunk: {
      const std::uint64_t before = waiting_.size();
      const Fault fault = Append(length_);
      length_ -= before - waiting_.size();
      if (length_ == 0) stage_ = Stage::kChunkEnd;
      return fault;
    }
    case Stage::kChunkSize:
    case Stage::kChunkEnd:
    case Stage::kTrailer:
      return TakeChunkLine();
    case Stage::kHead:
    case Stage::kWhole:
      break;
  }
  return Fault::kNone;
}

// A line between the data: the size of a chunk, its end, or what follows the last one.
AnswerReader::Fault AnswerReader::TakeChunkLine() {
  const std::size_t end = waiting_.find('\n');
  if (std::min(end, waiting_.size()) > kMostChunkLineBytes) return Fault::kBodyUnreadable;
  if (end == std::string::npos) return Fault::kNone;
  std::string_view rest = waiting_;
  const std::string line(TakeLine(rest));
  waiting_.erase(0, end + 1);
  if (stage_ == Stage::kTrailer) return line.empty() ? Finish() : Fault::kNone;
  if (stage_ == Stage::kChunkEnd) {
    stage_ = Stage::kChunkSize;
    return line.empty() ? Fault::kNone : Fault::kBodyUnreadable;
  }
  const std::string_view digits = TrimBlanks(std::string_view(line).substr(0, line.find(';')));
  const auto [last, error] = std::from_chars(digits.data(), digits.data() + digits.size(), length_, 16);
  if (digits.empty() || error != std::errc() || last != digits.data() + digits.size()) return Fault::kBodyUnreadable;
  stage_ = length_ == 0 ? Stage::kTrailer : Stage::kChunk;
  return Fault::kNone;
}

AnswerReader::Fault AnswerReader::Finish() {
  stage_ = Stage::kWhole;
  const std::string_view encoding = HeaderValue(response_.headers, "Content-Encoding");
  if (response_.body.empty() || encoding.empty() || EqualNoCase(encoding, "identity")) return Fault::kNone;
  if (!EqualNoCase(encoding, "gzip") && !EqualNoCase(encoding, "x-gzip")) return Fault::kBodyUnreadable;
  auto body = Gunzip(response_.body, most_bytes_);
  if (!body) return body.error().code == base::ErrorCode::kTooLarge ? Fault::kBodyTooLarge : Fault::kBodyUnreadable;
  response_.body = *std::move(body);
  return Fault::kNone;
}

}  // namespace tidemill::http
