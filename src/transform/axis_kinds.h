// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>

#include "tidemill/base/period.h"

#include "axis_scanner.h"

// Readings of quarters, fiscal years, weeks and age bands that need no format: recipes.md 3.7. The scanner goes on
// behind what was read.
namespace tidemill::transform {

// A period of which the year may be missing: then it is 0.
constexpr int kNoYear = 0;

// "Q1 2020", "2020 Q1", "Jan to Mar 2020", "March quarter 2020"; without a year too, where `yearless`.
std::optional<base::Period> ReadQuarter(AxisScanner& scanner, bool yearless);
// "2014-15", "2014/15", "2014 to 2015": the second year is the one after the first.
std::optional<base::Period> ReadFiscalYear(AxisScanner& scanner);
// "Week 1", "1", "2020-W01", "Week 1 2020".
std::optional<base::Period> ReadWeek(AxisScanner& scanner, bool yearless);
// "0-4", "5 to 9", "Under 1", "85+", "85 and over", "All ages", each perhaps with "aged" before and "years" behind.
std::optional<std::string> ReadAgeBand(AxisScanner& scanner);

}  // namespace tidemill::transform
