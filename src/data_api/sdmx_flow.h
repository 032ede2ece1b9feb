// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "tidemill/query/cube.h"

#include "catalog.h"
#include "series.h"

// A dataset in SDMX's words (SDMX 2.1; which names and why: docs/reference/data-api.md).
namespace tidemill::data_api {

struct SdmxCode {
  std::string id, name;
};
struct SdmxDimension {
  std::string id;        // "GEO_CODE"
  std::string codelist;  // "CL_DEATHS_MONTHLY_GEO_CODE"
  const query::CodeList* list = nullptr;
  bool is_area = false;
};
struct SdmxMeasure {
  std::string id;  // "DEATHS"
  std::string column;
  Measure measure;
};

struct SdmxFlow {
  std::shared_ptr<const LoadedDataset> dataset;
  std::shared_ptr<const query::Cube> cube;
  std::string agency;
  std::string id;   // "DEATHS_MONTHLY"
  std::string dsd;  // "DEATHS_MONTHLY_DSD"
  std::vector<SdmxDimension> dimensions;
  std::vector<SdmxMeasure> measures;

  std::string Title() const;
  bool HasMeasureDimension() const { return measures.size() > 1; }
  // The parts of a key: FREQ, the dimensions, MEASURE where there are several.
  std::vector<std::string> KeyIds() const;
};

inline constexpr std::string_view kSdmxVersion = "1.0";

// Nothing where the dataset cannot be one: no time, no measure, or rows with equal keys.
std::optional<SdmxFlow> MakeSdmxFlow(const std::shared_ptr<const LoadedDataset>& dataset, const std::string& agency);
std::vector<SdmxFlow> MakeSdmxFlows(const Catalog& catalog, const std::string& agency);

// The id of a code as series keys have it.
std::string SdmxCodeId(const SdmxDimension& dimension, std::string_view code);
std::string_view FrequencyName(char frequency);

// OBS_STATUS and CONF_STATUS of a stored set of statuses ("p,r"); `has_value` tells an unmarked blank from a number.
struct SdmxStatus {
  std::string observation;   // "P"
  std::string confidential;  // "C" or empty
};
SdmxStatus ToSdmxStatus(std::string_view statuses, bool has_value);
// The codes of CL_OBS_STATUS and CL_CONF_STATUS that ToSdmxStatus gives.
const std::vector<SdmxCode>& ObservationStatuses();
const std::vector<SdmxCode>& ConfidentialityStatuses();

}  // namespace tidemill::data_api
