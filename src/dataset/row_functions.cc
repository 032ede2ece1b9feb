// SPDX-License-Identifier: Apache-2.0
#include "tidemill/dataset/row_functions.h"

namespace tidemill::dataset {
namespace {

base::Result<Diff> ChangesSince(const base::FileStore& store, std::string_view table, const Version& before,
                                const frame::Frame& after, const std::vector<std::string>& key,
                                std::size_t most_changes) {
  TIDEMILL_ASSIGN(const auto old_rows, ReadRows(store, table, before));
  TIDEMILL_ASSIGN(const auto new_rows, ToArrow(after));
  return Compare(*old_rows, *new_rows, key, most_changes);
}

}  // namespace

const RowFunctions& GetRowFunctions() {
  static constexpr RowFunctions kFunctions{.load_version = &LoadVersion,
                                           .changes_since = &ChangesSince,
                                           .publish = &Publish,
                                           .load_prepared = &LoadPrepared};
  return kFunctions;
}

}  // namespace tidemill::dataset
