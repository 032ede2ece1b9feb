// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <stop_token>
#include <string>

#include "tidemill/etl/stages.h"
#include "tidemill/transform/tidy.h"

namespace tidemill::etl {

// What reading a kept workbook takes.
struct TidyTools {
  const recipe::Recipe& recipe;
  const transform::Register& geography;
  const workbook::Limits& limits;
  base::Date today;
};

base::Result<transform::TidyEdition> TidySource(const TidyTools& tools, const EditionSource& source,
                                                const extract::SourceStore& sources, std::stop_token stop);

// The day on which a workbook was released, "2019-08-27": its fact `released`, else what the link captured as that, or
// as `year`, `month` and `day`; empty where nothing says it.
std::string ReleasedOf(const transform::TidyEdition& tidy, const EditionSource& source);

}  // namespace tidemill::etl
