// SPDX-License-Identifier: Apache-2.0
#include "tidemill/http/url.h"

#include <gtest/gtest.h>

namespace tidemill::http {
namespace {

TEST(Url, IsKeptAsItIsUnlessItHoldsSecrets) {
  for (const std::string_view url :
       {"https://h/file?uri=/a/b.xls&year=2018#top", "file:///a b", "http://h:80/?x", ""}) {
    EXPECT_FALSE(HasSecrets(url)) << url;
    EXPECT_EQ(UrlToKeep(url), url);
  }
  for (const std::string_view url : {"https://me@h/a", "https://h/a?b=1&sig=x", "https://h/a?pass%77ord=x"}) {
    EXPECT_TRUE(HasSecrets(url)) << url;
    EXPECT_EQ(UrlToKeep(url), MaskUrl(url));
  }
}

TEST(Url, IsSplitIntoItsFiveParts) {
  const UrlParts parts = SplitUrl("https://me:pw@stats.example:8443/a/b.xls?uri=/c?d#top");
  EXPECT_EQ(parts.scheme, "https");
  EXPECT_EQ(parts.authority, "me:pw@stats.example:8443");
  EXPECT_EQ(parts.path, "/a/b.xls");
  EXPECT_EQ(parts.query, "uri=/c?d");
  EXPECT_EQ(parts.fragment, "top");
}

TEST(Url, JoinsWhatItSplit) {
  for (const std::string_view url :
       {"", "//h", "a:b", "http://h/?#", "x/y?z", "?q", "#f", "1:2", "file:///a", "://", "h://a:1?b"}) {
    EXPECT_EQ(JoinUrl(SplitUrl(url)), url);
  }
}

TEST(Url, ColonInAPathIsNoScheme) {
  EXPECT_EQ(SplitUrl("2018:01/a").scheme, "");
  EXPECT_EQ(SplitUrl("/a:b").scheme, "");
  EXPECT_EQ(SplitUrl(":b").scheme, "");
}

TEST(Url, AuthorityKnowsUserHostAndPort) {
  const AuthorityParts parts = SplitAuthority("a@b:c@[::1]:80");
  EXPECT_EQ(parts.user_info, "a@b:c");
  EXPECT_EQ(parts.host, "[::1]");
  EXPECT_EQ(parts.port, "80");
  EXPECT_EQ(SplitAuthority("host").host, "host");
  EXPECT_EQ(SplitAuthority("[::1]").port, "");
}

TEST(Url, PortComesFromTheSchemeWhereItIsNotSaid) {
  EXPECT_EQ(HostAndPort("http://h/a"), "h:80");
  EXPECT_EQ(HostAndPort("HTTPS://u@h"), "h:443");
  EXPECT_EQ(HostAndPort("http://127.0.0.1:9/"), "127.0.0.1:9");
}

TEST(Url, IllegalBytesAreEncodedAndEscapesKept) {
  EXPECT_EQ(EncodeIllegal("http://h/a b%20\xC3\xA9\n<x>"), "http://h/a%20b%20%C3%A9%0A%3Cx%3E");
}

TEST(Url, MaskHidesUserInfoAndSecretQueryValues) {
  EXPECT_EQ(MaskUrl("https://user:pw@h/a?year=2018&api_key=123&X-Amz-Signature=s&Token=t#f"),
            "https://***@h/a?year=2018&api_key=***&X-Amz-Signature=***&Token=***");
  EXPECT_EQ(MaskUrl("http://h/a?s%69g=1&b"), "http://h/a?s%69g=***&b");
  EXPECT_EQ(MaskUrl("http://h/plain?uri=/a/b.xls"), "http://h/plain?uri=/a/b.xls");
}

}  // namespace
}  // namespace tidemill::http
