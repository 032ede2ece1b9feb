// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

#include "tidemill/base/json_writer.h"

#include "loaded_dataset.h"

namespace tidemill::data_api {

enum class FilteredColumns { kAll, kKey };

// Filters into a JSON array of parameters: one for each column and operator, typed by the column.
void WriteFilterParameters(base::JsonWriter& json, const LoadedDataset& dataset, FilteredColumns columns);
// References to parameters of the components, by their names with blanks between.
void WriteReserved(base::JsonWriter& json, std::string_view names);

inline constexpr std::string_view kDataReserved =
    "select sort limit cursor group agg partial mixed last labels shape vintage as_of as_of_by vintages transform";
inline constexpr std::string_view kFormatParameter =
    R"({"name":"format","in":"path","required":true,"schema":{"type":"string",)"
    R"("enum":["json","csv","ndjson","parquet","arrow","arrows","xlsx"]},"example":"json"})";

}  // namespace tidemill::data_api
