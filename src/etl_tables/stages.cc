// SPDX-License-Identifier: Apache-2.0
#include "tidemill/etl_tables/stages.h"

#include "table_stages.h"

namespace tidemill::etl_tables {

const etl::TableStages& Stages() {
  static constexpr etl::TableStages kStages{.transform = &Transform,
                                            .load = &Load,
                                            .save_prepared = &dataset::SavePrepared,
                                            .load_prepared = &dataset::LoadPrepared};
  return kStages;
}

}  // namespace tidemill::etl_tables
