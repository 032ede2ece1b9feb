// SPDX-License-Identifier: Apache-2.0
#include "tidemill/cloud/store.h"

#include <array>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tidemill/base/digest.h"
#include "tidemill/base/sha256.h"

#include "cloud_fixture.h"

namespace tidemill::cloud {
namespace {

using base::ErrorCode;
using testing::HasSubstr;
using testing::Not;

class GcsStore : public testing::Test, public CloudFixture {
 protected:
  GcsStore() { environment["STORAGE_EMULATOR_HOST"] = "127.0.0.1:9"; }
  std::unique_ptr<base::FileStore> Open(const std::string& url = "gs://bucket/store/") {
    return OpenCloudStore(url, means()).value();
  }
};

TEST_F(GcsStore, PutsIfAbsentByThePreconditionAndTheChecksum) {
  Answer(200, R"({"crc32c":"4waSgw=="})");
  EXPECT_TRUE(Open()->PutIfAbsent("t/_delta_log/0.json", "123456789"));
  ASSERT_EQ(client->requests.size(), 1);
  const auto& request = client->requests.front();
  EXPECT_EQ(request.url,
            "http://127.0.0.1:9/upload/storage/v1/b/bucket/o?uploadType=multipart&ifGenerationMatch=0"
            "&fields=name,size,crc32c");
  EXPECT_THAT(request.body, HasSubstr(R"("name":"store/t/_delta_log/0.json","crc32c":"4waSgw==")"));
  EXPECT_THAT(request.body, HasSubstr("\r\n\r\n123456789\r\n--"));
}

TEST_F(GcsStore, ARefusalIsAConflict) {
  Answer(412);
  const auto status = Open()->PutIfAbsent("a", "x");
  ASSERT_FALSE(status);
  EXPECT_EQ(status.error().code, ErrorCode::kConflict);
}

TEST_F(GcsStore, ARefusalAfterALostAnswerIsReadBack) {
  Lose();
  Answer(412);
  Answer(200, "x");
  EXPECT_TRUE(Open()->PutIfAbsent("a", "x"));
  Lose();
  Answer(412);
  Answer(200, "y");
  EXPECT_EQ(Open()->PutIfAbsent("a", "x").error().code, ErrorCode::kConflict);
}

TEST_F(GcsStore, ARefusalAfterTooManyRequestsIsNot) {
  Answer(429);
  Answer(412);
  EXPECT_EQ(Open()->PutIfAbsent("a", "x").error().code, ErrorCode::kConflict);
  EXPECT_EQ(client->requests.size(), 2);
}

TEST_F(GcsStore, GivesUpAfterHalfAMinuteAndSaysWhatWasAnswered) {
  for (int i = 0; i < 8; ++i) Answer(503, R"({"error":{"message":"busy"}})");
  const auto bytes = Open()->Read("a");
  ASSERT_FALSE(bytes);
  EXPECT_EQ(bytes.error().ToText(), "gs://bucket/store/a: cannot read the object: answered 503, busy");
  EXPECT_EQ(client->requests.size(), 8);
  EXPECT_GT(clock->slept(), std::chrono::seconds(20));
  EXPECT_LT(clock->slept(), std::chrono::seconds(40));
}

TEST_F(GcsStore, WaitsAsLongAsItIsAskedTo) {
  Answer(429, "", {{"Retry-After", "30"}});
  Answer(200, "x");
  EXPECT_EQ(Open()->Read("a").value(), "x");
  EXPECT_EQ(clock->slept(), std::chrono::seconds(30));
}

TEST_F(GcsStore, RefusesBytesOfAnotherChecksum) {
  Answer(200, "123456780", {{"x-goog-hash", "md5=AAAA, crc32c=4waSgw=="}});
  EXPECT_THAT(Open()->Read("a").error().message, HasSubstr("another checksum"));
  Answer(200, R"({"crc32c":"AAAAAA=="})");
  EXPECT_THAT(Open()->Put("a", "x").error().message, HasSubstr("was stored with the checksum"));
}

TEST_F(GcsStore, ListsAllPagesRelativeToTheStore) {
  Answer(200, R"({"items":[{"name":"store/t/b","size":"2","updated":"2026-01-02T03:04:05.678Z"},
                           {"name":"store/t/"}],"prefixes":["store/t/x/"],"nextPageToken":"p"})");
  Answer(200, R"({"items":[{"name":"store/t/a","size":"1"}]})");
  const auto files = Open()->List("t");
  ASSERT_TRUE(files);
  ASSERT_EQ(files->size(), 2);
  EXPECT_EQ(files->front().path, "t/a");
  EXPECT_EQ(files->back().size, 2);
  EXPECT_THAT(client->requests.back().url, HasSubstr("prefix=store%2Ft%2F&delimiter=%2F&pageToken=p"));
  Answer(200, R"({"prefixes":["store/t/","store/_sources/"]})");
  EXPECT_THAT(Open()->ListFolders("").value(), testing::ElementsAre("_sources", "t"));
}

