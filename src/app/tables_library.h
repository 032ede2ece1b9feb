// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tidemill/base/result.h"
#include "tidemill/dataset/row_functions.h"

#include "convert.h"
#include "serve.h"

namespace tidemill::app {

// What needs Arrow lives in libtidemill_tables.so beside the program and is opened when first asked for: loading Arrow
// takes longer than all the rest of a run that finds nothing new (docs/decisions/0005).
struct TablesLibrary {
  const dataset::RowFunctions* rows;
  base::Status (*serve)(const ServeOptions& options, std::stop_token stop);
  base::Result<ConvertReport> (*convert)(const workbook::Workbook& book, const ConvertOptions& options,
                                         const ConvertProgress& progress, std::stop_token stop);
};

// The error (kInternal) says what the system's loader said. The library stays open until the process ends.
base::Result<const TablesLibrary*> OpenTablesLibrary();

}  // namespace tidemill::app
