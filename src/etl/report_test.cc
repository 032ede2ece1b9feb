// SPDX-License-Identifier: Apache-2.0
#include "tidemill/etl/report.h"

#include <gmock/gmock.h>

namespace tidemill::etl {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

Report SomeReport() {
  Report report;
  report.flow = "main-flow";
  report.recipe = "ons-deaths-monthly";
  report.outcome = Outcome::kHeld;
  EditionReport& edition = report.editions.emplace_back();
  edition.edition = "2018";
  edition.file = "a|b_c.xls";
  edition.outcome = "new";
  edition.rows = 4212;
  edition.cells = 9540;
  edition.unpublished = {"2018-11", "2018-12"};
  report.tables = {{.table = "deaths_monthly", .version = 7, .published = true, .rows = 12636, .revised = 18}};
  transform::Finding& finding = report.findings.emplace_back();
  finding.severity = transform::FindingSeverity::kHold;
  finding.slug = "layout-changed";
  finding.edition = "2018";
  finding.message = "a row\nmore <img src=x> [here](javascript:alert(1))";
  report.took = std::chrono::milliseconds(2310);
  return report;
}

TEST(ReportMarkdown, HasTablesOfDatasetsEditionsAndFindings) {
  EXPECT_THAT(ToMarkdown(SomeReport()),
              AllOf(HasSubstr("**held**: main-flow of ons-deaths-monthly, in 2.31 s"),
                    HasSubstr("| deaths\\_monthly | 7 | published | 12,636 | 0 | 18 | 0 |"),
                    HasSubstr("| 4,212 | 9,540 | not yet published: 2018-11–2018-12 |"), HasSubstr("| hold | ")));
}

TEST(ReportMarkdown, LeavesWhatOthersWroteText) {
  EXPECT_THAT(ToMarkdown(SomeReport()),
              AllOf(HasSubstr("a\\|b\\_c.xls"), HasSubstr("a row more \\<img src=x\\> \\[here\\](javascript:alert(1))"),
                    Not(HasSubstr("a row\n"))));
}

TEST(ReportMarkdown, SaysInOneLineWhatFailedBeforeAnythingWasRead) {
  Report report;
  report.flow = "extract";
  report.recipe = "r";
  report.error = "the page answers 503";
  EXPECT_EQ(ToMarkdown(report), "**failed**: extract of r, in 0.00 s\n\n> the page answers 503\n\n");
}

}  // namespace
}  // namespace tidemill::etl
