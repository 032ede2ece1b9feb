// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "tidemill/http/url.h"

namespace tidemill::http {
namespace {

struct Case {
  std::string_view reference;
  std::string_view resolved;
};

// RFC 3986, 5.4.1 and 5.4.2.
TEST(ResolveUrl, ResolvesTheExamplesOfTheStandard) {
  constexpr Case kCases[] = {
      {"g:h", "g:h"},
      {"g", "http://a/b/c/g"},
      {"./g", "http://a/b/c/g"},
      {"g/", "http://a/b/c/g/"},
      {"/g", "http://a/g"},
      {"//g", "http://g"},
      {"?y", "http://a/b/c/d;p?y"},
      {"g?y", "http://a/b/c/g?y"},
      {"#s", "http://a/b/c/d;p?q#s"},
      {"g#s", "http://a/b/c/g#s"},
      {"g?y#s", "http://a/b/c/g?y#s"},
      {";x", "http://a/b/c/;x"},
      {"g;x", "http://a/b/c/g;x"},
      {"g;x?y#s", "http://a/b/c/g;x?y#s"},
      {"", "http://a/b/c/d;p?q"},
      {".", "http://a/b/c/"},
      {"./", "http://a/b/c/"},
      {"..", "http://a/b/"},
      {"../", "http://a/b/"},
      {"../g", "http://a/b/g"},
      {"../..", "http://a/"},
      {"../../", "http://a/"},
      {"../../g", "http://a/g"},
      {"../../../g", "http://a/g"},
      {"../../../../g", "http://a/g"},
      {"/./g", "http://a/g"},
      {"/../g", "http://a/g"},
      {"g.", "http://a/b/c/g."},
      {".g", "http://a/b/c/.g"},
      {"g..", "http://a/b/c/g.."},
      {"..g", "http://a/b/c/..g"},
      {"./../g", "http://a/b/g"},
      {"./g/.", "http://a/b/c/g/"},
      {"g/./h", "http://a/b/c/g/h"},
      {"g/../h", "http://a/b/c/h"},
      {"g;x=1/./y", "http://a/b/c/g;x=1/y"},
      {"g;x=1/../y", "http://a/b/c/y"},
      {"g?y/./x", "http://a/b/c/g?y/./x"},
      {"g?y/../x", "http://a/b/c/g?y/../x"},
      {"g#s/../x", "http://a/b/c/g#s/../x"},
      {"http:g", "http:g"},
  };
  for (const Case& test : kCases) {
    const auto resolved = ResolveUrl("http://a/b/c/d;p?q", test.reference);
    ASSERT_TRUE(resolved) << test.reference;
    EXPECT_EQ(*resolved, test.resolved) << test.reference;
  }
}

TEST(ResolveUrl, ResolvesAgainstHostsWithoutPathAndFiles) {
  EXPECT_EQ(*ResolveUrl("https://stats.example", "a.xls"), "https://stats.example/a.xls");
  EXPECT_EQ(*ResolveUrl("file:///data/page.html", "books/a.xls"), "file:///data/books/a.xls");
}

TEST(ResolveUrl, MakesOneTextOfOneAddress) {
  EXPECT_EQ(*ResolveUrl("http://h/", " HTTPS://Stats.Example/A b.xls\n"), "https://stats.example/A%20b.xls");
  EXPECT_EQ(*ResolveUrl("http://h/", "//User:Pw@H/x"), "http://User:Pw@H/x");
}

TEST(ResolveUrl, RefusesWhatHasNoBase) {
  EXPECT_EQ(ResolveUrl("page.html", "a.xls").error().code, base::ErrorCode::kInvalid);
  EXPECT_EQ(ResolveUrl("http://h/", std::string(9000, 'a')).error().code, base::ErrorCode::kTooLarge);
}

}  // namespace
}  // namespace tidemill::http
