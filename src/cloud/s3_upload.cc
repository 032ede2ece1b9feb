// SPDX-License-Identifier: Apache-2.0
#include "s3_upload.h"

#include <algorithm>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "tidemill/base/digest.h"
#include "tidemill/base/sha256.h"
#include "tidemill/base/text.h"

#include "xml.h"

namespace tidemill::cloud {
namespace {

using base::ErrorCode;
using base::Result;
using base::Status;

constexpr std::size_t kMd5Digits = 32;
constexpr std::size_t kPartBytes = std::size_t{16} << 20U;  // S3 takes 5 MB to 5 GB
constexpr std::size_t kMostAtOnce = 2 * kPartBytes;

std::string Md5Of(std::string_view bytes) {
  return base::Hasher(base::DigestKind::kMd5).Hash(bytes);
}

// The MD5 of the object, where its ETag is one: not for objects of several parts nor for those with a key of their own.
std::string Md5In(const http::Headers& headers) {
  std::string tag(http::HeaderValue(headers, "ETag"));
  std::erase(tag, '"');
  const std::string_view sealed = http::HeaderValue(headers, "x-amz-server-side-encryption");
  const bool plain = sealed.empty() || sealed == "AES256";
  const bool digits = tag.size() == kMd5Digits && tag.find_first_not_of("0123456789abcdef") == std::string::npos;
  const bool own_key = !http::HeaderValue(headers, "x-amz-server-side-encryption-customer-algorithm").empty();
  return plain && digits && !own_key ? tag : std::string();
}

std::chrono::milliseconds PatienceFor(std::size_t bytes) {
  constexpr std::size_t kSlowest = 50;  // bytes a millisecond
  return std::chrono::milliseconds(60'000 + bytes / kSlowest);
}

http::ClientRequest Request(std::string method, std::string url, std::string body) {
  const auto patience = PatienceFor(body.size());
  return {.method = std::move(method),
          .url = std::move(url),
          .headers = {{"Content-Type", "application/octet-stream"}},
          .body = std::move(body),
          .timeout = patience,
          .most_redirects = 0};
}

// 409: another write of the same name is under way; who of them wins is not said.
bool IsRefused(int status) {
  return status == 412 || status == 409;
}

Result<Written> UploadAtOnce(const Caller& caller, const S3Upload& upload) {
  http::ClientRequest request = Request("PUT", upload.address, std::string(upload.bytes));
  if (upload.condition == Condition::kAbsent) request.headers.emplace_back("If-None-Match", "*");
  TIDEMILL_ASSIGN(const Answer answer, caller.Send(request, upload.place));
  if (IsRefused(answer.response.status)) return Written{.refused = true, .doubtful = answer.doubtful};
  if (!Worked(answer.response)) return FailOnAnswer(answer.response, upload.place, "write the object");
  TIDEMILL_CHECK(CheckMd5(answer.response.headers, upload.bytes, upload.place));
  return Written{};
}

class Parts {
 public:
  Parts(const Caller& caller, const S3Upload& upload) : caller_(caller), upload_(upload) {}

  Result<Written> Send() {
    TIDEMILL_CHECK(Begin());
    auto written = SendAll();
    if (!written) GiveUp();
    return written;
  }

 private:
  Status Begin() {
    TIDEMILL_ASSIGN(const Answer answer,
                    caller_.Send(Request("POST", upload_.address + "?uploads", ""), upload_.place));
    if (!Worked(answer.response)) return FailOnAnswer(answer.response, upload_.place, "begin to write the object");
    const std::string id = FirstElement(answer.response.body, "UploadId").value_or("");
    if (id.empty()) return base::FailAt(ErrorCode::kUnavailable, upload_.place, "begins without an UploadId");
    id_ = "uploadId=" + base::PercentEncode(id);
    return {};
  }

  Result<Written> SendAll() {
    for (std::size_t at = 0; at < upload_.bytes.size(); at += kPartBytes) {
      TIDEMILL_CHECK(SendOne(upload_.bytes.substr(at, kPartBytes)));
    }
    return Complete();
  }

  Status SendOne(std::string_view part) {
    const std::string url = fmt::format("{}?partNumber={}&{}", upload_.address, tags_.size() + 1, id_);
    TIDEMILL_ASSIGN(const Answer answer, caller_.Send(Request("PUT", url, std::string(part)), upload_.place));
    if (!Worked(answer.response)) return FailOnAnswer(answer.response, upload_.place, "write a part of the object");
    TIDEMILL_CHECK(CheckMd5(answer.response.headers, part, upload_.place));
    tags_.emplace_back(http::HeaderValue(answer.response.headers, "ETag"));
    digests_ += Md5Of(part);
    return {};
  }

  Result<Written> Complete() {
    std::string body = "<CompleteMultipartUpload>";
    for (std::size_t i = 0; i < tags_.size(); ++i) {
      body += fmt::format("<Part><PartNumber>{}</PartNumber><ETag>{}</ETag></Part>", i + 1, tags_[i]);
    }
    body += "</CompleteMultipartUpload>";
    http::ClientRequest request = Request("POST", fmt::format("{}?{}", upload_.address, id_), std::move(body));
    request.timeout = PatienceFor(upload_.bytes.size());
    if (upload_.condition == Condition::kAbsent) request.headers.emplace_back("If-None-Match", "*");
    TIDEMILL_ASSIGN(const Answer answer, caller_.Send(request, upload_.place));
    if (IsRefused(answer.response.status)) {
      if (!answer.doubtful) GiveUp();
      return Written{.refused = true, .doubtful = answer.doubtful};
    }
    // Gone after a lost answer: that one has put it together.
    if (answer.response.status == 404 && answer.doubtful) return LookAfterIt();
    if (!Worked(answer.response)) return FailOnAnswer(answer.response, upload_.place, "put the object together");
    // The status comes before the work is done: what went wrong afterwards stands in the body.
    if (const auto code = FirstElement(answer.response.body, "Code")) {
      return base::FailAt(ErrorCode::kUnavailable, upload_.place, "cannot put the object together: {}, {}", *code,
                          FirstElement(answer.response.body, "Message").value_or(""));
    }
    return Written{};
  }

  Result<Written> LookAfterIt() {
    TIDEMILL_ASSIGN(const Answer answer, caller_.Send({.method = "HEAD", .url = upload_.address}, upload_.place));
    std::string tag(http::HeaderValue(answer.response.headers, "ETag"));
    std::erase(tag, '"');
    if (tag == fmt::format("{}-{}", base::ToHex(Md5Of(digests_)), tags_.size())) return Written{};
    if (upload_.condition == Condition::kAbsent) return Written{.refused = true, .doubtful = true};
    return base::FailAt(ErrorCode::kUnavailable, upload_.place, "was put together, or not: no answer came");
  }

  void GiveUp() const {
    const auto ignored =
        caller_.Send({.method = "DELETE", .url = fmt::format("{}?{}", upload_.address, id_)}, upload_.place, 2);
    static_cast<void>(ignored);
  }

  const Caller& caller_;
  const S3Upload& upload_;
  std::string id_;                 // "uploadId=…"
  std::vector<std::string> tags_;  // of the parts
  std::string digests_;            // MD5 of the parts
};

}  // namespace

Status CheckMd5(const http::Headers& headers, std::string_view bytes, const std::string& place) {
  const std::string md5 = Md5In(headers);
  if (md5.empty() || md5 == base::ToHex(Md5Of(bytes))) return {};
  return base::FailAt(ErrorCode::kUnavailable, place, "has other bytes than its ETag {} says", md5);
}

Result<Written> UploadToS3(const Caller& caller, const S3Upload& upload) {
  return upload.bytes.size() <= kMostAtOnce ? UploadAtOnce(caller, upload) : Parts(caller, upload).Send();
}

}  // namespace tidemill::cloud