TEST_F(GcsStore, ResumesALargeUploadWhereTheCloudHasIt) {
  const std::string bytes(std::size_t{20} << 20U, 'x');
  Answer(200, "", {{"Location", "http://127.0.0.1:9/session"}});
  Answer(308, "", {{"Range", "bytes=0-8388607"}});
  Lose();
  Answer(308, "", {{"Range", "bytes=0-10485759"}});
  Answer(308, "", {{"Range", "bytes=0-18874367"}});
  Answer(200, "{}");
  EXPECT_TRUE(Open()->Put("big", bytes));
  ASSERT_EQ(client->requests.size(), 6);
  const auto range = [&](std::size_t at) { return http::HeaderValue(client->requests[at].headers, "Content-Range"); };
  EXPECT_EQ(range(1), "bytes 0-8388607/20971520");
  EXPECT_EQ(range(2), "bytes 8388608-16777215/20971520");
  EXPECT_EQ(range(3), "bytes */20971520");
  EXPECT_EQ(range(4), "bytes 10485760-18874367/20971520");
  EXPECT_EQ(range(5), "bytes 18874368-20971519/20971520");
}

TEST_F(GcsStore, AnUploadThatStandsStillEnds) {
  const std::string bytes(std::size_t{9} << 20U, 'x');
  Answer(200, "", {{"Location", "http://127.0.0.1:9/session"}});
  for (int i = 0; i < 9; ++i) Answer(308);
  EXPECT_THAT(Open()->Put("big", bytes).error().message, HasSubstr("stands still at 0 of 9437184 bytes"));
}

TEST_F(GcsStore, DoesNotLeaveTheStore) {
  for (const char* path : {"../x", "a/../x", "/x", "", "."}) {
    EXPECT_EQ(Open()->Read(path).error().code, ErrorCode::kInvalid) << path;
  }
  EXPECT_TRUE(client->requests.empty());
}

TEST_F(GcsStore, RefusesAddressesThatNameNoBucket) {
  for (const char* url : {"gs://", "gs:///a", "gs://B/a", "gs://a b/c", "gs://bucket/a//b", "gs://bucket/../a"}) {
    EXPECT_EQ(OpenCloudStore(url, means()).error().code, ErrorCode::kInvalid) << url;
  }
  EXPECT_EQ(OpenCloudStore("abfs://x/y", means()).error().code, ErrorCode::kUnsupported);
}

class S3Store : public testing::Test, public CloudFixture {
 protected:
  S3Store() {
    environment = {{"AWS_ACCESS_KEY_ID", "id"}, {"AWS_SECRET_ACCESS_KEY", "hush"}, {"AWS_REGION", "eu-west-2"}};
  }
  std::unique_ptr<base::FileStore> Open() { return OpenCloudStore("s3://bucket/store", means()).value(); }
};

TEST_F(S3Store, PutsIfAbsentByThePrecondition) {
  Answer(200, "", {{"ETag", "\"9dd4e461268c8034f5c8564e155c67a6\""}});
  EXPECT_TRUE(Open()->PutIfAbsent("a b", "x"));
  const auto& request = client->requests.front();
  EXPECT_EQ(request.url, "https://bucket.s3.eu-west-2.amazonaws.com/store/a%20b");
  EXPECT_EQ(http::HeaderValue(request.headers, "If-None-Match"), "*");
  EXPECT_THAT(http::HeaderValue(request.headers, "Authorization"), HasSubstr("if-none-match"));
  Answer(200, "", {{"ETag", "\"00000000000000000000000000000000\""}});
  EXPECT_EQ(Open()->PutIfAbsent("a", "x").error().code, ErrorCode::kUnavailable);
  Answer(412);
  EXPECT_EQ(Open()->PutIfAbsent("a", "x").error().code, ErrorCode::kConflict);
}

// The answer to a part of so many bytes 'x'.
http::Headers TagOf(std::size_t megabytes) {
  const std::string part(megabytes << 20U, 'x');
  return {{"ETag", "\"" + base::ToHex(base::Hasher(base::DigestKind::kMd5).Hash(part)) + "\""}};
}

constexpr std::array<std::size_t, 3> kThreeParts{16, 16, 1};
constexpr std::string_view kBegun =
    "<InitiateMultipartUploadResult><UploadId>a/b</UploadId></InitiateMultipartUploadResult>";

TEST_F(S3Store, SendsWhatIsLargeInPartsAndALostOneAgain) {
  const std::string bytes(std::size_t{40} << 20U, 'x');
  Answer(200, std::string(kBegun));
  Answer(200, "", TagOf(16));
  Lose();
  Answer(200, "", TagOf(16));
  Answer(200, "", TagOf(8));
  Answer(200, "<CompleteMultipartUploadResult><ETag>x-3</ETag></CompleteMultipartUploadResult>");
  EXPECT_TRUE(Open()->PutIfAbsent("big", bytes));
  std::vector<std::string> asked;
  for (const auto& request : client->requests) {
    asked.push_back(request.method + " " + request.url.substr(request.url.find("/store/")));
  }
  EXPECT_THAT(asked, testing::ElementsAre(
                         "POST /store/big?uploads", "PUT /store/big?partNumber=1&uploadId=a%2Fb",
                         "PUT /store/big?partNumber=2&uploadId=a%2Fb", "PUT /store/big?partNumber=2&uploadId=a%2Fb",
                         "PUT /store/big?partNumber=3&uploadId=a%2Fb", "POST /store/big?uploadId=a%2Fb"));
  EXPECT_EQ(http::HeaderValue(client->requests.back().headers, "If-None-Match"), "*");
  EXPECT_THAT(client->requests.back().body, HasSubstr("<Part><PartNumber>3</PartNumber><ETag>\""));
}

