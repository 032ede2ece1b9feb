// SPDX-License-Identifier: Apache-2.0
#include "gcs_upload.h"

#include <algorithm>
#include <charconv>
#include <optional>

#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <fmt/format.h>

#include "tidemill/base/sha256.h"
#include "tidemill/base/signature.h"
#include "tidemill/base/text.h"

#include "json.h"

namespace tidemill::cloud {
namespace {

using base::ErrorCode;
using base::Result;

constexpr std::size_t kWhole = std::size_t{8} << 20U;  // up to here in one request
constexpr std::size_t kPiece = std::size_t{8} << 20U;  // of 256 KiB each, as the API asks
constexpr int kMostStalls = 8;                         // of resuming without a byte more
constexpr int kResumeIncomplete = 308;

std::chrono::milliseconds TimeFor(std::size_t bytes) {
  constexpr std::size_t kSlowest = 50;  // bytes a millisecond
  return std::chrono::milliseconds(60'000 + bytes / kSlowest);
}

std::string MetadataOf(const GcsUpload& upload, const std::string& crc) {
  boost::json::object metadata;
  metadata["name"] = upload.name;
  metadata["crc32c"] = crc;
  metadata["contentType"] = "application/octet-stream";
  return boost::json::serialize(metadata);
}

std::string QueryOf(const GcsUpload& upload, std::string_view type) {
  return fmt::format("?uploadType={}{}&fields=name,size,crc32c", type,
                     upload.condition == Condition::kAbsent ? "&ifGenerationMatch=0" : "");
}

// What was stored is what was sent, by the cloud's own count.
base::Status CheckStored(const http::ClientResponse& response, const GcsUpload& upload, const std::string& crc) {
  TIDEMILL_ASSIGN(const boost::json::object stored, ParseObject(response.body, upload.place));
  const std::string stored_crc = Text(stored, "crc32c");
  if (stored_crc.empty() || stored_crc == crc) return {};
  return base::FailAt(ErrorCode::kUnavailable, upload.place, "was stored with the checksum {}, expected {}",
                      base::Quoted(stored_crc), crc);
}

Result<Written> Judge(const Answer& answer, const GcsUpload& upload, const std::string& crc) {
  if (answer.response.status == 412) return Written{.refused = true, .doubtful = answer.doubtful};
  if (!Worked(answer.response)) return FailOnAnswer(answer.response, upload.place, "write the object");
  TIDEMILL_CHECK(CheckStored(answer.response, upload, crc));
  return Written{};
}

Result<Written> UploadWhole(const Caller& caller, const GcsUpload& upload, const std::string& crc) {
  // Not in the bytes: it would have to be in its own preimage.
  const std::string boundary = "tidemill-" + base::Sha256Hex(upload.bytes);
  http::ClientRequest request{.method = "POST",
                              .url = upload.address + QueryOf(upload, "multipart"),
                              .headers = {{"Content-Type", "multipart/related; boundary=" + boundary}},
                              .timeout = TimeFor(upload.bytes.size()),
                              .most_redirects = 0};
  request.body = fmt::format(
      "--{0}\r\nContent-Type: application/json; charset=UTF-8\r\n\r\n{1}\r\n"
      "--{0}\r\nContent-Type: application/octet-stream\r\n\r\n{2}\r\n--{0}--\r\n",
      boundary, MetadataOf(upload, crc), upload.bytes);
  TIDEMILL_ASSIGN(const Answer answer, caller.Send(request, upload.place));
  return Judge(answer, upload, crc);
}

// How much the cloud says it has: "bytes=0-524287".
std::size_t HaveOf(const http::ClientResponse& response) {
  const std::string_view range = http::HeaderValue(response.headers, "Range");
  const std::size_t dash = range.find('-');
  std::size_t last = 0;
  if (dash == std::string_view::npos) return 0;
  const auto [end, error] = std::from_chars(range.data() + dash + 1, range.data() + range.size(), last);
  return error == std::errc{} ? last + 1 : 0;
}

// An upload in pieces.
class Session {
 public:
  Session(const Caller& caller, const GcsUpload& upload, std::string crc)
      : caller_(caller), upload_(upload), crc_(std::move(crc)) {}

  Result<Written> Run() {
    TIDEMILL_ASSIGN(const std::optional<Written> refused, Begin());
    if (refused) return *refused;
    for (int stalls = 0; stalls < kMostStalls;) {
      const std::size_t before = have_;
      TIDEMILL_ASSIGN(const std::optional<Written> end, SendPiece());
      if (end) return *end;
      stalls = have_ > before ? 0 : stalls + 1;
    }
    return base::FailAt(ErrorCode::kUnavailable, upload_.place, "the upload stands still at {} of {} bytes", have_,
                        upload_.bytes.size());
  }

 private:
  Result<std::optional<Written>> Begin() {
    const http::ClientRequest request{
        .method = "POST",
        .url = upload_.address + QueryOf(upload_, "resumable") + "&name=" + base::PercentEncode(upload_.name),
        .headers = {{"Content-Type", "application/json; charset=UTF-8"},
                    {"X-Upload-Content-Length", std::to_string(upload_.bytes.size())}},
        .body = MetadataOf(upload_, crc_),
        .most_redirects = 0};
    TIDEMILL_ASSIGN(const Answer answer, caller_.Send(request, upload_.place));
    if (answer.response.status == 412) return Written{.refused = true, .doubtful = false};
    if (!Worked(answer.response)) return FailOnAnswer(answer.response, upload_.place, "begin the upload");
    address_ = http::HeaderValue(answer.response.headers, "Location");
    if (address_.empty()) {
      return base::FailAt(ErrorCode::kUnavailable, upload_.place, "the answer names no address to upload to");
    }
    return std::nullopt;
  }

  http::ClientRequest PieceFrom(std::size_t from, std::size_t size) const {
    const std::size_t total = upload_.bytes.size();
    const std::string range =
        size == 0 ? fmt::format("bytes */{}", total) : fmt::format("bytes {}-{}/{}", from, from + size - 1, total);
    return {.method = "PUT",
            .url = address_,
            .headers = {{"Content-Range", range}},
            .body = std::string(upload_.bytes.substr(from, size)),
            .timeout = TimeFor(size),
            .most_redirects = 0};
  }

  // Sends from where the cloud has all before; after a lost answer it asks where that is.
  Result<std::optional<Written>> SendPiece() {
    const std::size_t size = std::min(kPiece, upload_.bytes.size() - have_);
    auto sent = caller_.SendOnce(PieceFrom(have_, size), upload_.place);
    const bool lost = !sent || sent->status >= 500 || sent->status == 408 || sent->status == 429;
    if (!lost) return Understand({.response = *std::move(sent), .doubtful = doubtful_});
    if (!sent && sent.error().code == ErrorCode::kCancelled) return tl::unexpected(std::move(sent).error());
    doubtful_ = true;
    TIDEMILL_ASSIGN(Answer answer, caller_.Send(PieceFrom(0, 0), upload_.place));
    answer.doubtful = true;
    return Understand(answer);
  }

  Result<std::optional<Written>> Understand(const Answer& answer) {
    if (answer.response.status == kResumeIncomplete) {
      have_ = std::min(HaveOf(answer.response), upload_.bytes.size());
      return std::nullopt;
    }
    TIDEMILL_ASSIGN(const Written written, Judge(answer, upload_, crc_));
    return written;
  }

  const Caller& caller_;
  const GcsUpload& upload_;
  const std::string crc_;
  std::string address_;
  std::size_t have_ = 0;
  bool doubtful_ = false;
};

}  // namespace

Result<Written> UploadToGcs(const Caller& caller, const GcsUpload& upload) {
  std::string crc = base::Base64(base::Crc32c(upload.bytes));
  if (upload.bytes.size() <= kWhole) return UploadWhole(caller, upload, crc);
  return Session(caller, upload, std::move(crc)).Run();
}

}  // namespace tidemill::cloud
