// SPDX-License-Identifier: Apache-2.0
#include "tables_library.h"

// The library's one door.
extern "C" __attribute__((visibility("default"))) const tidemill::app::TablesLibrary* tidemill_tables_library() {
  static const tidemill::app::TablesLibrary kLibrary{.rows = &tidemill::dataset::GetRowFunctions(),
                                                     .serve = &tidemill::app::Serve,
                                                     .convert = &tidemill::app::Convert};
  return &kLibrary;
}
