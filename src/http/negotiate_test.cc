// SPDX-License-Identifier: Apache-2.0
#include "tidemill/http/negotiate.h"

#include <array>
#include <string>

#include <gtest/gtest.h>

namespace tidemill::http {
namespace {

TEST(ChooseCodingTest, TakesWhatIsAskedForAndNothingElse) {
  // Accept-Encoding, the coding ("none": no answer can be given), whether identity may be sent
  struct Case {
    std::string_view field, coding;
    bool identity;
  };
  constexpr std::array kCases = {
      Case{"", "identity", true},
      Case{"identity", "identity", true},
      Case{"gzip", "gzip", true},
      Case{"x-gzip", "gzip", true},
      Case{"GZIP;Q=0.5", "gzip", true},
      Case{"gzip, deflate, br, zstd", "zstd", true},
      Case{"gzip, zstd;q=0.9", "gzip", true},
      Case{"zstd;q=0, gzip;q=0", "identity", true},
      Case{"gzip;q=0.5, identity", "identity", true},
      Case{"gzip;q=0.5, identity;q=0.5", "gzip", true},
      Case{"br", "identity", true},
      Case{"*", "gzip", true},
      Case{"*;q=0", "none", false},
      Case{"identity;q=0", "none", false},
      Case{"identity;q=0, br", "none", false},
      Case{"identity;q=0, gzip;q=0.001", "gzip", false},
      Case{"*;q=0, gzip", "gzip", false},
      Case{"*;q=0, identity", "identity", true},
      Case{"gzip;q=nonsense", "gzip", true},
      Case{" , gzip ; q=1.000 ,,", "gzip", true},
  };
  for (const Case& example : kCases) {
    const auto choice = ChooseCoding(example.field);
    EXPECT_EQ(choice ? NameOf(choice->coding) : "none", example.coding) << example.field;
    if (choice) {
      EXPECT_EQ(choice->identity_allowed, example.identity) << example.field;
    }
  }
}

TEST(ChooseMediaTypeTest, TakesTheBestOfWhatThereIs) {
  constexpr std::array<std::string_view, 3> kTypes = {"application/json", "text/csv", "application/x-ndjson"};
  struct Case {
    std::string_view field;
    int place;  // -1: none
  };
  constexpr std::array kCases = {
      Case{"", 0},
      Case{"*/*", 0},
      Case{"text/csv", 1},
      Case{"TEXT/CSV; header=present", 1},
      Case{"text/*", 1},
      Case{"application/*", 0},
      Case{"application/json;q=0.4, text/csv;q=0.5", 1},
      Case{"application/json;q=0, */*", 1},
      Case{"text/csv, */*", 1},
      Case{"text/html, application/xhtml+xml, */*;q=0.8", 0},
      Case{"text/html", -1},
      Case{"application/json;q=0", -1},
      Case{"image/png, application/x-ndjson;q=0.1", 2},
      Case{"text/*;q=0.1, text/csv;q=0, application/x-ndjson;q=0.05", 2},
  };
  for (const Case& example : kCases) {
    const auto place = ChooseMediaType(example.field, kTypes);
    EXPECT_EQ(place ? static_cast<int>(*place) : -1, example.place) << example.field;
  }
}

}  // namespace
}  // namespace tidemill::http
