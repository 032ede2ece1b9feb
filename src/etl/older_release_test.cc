// SPDX-License-Identifier: Apache-2.0
#include "older_release.h"

#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace tidemill::etl {
namespace {

using dataset::VersionSource;
using testing::HasSubstr;
using testing::IsEmpty;

VersionSource Released(std::string edition, std::string file, std::string day) {
  VersionSource source;
  source.edition = std::move(edition);
  source.file = std::move(file);
  source.released = std::move(day);
  return source;
}

TEST(OlderRelease, IsHeldByEditionAndNamesBothWorkbooks) {
  const std::vector former = {Released("2018", "2018.xls", "2019-01-22"), Released("2019", "august.xls", "2019-08-27")};
  const std::vector now = {Released("2018", "2018.xls", "2019-01-22"), Released("2019", "july.xls", "2019-07-23")};
  const auto findings = CheckOlderReleases(former, now);
  ASSERT_EQ(findings.size(), 1U);
  EXPECT_EQ(findings[0].severity, transform::FindingSeverity::kHold);
  EXPECT_EQ(findings[0].slug, "older-release");
  EXPECT_EQ(findings[0].edition, "2019");
  EXPECT_EQ(findings[0].file, "july.xls");
  EXPECT_THAT(findings[0].message, HasSubstr("july.xls was released on 2019-07-23, before the august.xls"));
  EXPECT_THAT(findings[0].message, HasSubstr("(2019-08-27)"));
}

TEST(OlderRelease, SaysNothingOfTheSameDayOrALaterOne) {
  const std::vector former = {Released("2018", "2018.xls", "2019-01-22"), Released("2019", "august.xls", "2019-08-27")};
  const std::vector now = {Released("2018", "2018.xls", "2019-01-22"), Released("2019", "september.xls", "2019-09-24")};
  EXPECT_THAT(CheckOlderReleases(former, now), IsEmpty());
}

TEST(OlderRelease, SaysNothingWhereADayIsUnknown) {
  const std::vector known = {Released("2019", "august.xls", "2019-08-27")};
  const std::vector unknown = {Released("2019", "july.xls", "")};
  EXPECT_THAT(CheckOlderReleases(known, unknown), IsEmpty());
  EXPECT_THAT(CheckOlderReleases(unknown, known), IsEmpty());
}

TEST(OlderRelease, SaysNothingOfANewEditionOrOfOneThatIsGone) {
  const std::vector former = {Released("2019", "2019.xls", "2020-01-21")};
  const std::vector now = {Released("2018", "2018.xls", "2019-01-22")};
  EXPECT_THAT(CheckOlderReleases(former, now), IsEmpty());
  EXPECT_THAT(CheckOlderReleases({}, now), IsEmpty());
}

}  // namespace
}  // namespace tidemill::etl
