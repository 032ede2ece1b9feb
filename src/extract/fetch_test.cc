// SPDX-License-Identifier: Apache-2.0
#include <filesystem>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include "tidemill/base/sha256.h"
#include "tidemill/base/testing/fake_clock.h"
#include "tidemill/extract/sources.h"
#include "tidemill/http/testing/scripted_client.h"
#include "tidemill/http/testing/scripted_server.h"

namespace tidemill::extract {
namespace {

using base::ErrorCode;
using http::ClientResponse;
using http::HeaderValue;
using std::chrono::seconds;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

constexpr std::string_view kUrl = "https://stats.example/file?uri=/a/2018/b.XLS";
constexpr std::string_view kPage = "https://stats.example/page";

ClientResponse Ok(std::string body, http::Headers headers = {}) {
  return {.status = 200, .headers = std::move(headers), .body = std::move(body)};
}

class Fetching : public ::testing::Test {
 protected:
  Fetching() {
    const auto* info = ::testing::UnitTest::GetInstance()->current_test_info();
    folder_ = std::filesystem::temp_directory_path() / fmt::format("tidemill-{}-{}", info->name(), ::getpid());
    std::filesystem::remove_all(folder_);
    store_ = *base::OpenLocalStore(folder_.string());
  }
  ~Fetching() override { std::filesystem::remove_all(folder_); }

  // A fresh look at the store, as every run has.
  SourceStore Open() {
    auto sources = SourceStore::Open(*store_);
    EXPECT_TRUE(sources) << sources.error().ToText();
    return *sources;
  }
  base::Result<Fetched> FetchIt(const FetchOptions& options = {}, std::string_view url = kUrl) {
    clock_.Advance(step_);
    retry_after_.reset();
    SourceStore sources = Open();
    return Fetch(client_, sources, clock_,
                 {.url = std::string(url), .page = std::string(kPage), .text = "xls", .heading = "2018", .recipe = "r"},
                 options, {}, &retry_after_);
  }
  base::Result<FetchedPage> FetchThePage(bool offline = false, const FetchOptions& options = {}) {
    retry_after_.reset();
    return FetchPage(client_, *store_, clock_, kPage, offline, options, {}, &retry_after_);
  }
  void Script(std::vector<http::testing::ScriptedClient::Reply> replies) {
    client_.Script(std::string(kUrl), std::move(replies));
  }
  std::string Asked(std::string_view header) {
    return std::string(HeaderValue(client_.requests().back().headers, header));
  }

