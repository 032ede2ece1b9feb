// SPDX-License-Identifier: Apache-2.0
#include "tidemill/etl_tables/stages.h"

#include "tables_library.h"

// The library's one door.
extern "C" __attribute__((visibility("default"))) const tidemill::app::TablesLibrary* tidemill_tables_library() {
  static const tidemill::app::TablesLibrary kLibrary{.stages = &tidemill::etl_tables::Stages(),
                                                     .serve = &tidemill::app::Serve,
                                                     .convert = &tidemill::app::Convert,
                                                     .explain = &tidemill::transform::ExplainBinding,
                                                     .draft = &tidemill::transform::DraftRecipe};
  return &kLibrary;
}