TEST_F(S3Store, GivesUpPartsThatWouldLieThere) {
  const std::string bytes(std::size_t{40} << 20U, 'x');
  Answer(200, std::string(kBegun));
  Answer(200, "", TagOf(8));  // of other bytes
  Answer(204);
  EXPECT_EQ(Open()->Put("big", bytes).error().code, ErrorCode::kUnavailable);
  EXPECT_EQ(client->requests.back().method, "DELETE");
  EXPECT_THAT(client->requests.back().url, HasSubstr("/store/big?uploadId=a%2Fb"));
}

TEST_F(S3Store, AnErrorBehindTheStatusOfAnObjectPutTogetherIsOne) {
  const std::string bytes(std::size_t{33} << 20U, 'x');
  Answer(200, std::string(kBegun));
  for (const std::size_t part : kThreeParts) Answer(200, "", TagOf(part));
  Answer(200, "<Error><Code>InternalError</Code><Message>We encountered an error.</Message></Error>");
  Answer(204);
  EXPECT_THAT(Open()->Put("big", bytes).error().message, HasSubstr("InternalError, We encountered"));
}

TEST_F(S3Store, AnObjectPutTogetherByALostAnswerIsKnownByItsTag) {
  const std::string bytes(std::size_t{33} << 20U, 'x');
  base::Hasher md5(base::DigestKind::kMd5);
  std::string digests;
  for (int attempt = 0; attempt < 2; ++attempt) {
    Answer(200, std::string(kBegun));
    for (const std::size_t part : kThreeParts) Answer(200, "", TagOf(part));
    Lose();
    Answer(404, "<Error><Code>NoSuchUpload</Code><Message>gone</Message></Error>");
    digests.clear();
    for (const std::size_t part : kThreeParts) digests += md5.Hash(std::string(part << 20U, 'x'));
    if (attempt == 1) digests += "other";
    Answer(200, "", {{"ETag", "\"" + base::ToHex(md5.Hash(digests)) + "-3\""}});
    Answer(204);
    EXPECT_EQ(Open()->Put("big", bytes).has_value(), attempt == 0);
  }
}

TEST_F(S3Store, AsksStoresOfOthersByPath) {
  environment["AWS_ENDPOINT_URL"] = "http://127.0.0.1:9000/";
  Answer(200, "x");
  EXPECT_TRUE(Open()->Read("a"));
  EXPECT_EQ(client->requests.front().url, "http://127.0.0.1:9000/bucket/store/a");
}

TEST_F(S3Store, ReadsWhatIsListed) {
  Answer(200, R"(<?xml version="1.0"?><ListBucketResult><IsTruncated>true</IsTruncated>
    <NextContinuationToken>a&amp;b</NextContinuationToken>
    <Contents><Key>store/t/a%2Bb+c</Key><LastModified>2026-01-02T03:04:05.000Z</LastModified><Size>7</Size></Contents>
    <CommonPrefixes><Prefix>store/t/x/</Prefix></CommonPrefixes></ListBucketResult>)");
  Answer(200, "<ListBucketResult><IsTruncated>false</IsTruncated></ListBucketResult>");
  const auto files = Open()->List("t");
  ASSERT_TRUE(files);
  ASSERT_EQ(files->size(), 1);
  EXPECT_EQ(files->front().path, "t/a+b c");
  EXPECT_EQ(files->front().size, 7);
  EXPECT_THAT(client->requests.back().url, HasSubstr("?continuation-token=a%26b&delimiter=%2F&encoding-type=url"));
}

TEST_F(S3Store, SaysWhatWasRefusedAndNotTheKey) {
  Answer(403, "<Error><Code>AccessDenied</Code><Message>Access &lt;Denied&gt;</Message></Error>");
  const auto bytes = Open()->Read("a");
  EXPECT_EQ(bytes.error().code, ErrorCode::kForbidden);
  EXPECT_EQ(bytes.error().ToText(),
            "s3://bucket/store/a: cannot read the object: answered 403, AccessDenied: Access <Denied>");
  environment.erase("AWS_ACCESS_KEY_ID");
  const auto none = OpenCloudStore("s3://bucket/store", means());
  EXPECT_EQ(none.error().code, ErrorCode::kUnauthenticated);
  EXPECT_THAT(none.error().message, Not(HasSubstr("hush")));
}

}  // namespace
}  // namespace tidemill::cloud
