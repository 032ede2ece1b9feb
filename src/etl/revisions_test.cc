// SPDX-License-Identifier: Apache-2.0
#include "revisions.h"

#include <gmock/gmock.h>

namespace tidemill::etl {
namespace {

using testing::IsEmpty;
using testing::SizeIs;

recipe::RevisionsSpec PercentAndAbs() {
  recipe::RevisionsSpec spec;
  spec.free = 1;
  spec.limit_percent = 1;
  spec.limit_abs = 5;
  return spec;
}

dataset::Diff OneChange(const std::string& key, double before, double after) {
  dataset::Diff diff;
  diff.revised = 1;
  diff.changes.push_back({.key = key,
                          .column = "deaths",
                          .before = fmt::format("{}", before),
                          .after = fmt::format("{}", after),
                          .size = after - before});
  return diff;
}

const std::set<base::Period> kNewest{base::Period{.year = 2019, .part = 12}};

TEST(CheckRevisions, HoldsAnOlderValueThatChangesByMoreThanBothLimits) {
  const auto findings = CheckRevisions(PercentAndAbs(), "deaths", OneChange("E08000007 2018-01", 300, 310), kNewest);
  ASSERT_THAT(findings, SizeIs(1));
  EXPECT_EQ(findings[0].Id(), "revision-beyond@2018");
  EXPECT_EQ(findings[0].severity, transform::FindingSeverity::kHold);
}

TEST(CheckRevisions, LetsSmallChangesPassByEitherLimit) {
  EXPECT_THAT(CheckRevisions(PercentAndAbs(), "deaths", OneChange("E08000007 2018-01", 300, 304), kNewest), IsEmpty());
  EXPECT_THAT(CheckRevisions(PercentAndAbs(), "deaths", OneChange("K04000001 2018-01", 60'000, 60'100), kNewest),
              IsEmpty());
}

TEST(CheckRevisions, LetsTheNewestPeriodsChangeAtWill) {
  EXPECT_THAT(CheckRevisions(PercentAndAbs(), "deaths", OneChange("E08000007 2019-12", 300, 900), kNewest), IsEmpty());
}

TEST(CheckRevisions, HoldsObservationsThatVanish) {
  dataset::Diff diff;
  diff.removed = 2;
  diff.removed_keys = {"E08000007 2018-01", "E08000007 2017-01"};
  const auto findings = CheckRevisions(PercentAndAbs(), "deaths", diff, kNewest);
  ASSERT_THAT(findings, SizeIs(2));
  EXPECT_EQ(findings[0].Id(), "removed@2017");
  EXPECT_EQ(findings[1].Id(), "removed@2018");
}

}  // namespace
}  // namespace tidemill::etl