  const base::Time start_ = std::chrono::sys_days(std::chrono::year(2026) / 1 / 2);
  base::testing::FakeClock clock_{start_};
  std::filesystem::path folder_;
  std::unique_ptr<base::FileStore> store_;
  http::testing::ScriptedClient client_;
  std::optional<seconds> retry_after_;
  seconds step_ = seconds(1);  // between two requests
};

TEST_F(Fetching, KeepsNewBytesWithWhereTheyWereSeen) {
  Script({Ok("bytes", {{"ETag", "\"1\""}, {"Last-Modified", "Tue, 01 Jan 2019 00:00:00 GMT"}})});
  const auto fetched = FetchIt();
  ASSERT_TRUE(fetched) << fetched.error().ToText();
  EXPECT_EQ(fetched->outcome, FetchOutcome::kNew);
  EXPECT_EQ(Asked("If-None-Match"), "");
  const std::string sha256 = base::Sha256Hex("bytes");
  EXPECT_EQ(*store_->Read("_sources/" + sha256 + ".xls"), "bytes");

  const SourceStore sources = Open();
  ASSERT_EQ(sources.sources().size(), 1);
  const auto held = sources.FindByUrl(kUrl);
  ASSERT_TRUE(held);
  EXPECT_EQ(held->source->sha256, sha256);
  EXPECT_EQ(held->source->extension, "xls");
  EXPECT_EQ(held->source->bytes, 5);
  EXPECT_EQ(held->sighting->page, kPage);
  EXPECT_EQ(held->sighting->text, "xls");
  EXPECT_EQ(held->sighting->heading, "2018");
  EXPECT_EQ(held->sighting->recipe, "r");
  EXPECT_EQ(held->sighting->etag, "\"1\"");
  EXPECT_EQ(held->sighting->last_modified, "Tue, 01 Jan 2019 00:00:00 GMT");
  EXPECT_EQ(held->sighting->first_seen, start_ + seconds(1));
  EXPECT_EQ(held->sighting->last_seen, start_ + seconds(1));
  EXPECT_EQ(*sources.ReadBytes(*held->source), "bytes");
  EXPECT_FALSE(sources.FindByUrl("https://stats.example/other"));
}

TEST_F(Fetching, AsksConditionallyForWhatIsHeld) {
  Script({Ok("bytes", {{"ETag", "\"1\""}, {"Last-Modified", "Tue, 01 Jan 2019 00:00:00 GMT"}}),
          ClientResponse{.status = 304, .headers = {{"ETag", "\"1\""}}}});
  step_ = std::chrono::hours(1);
  ASSERT_TRUE(FetchIt());
  for (int again = 2; again <= 3; ++again) {
    const auto fetched = FetchIt();
    ASSERT_TRUE(fetched) << fetched.error().ToText();
    EXPECT_EQ(fetched->outcome, FetchOutcome::kNotModified);
    EXPECT_EQ(fetched->source.sha256, base::Sha256Hex("bytes"));
    EXPECT_EQ(Asked("If-None-Match"), "\"1\"");
    EXPECT_EQ(Asked("If-Modified-Since"), "Tue, 01 Jan 2019 00:00:00 GMT");
    const SourceStore sources = Open();
    const auto held = sources.FindByUrl(kUrl);
    EXPECT_EQ(held->sighting->first_seen, start_ + step_);
    EXPECT_EQ(held->sighting->last_seen, start_ + again * step_);
    EXPECT_EQ(held->source->sightings.size(), 1);
  }
}

TEST_F(Fetching, SecretsOfAnAddressAreAskedWithAndNotKept) {
  const std::string first = "https://me:pw@stats.example/b.xls?year=2018&token=one";
  const std::string second = "https://me:pw@stats.example/b.xls?year=2018&token=two";
  client_.Script(first, {Ok("bytes", {{"ETag", "\"1\""}})});
  client_.Script(second, {Ok("others", {{"ETag", "\"1\""}})});
  const auto fetched = FetchIt({}, first);
  ASSERT_TRUE(fetched) << fetched.error().ToText();
  EXPECT_EQ(client_.requests().back().url, first);
  EXPECT_EQ(fetched->sighting.url, "https://***@stats.example/b.xls?year=2018&token=***");
  // What is held may be another's: it is asked for as if nothing were.
  const auto other = FetchIt({}, second);
  ASSERT_TRUE(other) << other.error().ToText();
  EXPECT_EQ(Asked("If-None-Match"), "");
  EXPECT_EQ(*store_->Read("_sources/" + other->source.sha256 + ".xls"), "others");
  const auto files = store_->List("", true);
  ASSERT_TRUE(files);
  for (const base::FileEntry& file : *files) {
    const std::string text = *store_->Read(file.path);
    for (const std::string secret : {"one", "two", "pw@"}) EXPECT_EQ(text.find(secret), std::string::npos) << file.path;
  }
}

TEST_F(Fetching, SecretsOfAPageAreNotKept) {
  const std::string page = "https://stats.example/page?key=hidden";
  client_.Script(page, {Ok("<p>", {{"ETag", "\"1\""}})});
  for (int i = 0; i < 2; ++i) {
    const auto fetched = FetchPage(client_, *store_, clock_, page, false, {}, {}, nullptr);
    ASSERT_TRUE(fetched) << fetched.error().ToText();
    EXPECT_EQ(fetched->url, page);
    EXPECT_EQ(Asked("If-None-Match"), "");
  }
  const auto files = store_->List("_sources/_pages");
  ASSERT_TRUE(files);
  for (const base::FileEntry& file : *files) EXPECT_EQ(store_->Read(file.path)->find("hidden"), std::string::npos);
}

TEST_F(Fetching, SaysOfAFileThatItDoesNotExist) {
  client_.Script("file:///data/page.html", {ClientResponse{.status = 404}});
  const auto page = FetchPage(client_, *store_, clock_, "file:///data/page.html", false, {}, {}, nullptr);
  ASSERT_FALSE(page);
  EXPECT_EQ(page.error().code, ErrorCode::kNotFound);
  EXPECT_EQ(page.error().ToText(), "file:///data/page.html: the file does not exist");
}

TEST_F(Fetching, RecognisesTheSameBytesWithoutValidators) {
  Script({Ok("bytes")});
  ASSERT_TRUE(FetchIt());
  const auto fetched = FetchIt();
  ASSERT_TRUE(fetched);
  EXPECT_EQ(fetched->outcome, FetchOutcome::kSame);
  EXPECT_THAT(client_.requests().back().headers, IsEmpty());
  EXPECT_EQ(Open().sources().size(), 1);
}

TEST_F(Fetching, NoticesAChangedFileUnderAHeldAddress) {
  Script({Ok("january", {{"ETag", "\"1\""}}), Ok("january and february", {{"ETag", "\"2\""}}),
          ClientResponse{.status = 304}, Ok("january", {{"ETag", "\"1\""}})});
  ASSERT_TRUE(FetchIt());
  const auto changed = FetchIt();
  ASSERT_TRUE(changed);
  EXPECT_EQ(changed->outcome, FetchOutcome::kChanged);
  EXPECT_EQ(Open().sources().size(), 2);
  EXPECT_EQ(FetchIt()->outcome, FetchOutcome::kNotModified);
  EXPECT_EQ(Asked("If-None-Match"), "\"2\"");
  EXPECT_EQ(FetchIt()->outcome, FetchOutcome::kChanged);  // back to what it was
  EXPECT_EQ(Open().FindByUrl(kUrl)->source->sha256, base::Sha256Hex("january"));
}

TEST_F(Fetching, WritesOnceAnHourThatNothingChanged) {
  Script({Ok("bytes"), ClientResponse{.status = 304}});
  const base::Time first = FetchIt()->sighting.last_seen;
  EXPECT_GT(FetchIt()->sighting.last_seen, first);
  EXPECT_EQ(Open().FindByUrl(kUrl)->sighting->last_seen, first);
  step_ = std::chrono::minutes(59);
  EXPECT_TRUE(FetchIt());
  EXPECT_TRUE(FetchIt());
  EXPECT_GT(Open().FindByUrl(kUrl)->sighting->last_seen, first + std::chrono::hours(1));
  step_ = seconds(1);
  Script({ClientResponse{.status = 304, .headers = {{"ETag", "\"new\""}}}});
  EXPECT_TRUE(FetchIt());
  EXPECT_EQ(Open().FindByUrl(kUrl)->sighting->etag, "\"new\"");
}

TEST_F(Fetching, AsksARealServer) {
  http::testing::ScriptedServer server;
  server.Script("/a.xls", {http::testing::Answer(200, {{"ETag", "\"1\""}}, "bytes"), http::testing::Answer(304)});
  const auto client = http::MakeHttpClient("tidemill-test");
  SourceStore sources = Open();
  for (const FetchOutcome outcome : {FetchOutcome::kNew, FetchOutcome::kNotModified}) {
    const auto fetched = Fetch(*client, sources, clock_, {.url = server.Url("/a.xls")}, {}, {});
    ASSERT_TRUE(fetched) << fetched.error().ToText();
    EXPECT_EQ(fetched->outcome, outcome);
  }
  EXPECT_THAT(server.requests().at(1), HasSubstr("If-None-Match: \"1\"\r\n"));
}

TEST_F(Fetching, ForceAsksUnconditionally) {
  Script({Ok("bytes", {{"ETag", "\"1\""}})});
  ASSERT_TRUE(FetchIt());
  EXPECT_EQ(FetchIt({.force = true})->outcome, FetchOutcome::kSame);
  EXPECT_EQ(Asked("If-None-Match"), "");
}

TEST_F(Fetching, AsksForTheWholeFileWhenItsBytesAreGone) {
  Script({Ok("bytes", {{"ETag", "\"1\""}})});
  ASSERT_TRUE(FetchIt());
  ASSERT_TRUE(store_->Delete("_sources/" + base::Sha256Hex("bytes") + ".xls"));
  EXPECT_EQ(FetchIt()->outcome, FetchOutcome::kNew);
  EXPECT_EQ(Asked("If-None-Match"), "");
}

TEST_F(Fetching, KeepsTheSameBytesOnceForTwoAddresses) {
  Script({Ok("bytes")});
  client_.Script("https://stats.example/copy.xlsx", {Ok("bytes")});
  ASSERT_TRUE(FetchIt());
  EXPECT_EQ(FetchIt({}, "https://stats.example/copy.xlsx")->outcome, FetchOutcome::kNew);
  const SourceStore sources = Open();
  ASSERT_EQ(sources.sources().size(), 1);
  EXPECT_EQ(sources.sources()[0].sightings.size(), 2);
  EXPECT_EQ(sources.sources()[0].extension, "xls");
}

TEST_F(Fetching, RefusesWhatIsNoWorkbook) {
  Script({Ok("<html>Sorry</html>")});
  const auto fetched = FetchIt({.refuse = [](std::string_view bytes) -> std::optional<std::string> {
    if (bytes.starts_with("<")) return "an HTML page";
    return std::nullopt;
  }});
  ASSERT_FALSE(fetched);
  EXPECT_EQ(fetched.error().code, ErrorCode::kUnsupported);
  EXPECT_EQ(fetched.error().ToText(), std::string(kUrl) + ": is no workbook: an HTML page");
  EXPECT_THAT(Open().sources(), IsEmpty());
}

TEST_F(Fetching, AStatusOtherThan200IsAnErrorAndLeavesWhatIsHeld) {
  struct Case {
    int status;
    ErrorCode code;
  };
  Script({Ok("bytes")});
  ASSERT_TRUE(FetchIt());
  for (const Case& test :
       {Case{404, ErrorCode::kNotFound}, Case{410, ErrorCode::kNotFound}, Case{403, ErrorCode::kForbidden},
        Case{401, ErrorCode::kForbidden}, Case{400, ErrorCode::kForbidden}, Case{429, ErrorCode::kUnavailable},
        Case{500, ErrorCode::kUnavailable}, Case{503, ErrorCode::kUnavailable}, Case{504, ErrorCode::kTimeOut},
        Case{408, ErrorCode::kTimeOut}, Case{206, ErrorCode::kUnavailable}, Case{302, ErrorCode::kUnavailable}}) {
    Script({ClientResponse{.status = test.status, .body = "an error page"}});
    const auto fetched = FetchIt();
    ASSERT_FALSE(fetched) << test.status;
    EXPECT_EQ(fetched.error().code, test.code) << test.status;
    EXPECT_THAT(fetched.error().message, HasSubstr(std::to_string(test.status)));
    EXPECT_EQ(fetched.error().place, kUrl);
  }
  EXPECT_EQ(Open().sources().size(), 1);
}

TEST_F(Fetching, NotModifiedThatWasNotAskedForIsAnError) {
  Script({ClientResponse{.status = 304}});
  const auto fetched = FetchIt();
  ASSERT_FALSE(fetched);
  EXPECT_EQ(fetched.error().code, ErrorCode::kUnavailable);
}

TEST_F(Fetching, TellsWhenToComeBack) {
  struct Case {
    std::string value;
    std::optional<seconds> expected;
  };
  for (const Case& test : {Case{"120", seconds(120)}, Case{"0", seconds(0)}, Case{"999999999", std::chrono::hours(24)},
                           Case{"-1", {}}, Case{"soon", {}}, Case{"", {}}, Case{"Fri, 02 Jan 2026 01:00:00 GMT", {}},
                           Case{"Thu, 01 Jan 2026 00:00:00 GMT", seconds(0)}}) {
    Script({ClientResponse{.status = 429, .headers = {{"Retry-After", test.value}}}});
    const auto fetched = FetchIt();
    ASSERT_FALSE(fetched);
    const bool is_later_date = test.value.starts_with("Fri");
    EXPECT_EQ(retry_after_, is_later_date ? std::chrono::hours(1) - std::chrono::floor<seconds>(clock_.Now() - start_)
                                          : test.expected)
        << test.value;
  }
}

TEST_F(Fetching, ErrorsOfTheClientComeThrough) {
  Script({base::Fail(ErrorCode::kTimeOut, "no whole answer within 1 s")});
  EXPECT_EQ(FetchIt().error().code, ErrorCode::kTimeOut);
}

TEST_F(Fetching, PassesLimitsOn) {
  Script({Ok("bytes")});
  ASSERT_TRUE(FetchIt({.most_bytes = 77, .timeout = seconds(5)}));
  EXPECT_EQ(client_.requests().back().most_bytes, 77);
  EXPECT_EQ(client_.requests().back().timeout, seconds(5));
}

TEST_F(Fetching, TheExtensionComesFromAddressThenDispositionThenContent) {
  struct Case {
    std::string url;
    std::string disposition;
    std::string extension;
  };
  int n = 0;
  for (const Case& test : {Case{"https://h/a.b.XLSX", "", "xlsx"}, Case{"https://h/file?uri=%2fa%2Fb.ods", "", "ods"},
                           Case{"https://h/2018.5/get", "", "odd"}, Case{"https://h/get.php?id=1.2", "", "odd"},
                           Case{"https://h/get", "attachment; FileName=\"Deaths 2018.XLS\"", "xls"},
                           Case{"https://h/get2", "attachment; filename*=UTF-8''b%20c.csv; x=y", "csv"},
                           Case{"https://h/get3", "attachment; filename=../../x.json", "odd"}}) {
    client_.Script(test.url, {Ok(fmt::format("content {}", n++), {{"Content-Disposition", test.disposition}})});
    const auto fetched = FetchIt({.extension_of = [](std::string_view) { return "odd"; }}, test.url);
    ASSERT_TRUE(fetched) << test.url;
    EXPECT_EQ(fetched->source.extension, test.extension) << test.url;
  }
  client_.Script("https://h/plain", {Ok("plain")});
  EXPECT_EQ(FetchIt({}, "https://h/plain")->source.extension, "bin");
}

TEST_F(Fetching, BrokenSidecarNamesItsFile) {
  const std::string name = "_sources/" + std::string(64, 'a') + ".json";
  ASSERT_TRUE(store_->Put(name, "{\"sha256\": 1}"));
  const auto sources = SourceStore::Open(*store_);
  ASSERT_FALSE(sources);
  EXPECT_EQ(sources.error().code, ErrorCode::kMalformed);
  EXPECT_EQ(sources.error().place, folder_.string() + "/" + name);
}

TEST_F(Fetching, BytesThatChangedOnDiskAreNotRead) {
  Script({Ok("bytes")});
  const auto fetched = FetchIt();
  ASSERT_TRUE(store_->Put("_sources/" + fetched->source.sha256 + ".xls", "other"));
  EXPECT_EQ(Open().ReadBytes(fetched->source).error().code, ErrorCode::kMalformed);
}

TEST_F(Fetching, KeepRefusesExtensionsThatAreNone) {
  SourceStore sources = Open();
  for (const std::string_view extension : {"", "json", "../x", "XLS", "verylongone"}) {
    EXPECT_EQ(sources.Keep("b", extension, {}).error().code, ErrorCode::kInvalid) << extension;
  }
  EXPECT_EQ(sources.Touch("unknown", {}).error().code, ErrorCode::kNotFound);
}

TEST_F(Fetching, AnUnchangedPageCostsA304) {
  client_.Script(std::string(kPage), {ClientResponse{.status = 200,
                                                     .headers = {{"ETag", "\"p\""}, {"Content-Type", "text/html"}},
                                                     .body = "<p>1",
                                                     .url = "https://stats.example/moved"},
                                      ClientResponse{.status = 304}});
  const auto first = FetchThePage();
  ASSERT_TRUE(first) << first.error().ToText();
  EXPECT_FALSE(first->not_modified);
  EXPECT_EQ(first->url, "https://stats.example/moved");
  const auto second = FetchThePage();
  ASSERT_TRUE(second) << second.error().ToText();
  EXPECT_EQ(Asked("If-None-Match"), "\"p\"");
  EXPECT_TRUE(second->not_modified);
  EXPECT_EQ(second->html, "<p>1");
  EXPECT_EQ(second->url, "https://stats.example/moved");
  EXPECT_THAT(Open().sources(), IsEmpty());
}

TEST_F(Fetching, OfflineGivesTheKeptPage) {
  EXPECT_EQ(FetchThePage(true).error().code, ErrorCode::kNotFound);
  client_.Script(std::string(kPage), {Ok("<p>1")});
  ASSERT_TRUE(FetchThePage());
  const auto page = FetchThePage(true);
  ASSERT_TRUE(page);
  EXPECT_EQ(page->html, "<p>1");
  EXPECT_EQ(client_.requests().size(), 1);
}

TEST_F(Fetching, AHalfWrittenPageIsAskedForAgain) {
  client_.Script(std::string(kPage), {Ok("<p>1", {{"ETag", "\"1\""}})});
  ASSERT_TRUE(FetchThePage());
  ASSERT_TRUE(store_->Put("_sources/_pages/" + base::Sha256Hex(kPage) + ".html", "<p>2"));
  ASSERT_TRUE(FetchThePage());
  EXPECT_EQ(Asked("If-None-Match"), "");
}

TEST_F(Fetching, PagesThatAreNoPagesAreErrors) {
  client_.Script(std::string(kPage),
                 {Ok("%PDF", {{"Content-Type", "application/pdf"}}),
                  ClientResponse{.status = 503, .headers = {{"Retry-After", "9"}}}, ClientResponse{.status = 404}});
  EXPECT_EQ(FetchThePage().error().code, ErrorCode::kUnsupported);
  EXPECT_EQ(FetchThePage().error().code, ErrorCode::kUnavailable);
  EXPECT_EQ(retry_after_, seconds(9));
  EXPECT_EQ(FetchThePage().error().code, ErrorCode::kNotFound);
  EXPECT_EQ(FetchThePage(true).error().code, ErrorCode::kNotFound);
}

}  // namespace
}  // namespace tidemill::extract
