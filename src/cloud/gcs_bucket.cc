// SPDX-License-Identifier: Apache-2.0
#include "gcs_bucket.h"

#include <utility>

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <fmt/format.h>

#include "tidemill/base/date.h"
#include "tidemill/base/signature.h"
#include "tidemill/base/text.h"

#include "caller.h"
#include "gcs_upload.h"
#include "json.h"

namespace tidemill::cloud {
namespace {

using base::ErrorCode;
using base::Result;
using base::Status;

// "crc32c=n03x6A==,md5=…" over one or several headers; empty where none is given.
std::string CrcIn(const http::Headers& headers) {
  constexpr std::string_view kName = "crc32c=";
  for (const auto& [name, value] : headers) {
    if (base::Lower(name) != "x-goog-hash") continue;
    for (const std::string_view part : base::Split(value, ',')) {
      if (const auto text = base::Trim(part); text.starts_with(kName)) return std::string(text.substr(kName.size()));
    }
  }
  return {};
}

class GcsBucket final : public ObjectBucket {
 public:
  GcsBucket(std::string bucket, std::string endpoint, Caller caller)
      : bucket_(std::move(bucket)), endpoint_(std::move(endpoint)), caller_(std::move(caller)) {}

  Result<std::string> Get(std::string_view name, std::uint64_t limit) const override {
    http::ClientRequest request{.url = AddressOf(name) + "?alt=media"};
    request.most_bytes = limit;
    request.timeout = std::chrono::minutes(30);  // a standstill ends it earlier
    TIDEMILL_ASSIGN(Answer answer, caller_.Send(request, PlaceOf(name)));
    if (!Worked(answer.response)) return FailOnAnswer(answer.response, PlaceOf(name), "read the object");
    const std::string crc = CrcIn(answer.response.headers);
    if (!crc.empty() && crc != base::Base64(base::Crc32c(answer.response.body))) {
      return base::FailAt(ErrorCode::kUnavailable, PlaceOf(name), "was read with another checksum than its {}", crc);
    }
    return std::move(answer.response.body);
  }

  Result<bool> Exists(std::string_view name) const override {
    TIDEMILL_ASSIGN(const Answer answer, caller_.Send({.url = AddressOf(name) + "?fields=name"}, PlaceOf(name)));
    if (answer.response.status == 404) return false;
    if (!Worked(answer.response)) return FailOnAnswer(answer.response, PlaceOf(name), "look for the object");
    return true;
  }

  Result<ObjectPage> List(std::string_view prefix, bool recursive, std::string_view next) const override {
    const std::string url =
        fmt::format("{}/storage/v1/b/{}/o?prefix={}{}{}{}&fields=items(name,size,updated),prefixes,nextPageToken",
                    endpoint_, base::PercentEncode(bucket_), base::PercentEncode(prefix),
                    recursive ? "" : "&delimiter=%2F", next.empty() ? "" : "&pageToken=", base::PercentEncode(next));
    TIDEMILL_ASSIGN(const Answer answer, caller_.Send({.url = url}, PlaceOf(prefix)));
    if (!Worked(answer.response)) return FailOnAnswer(answer.response, PlaceOf(prefix), "list the bucket");
    return ParsePage(answer.response.body, PlaceOf(prefix));
  }

  Result<Written> Put(std::string_view name, std::string_view bytes, Condition condition) override {
    return UploadToGcs(caller_,
                       {.address = fmt::format("{}/upload/storage/v1/b/{}/o", endpoint_, base::PercentEncode(bucket_)),
                        .name = std::string(name),
                        .place = PlaceOf(name),
                        .bytes = bytes,
                        .condition = condition});
  }

  Status Delete(std::string_view name) override {
    TIDEMILL_ASSIGN(const Answer answer, caller_.Send({.method = "DELETE", .url = AddressOf(name)}, PlaceOf(name)));
    if (Worked(answer.response) || answer.response.status == 404) return {};
    return FailOnAnswer(answer.response, PlaceOf(name), "delete the object");
  }

 private:
  std::string PlaceOf(std::string_view name) const { return fmt::format("gs://{}/{}", bucket_, name); }

  std::string AddressOf(std::string_view name) const {
    return fmt::format("{}/storage/v1/b/{}/o/{}", endpoint_, base::PercentEncode(bucket_), base::PercentEncode(name));
  }

  static Result<ObjectPage> ParsePage(std::string_view body, const std::string& place) {
    TIDEMILL_ASSIGN(const boost::json::object object, ParseObject(body, place));
    ObjectPage page{.next = Text(object, "nextPageToken")};
    for (const boost::json::value& item : Array(object, "items")) {
      if (!item.is_object()) continue;
      const auto& entry = item.get_object();
      page.objects.push_back({.path = Text(entry, "name"),
                              .size = static_cast<std::uint64_t>(std::max<std::int64_t>(0, Number(entry, "size"))),
                              .modified = base::ParseRfc3339(Text(entry, "updated")).value_or(base::Time{})});
    }
    for (const boost::json::value& folder : Array(object, "prefixes")) {
      if (folder.is_string()) page.folders.emplace_back(folder.get_string().c_str());
    }
    return page;
  }

  std::string bucket_;
  std::string endpoint_;
  Caller caller_;
};

// "localhost:4443", or with the scheme that it is spoken to by.
std::string AddressOfHost(std::string host, std::string_view scheme) {
  while (host.ends_with('/')) host.pop_back();
  return host.find("://") == std::string::npos ? fmt::format("{}://{}", scheme, host) : host;
}

}  // namespace

Result<std::unique_ptr<ObjectBucket>> OpenGcsBucket(const std::string& bucket, const Means& means,
                                                    const GoogleKey& key) {
  const std::string emulator = means.environment("STORAGE_EMULATOR_HOST");
  if (!emulator.empty()) {
    Caller caller(means, [](http::ClientRequest& /*request*/) { return Status(); });
    return std::make_unique<GcsBucket>(bucket, AddressOfHost(emulator, "http"), std::move(caller));
  }
  TIDEMILL_ASSIGN(auto opened, OpenGoogleSignIn(means, key));
  const std::shared_ptr<GoogleSignIn> sign_in = std::move(opened);
  Caller caller(
      means,
      [sign_in](http::ClientRequest& request) -> Status {
        TIDEMILL_ASSIGN(const std::string token, sign_in->Token());
        request.headers.emplace_back("Authorization", "Bearer " + token);
        return {};
      },
      [sign_in] { sign_in->Forget(); });
  const std::string endpoint = means.environment("TIDEMILL_GCS_ENDPOINT");
  return std::make_unique<GcsBucket>(
      bucket, AddressOfHost(endpoint.empty() ? "storage.googleapis.com" : endpoint, "https"), std::move(caller));
}

}  // namespace tidemill::cloud
