// SPDX-License-Identifier: Apache-2.0
#include "s3_bucket.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "tidemill/base/date.h"
#include "tidemill/base/text.h"

#include "caller.h"
#include "s3_signature.h"
#include "s3_upload.h"
#include "xml.h"

namespace tidemill::cloud {
namespace {

using base::ErrorCode;
using base::Result;
using base::Status;

// Names in answers are encoded as in forms.
std::string DecodeName(std::string text) {
  std::replace(text.begin(), text.end(), '+', ' ');
  return base::PercentDecode(text).value_or(text);
}

class S3Bucket final : public ObjectBucket {
 public:
  // `address` ends in '/': objects' names stand behind it.
  S3Bucket(std::string bucket, std::string address, Caller caller)
      : bucket_(std::move(bucket)), address_(std::move(address)), caller_(std::move(caller)) {}

  Result<std::string> Get(std::string_view name, std::uint64_t limit) const override {
    http::ClientRequest request{.url = AddressOf(name)};
    request.most_bytes = limit;
    request.timeout = std::chrono::minutes(30);  // a standstill ends it earlier
    TIDEMILL_ASSIGN(Answer answer, caller_.Send(request, PlaceOf(name)));
    if (!Worked(answer.response)) return FailOnAnswer(answer.response, PlaceOf(name), "read the object");
    TIDEMILL_CHECK(CheckMd5(answer.response.headers, answer.response.body, PlaceOf(name)));
    return std::move(answer.response.body);
  }

  Result<bool> Exists(std::string_view name) const override {
    TIDEMILL_ASSIGN(const Answer answer, caller_.Send({.method = "HEAD", .url = AddressOf(name)}, PlaceOf(name)));
    if (answer.response.status == 404) return false;
    if (!Worked(answer.response)) return FailOnAnswer(answer.response, PlaceOf(name), "look for the object");
    return true;
  }

  Result<ObjectPage> List(std::string_view prefix, bool recursive, std::string_view next) const override {
    // By names, as the signature wants them.
    const std::string url =
        fmt::format("{}?{}{}{}encoding-type=url&list-type=2&prefix={}", address_,
                    next.empty() ? "" : "continuation-token=", next.empty() ? "" : base::PercentEncode(next) + "&",
                    recursive ? "" : "delimiter=%2F&", base::PercentEncode(prefix));
    TIDEMILL_ASSIGN(const Answer answer, caller_.Send({.url = url}, PlaceOf(prefix)));
    if (!Worked(answer.response)) return FailOnAnswer(answer.response, PlaceOf(prefix), "list the bucket");
    return ParsePage(answer.response.body);
  }

  Result<Written> Put(std::string_view name, std::string_view bytes, Condition condition) override {
    return UploadToS3(caller_,
                      {.address = AddressOf(name), .place = PlaceOf(name), .bytes = bytes, .condition = condition});
  }

  Status Delete(std::string_view name) override {
    TIDEMILL_ASSIGN(const Answer answer, caller_.Send({.method = "DELETE", .url = AddressOf(name)}, PlaceOf(name)));
    if (Worked(answer.response) || answer.response.status == 404) return {};
    return FailOnAnswer(answer.response, PlaceOf(name), "delete the object");
  }

 private:
  std::string PlaceOf(std::string_view name) const { return fmt::format("s3://{}/{}", bucket_, name); }
  std::string AddressOf(std::string_view name) const { return address_ + base::PercentEncode(name, "/"); }

  static Result<ObjectPage> ParsePage(std::string_view body) {
    ObjectPage page;
    for (const std::string_view entry : Elements(body, "Contents")) {
      const auto size = base::ParseInt(FirstElement(entry, "Size").value_or("0")).value_or(0);
      page.objects.push_back(
          {.path = DecodeName(FirstElement(entry, "Key").value_or("")),
           .size = static_cast<std::uint64_t>(std::max<std::int64_t>(0, size)),
           .modified = base::ParseRfc3339(FirstElement(entry, "LastModified").value_or("")).value_or(base::Time{})});
    }
    for (const std::string_view entry : Elements(body, "CommonPrefixes")) {
      page.folders.push_back(DecodeName(FirstElement(entry, "Prefix").value_or("")));
    }
    if (FirstElement(body, "IsTruncated").value_or("") == "true") {
      page.next = FirstElement(body, "NextContinuationToken").value_or("");
    }
    return page;
  }

  std::string bucket_;
  std::string address_;
  Caller caller_;
};

std::string FirstSet(const Means& means, const char* first, const char* second) {
  std::string value = means.environment(first);
  return value.empty() ? means.environment(second) : value;
}

// Stores of others take the bucket as a part of the path, S3 itself as a part of the host; a name with dots has no
// certificate there.
std::string AddressOfBucket(const std::string& bucket, const std::string& region, std::string endpoint) {
  while (endpoint.ends_with('/')) endpoint.pop_back();
  if (!endpoint.empty()) return fmt::format("{}/{}/", endpoint, bucket);
  if (bucket.find('.') != std::string::npos) return fmt::format("https://s3.{}.amazonaws.com/{}/", region, bucket);
  return fmt::format("https://{}.s3.{}.amazonaws.com/", bucket, region);
}

}  // namespace

Result<std::unique_ptr<ObjectBucket>> OpenS3Bucket(const std::string& bucket, const Means& means) {
  const S3Key key{.id = means.environment("AWS_ACCESS_KEY_ID"),
                  .secret = means.environment("AWS_SECRET_ACCESS_KEY"),
                  .session_token = means.environment("AWS_SESSION_TOKEN")};
  if (key.id.empty() || key.secret.empty()) {
    return base::Fail(ErrorCode::kUnauthenticated,
                      "s3://{} needs a key: set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY", bucket);
  }
  std::string region = FirstSet(means, "AWS_REGION", "AWS_DEFAULT_REGION");
  if (region.empty()) region = "us-east-1";
  std::string address = AddressOfBucket(bucket, region, FirstSet(means, "AWS_ENDPOINT_URL_S3", "AWS_ENDPOINT_URL"));
  Caller caller(means, [key, region, clock = means.clock](http::ClientRequest& request) -> Status {
    SignS3(request, key, region, clock->Now());
    return {};
  });
  return std::make_unique<S3Bucket>(bucket, std::move(address), std::move(caller));
}

}  // namespace tidemill::cloud
