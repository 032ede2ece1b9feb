// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <arrow/type_fwd.h>

#include "tidemill/dataset/dataset.h"

namespace tidemill::dataset::testing {

// A row of a table as the first recipe makes it.
struct DeathsRow {
  std::string geo_code, geo_name, period;
  std::optional<std::int32_t> deaths;
  std::optional<std::string> status = {};
  std::string edition = "2018";
  std::string src = "aa11 Figures for 2018";
  std::int32_t src_row = 1;
  std::int16_t src_col = 1;
};

// geo_code, geo_name, period, deaths, deaths_status, edition, src, src_row, src_col: texts as dictionary<int32, utf8>,
// roles in the field metadata.
std::shared_ptr<arrow::Table> DeathsTable(const std::vector<DeathsRow>& rows);
std::shared_ptr<const frame::Frame> DeathsFrame(const std::vector<DeathsRow>& rows);

// `areas` × `months` rows from 2015-01 on with figures that depend on `seed`.
std::vector<DeathsRow> ManyRows(std::size_t areas, std::size_t months, std::int32_t seed = 0);

// Columns as the old pipeline's file has them.
std::shared_ptr<const frame::Frame> CompatFrame(const std::vector<DeathsRow>& rows);

// A draft of those rows with key geo_code, period and facts.
Draft DeathsDraft(const std::vector<DeathsRow>& rows, const std::string& run_id);

}  // namespace tidemill::dataset::testing
