// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tidemill/base/text.h"
#include "tidemill/extract/links.h"

namespace tidemill::extract {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr std::string_view kPageUrl = "https://stats.example/deaths/monthly";

Page Read(std::string_view html, std::string_view url = kPageUrl) {
  auto page = ReadPage(html, url);
  EXPECT_TRUE(page) << page.error().ToText();
  return page ? *std::move(page) : Page{};
}

std::vector<std::string> Urls(const Page& page) {
  std::vector<std::string> urls;
  for (const PageLink& link : page.links) urls.push_back(link.url);
  return urls;
}

TEST(ReadPage, GivesLinksWithTextAndHeading) {
  const Page page = Read(R"html(<title> Deaths
      monthly </title><h2>Editions</h2><h3>2018 edition <em>(final)</em></h3>
      <p><a href="/file?uri=/a/2018/b.xls"><span>xls</span>
         (203.8&nbsp;kB)</a>)html");
  EXPECT_EQ(page.title, "Deaths monthly");
  ASSERT_EQ(page.links.size(), 1);
  EXPECT_EQ(page.links[0].url, "https://stats.example/file?uri=/a/2018/b.xls");
  EXPECT_EQ(page.links[0].text, "xls (203.8 kB)");
  EXPECT_EQ(page.links[0].heading, "2018 edition (final)");
}

TEST(ReadPage, ResolvesEveryShapeOfLink) {
  const Page page = Read(R"html(<a href="https://files.example/2021/c.xlsx">1</a> <a href="//cdn.example/d.ods">2</a>
      <a href="monthly/2019.xls">3</a> <a href="../2020.v2.xls">4</a> <a href="/file?uri=%2Fa%2f2020%2fe.xls">5</a>
      <a href=" /b lank&amp;amp.xls
">6</a> <a href="?year=2018#top">7</a>)html");
  EXPECT_THAT(Urls(page),
              ElementsAre("https://files.example/2021/c.xlsx", "https://cdn.example/d.ods",
                          "https://stats.example/deaths/monthly/2019.xls", "https://stats.example/2020.v2.xls",
                          "https://stats.example/file?uri=%2Fa%2f2020%2fe.xls",
                          "https://stats.example/b%20lank&amp.xls", "https://stats.example/deaths/monthly?year=2018"));
}

TEST(ReadPage, LeavesOutWhatCannotBeDownloaded) {
  const Page page = Read(R"html(<a>no href</a><a name="x">anchor</a><a href="javascript:alert(1)">js</a>
      <a href="mailto:a@b.example">mail</a><a href="data:,x">data</a><a href="file:///etc/passwd">file</a>
      <a href="http://">no host</a><a href="tel:1">tel</a><link href="/style.css"><area href="/map">)html");
  EXPECT_THAT(Urls(page), IsEmpty());
}

TEST(ReadPage, FilesMayPointToFiles) {
  EXPECT_THAT(Urls(Read("<a href='books/a.xls'>", "file:///data/page.html")), ElementsAre("file:///data/books/a.xls"));
}

TEST(ReadPage, TheFirstBaseCountsForAllLinks) {
  const Page page =
      Read(R"html(<head><base target="_top"><base href="/other/place/"><base href="https://wrong.example/">
      </head><a href="a.xls">)html");
  EXPECT_THAT(Urls(page), ElementsAre("https://stats.example/other/place/a.xls"));
}

TEST(ReadPage, TheHeadingIsTheNearestOneAbove) {
  const Page page = Read(R"html(<a href="/0">0</a><h1>One</h1><a href="/1">1</a>
      <section><div><h3>Three</h3></div><div><div><a href="/2">2</a></div></div></section><a href="/3">3</a>
      <h2><a href="/4">Four</a> itself</h2><h2><div>Outer<h4>Inner</h4><a href="/5">5</a></div></h2>)html");
  std::vector<std::string> headings;
  for (const PageLink& link : page.links) headings.push_back(link.heading);
  EXPECT_THAT(headings, ElementsAre("", "One", "Three", "Three", "Four itself", "Inner"));
}

TEST(ReadPage, WordsInDifferentBlocksStayApart) {
  const Page page = Read(R"html(<a href="/a">xlsx<br>90 kB<img alt="(workbook)" src="x"><script>no()</script></a>
      <h2>2018<div>edition</div></h2><a href="/b"><b>one</b><i>word</i></a>)html");
  ASSERT_EQ(page.links.size(), 2);
  EXPECT_EQ(page.links[0].text, "xlsx 90 kB(workbook)");
  EXPECT_EQ(page.links[1].heading, "2018 edition");
  EXPECT_EQ(page.links[1].text, "oneword");
}

TEST(ReadPage, ReadsBrokenHtmlAsBrowsersDo) {
  const Page page =
      Read(R"html(<table><h2>Fostered<tr><a href=/a>first<a href='/b'>second</table></div></nope><p <a href="/c"
      <b><i></b>text</i> <a href=/d <b>unfinished)html");
  EXPECT_THAT(Urls(page), ::testing::Contains("https://stats.example/a"));
  EXPECT_THAT(Urls(page), ::testing::Contains("https://stats.example/b"));
  EXPECT_THAT(Urls(page), ::testing::Contains("https://stats.example/d"));
  EXPECT_EQ(page.links[0].text, "first");
}

TEST(ReadPage, CommentsScriptsAndTemplatesHoldNoLinks) {
  EXPECT_THAT(Urls(Read(R"html(<!-- <a href="/a"> --><script>'<a href="/b">'</script><template><a href="/c"></template>
      <textarea><a href="/d"></textarea>)html")),
              IsEmpty());
}

TEST(ReadPage, ReadsWindows1252AndByteOrderMarks) {
  EXPECT_EQ(Read("<h2>2018 \x96 \xE9"
                 "dition</h2><a href=/a>x")
                .links.at(0)
                .heading,
            "2018 \xE2\x80\x93 \xC3\xA9"
            "dition");
  EXPECT_EQ(Read("\xEF\xBB\xBF<h2>\xC3\xA9</h2><a href=/a>x").links.at(0).heading, "\xC3\xA9");
}

TEST(ReadPage, NestingDeeperThanAnyStackIsRead) {
  std::string html;
  for (int i = 0; i < 20'000; ++i) html += "<div>";
  EXPECT_THAT(Urls(Read(html + "<a href=/deep>")), ElementsAre("https://stats.example/deep"));
}

TEST(ReadPage, TreeBiggerThanItsLimitIsRefused) {
  // Every paragraph opens all of the different <font> again.
  std::string html = "<p>";
  for (int i = 0; i < 2'000; ++i) html += "<font a" + std::to_string(i) + ">";
  for (int i = 0; i < 5'000; ++i) html += "</p><p>x";
  const auto page = ReadPage(html, kPageUrl);
  ASSERT_FALSE(page);
  EXPECT_EQ(page.error().code, base::ErrorCode::kTooLarge);
  EXPECT_EQ(page.error().place, kPageUrl);
}

TEST(ReadPage, BigPagesAreRefused) {
  EXPECT_EQ(ReadPage(std::string(kMostPageBytes + 1, ' '), kPageUrl).error().code, base::ErrorCode::kTooLarge);
}

TEST(ReadPage, StopsWhenAsked) {
  std::stop_source stop;
  stop.request_stop();
  std::string html;
  for (int i = 0; i < 1'000; ++i) html += "<b>";
  EXPECT_EQ(ReadPage(html, kPageUrl, stop.get_token()).error().code, base::ErrorCode::kCancelled);
}

TEST(ReadPage, LongTextsAreCut) {
  std::string text;
  for (int i = 0; i < 3'000; ++i) text += "\xC3\xA9";
  const Page page = Read("<a href=/a>" + text);
  EXPECT_EQ(page.links.at(0).text.size(), 4096);
  EXPECT_TRUE(base::IsValidUtf8(page.links.at(0).text));
}

std::string Bytes(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

// The landing page of the first publisher: every link of the list beside it, under its own heading.
TEST(ReadPage, FindsEveryEditionOfTheOnsPage) {
  const auto folder = std::filesystem::path(TIDEMILL_SHARED_DATA) / "ons-monthly-deaths" / "landing-page";
  if (!std::filesystem::exists(folder)) GTEST_SKIP() << "no " << folder;
  const Page page = Read(Bytes(folder / "landing_reconstructed.html"), "https://www.ons.gov.uk/deaths/monthly");
  std::map<std::string, std::string> heading_of;
  for (const PageLink& link : page.links) heading_of[link.url] = link.heading;
  const std::string table = Bytes(folder / "links.tsv");
  int editions = 0;
  for (const std::string_view line : base::Split(table, '\n')) {
    const auto fields = base::Split(line, '\t');
    if (fields.size() < 3 || !fields[1].starts_with(fields[0])) continue;  // the head and superseded files
    ++editions;
    const auto found = heading_of.find("https://www.ons.gov.uk" + std::string(fields[2]));
    ASSERT_NE(found, heading_of.end()) << line;
    EXPECT_TRUE(found->second.starts_with(std::string(fields[0]) + " edition of this dataset")) << found->second;
  }
  EXPECT_EQ(editions, 19);
}

}  // namespace
}  // namespace tidemill::extract
