// SPDX-License-Identifier: Apache-2.0
#include "sdmx_flow.h"

#include <algorithm>
#include <utility>

#include "tidemill/base/text.h"

#include "vintage_choice.h"

namespace tidemill::data_api {
namespace {

std::string InCapitals(std::string_view name) {
  std::string out(name);
  for (char& c : out) {
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
  }
  return out;
}

std::vector<SdmxMeasure> MeasuresOf(const LoadedDataset& dataset, const query::Cube& cube) {
  std::vector<SdmxMeasure> measures;
  for (const query::CubeColumn& column : cube.columns) {
    if (column.role != query::Role::kMeasure) continue;
    const auto measure = FindMeasure(dataset, cube, column.name);
    if (measure) measures.push_back({InCapitals(column.name), column.name, *measure});
  }
  return measures;
}

// What SDMX's code list OBS_STATUS (version 2.1) calls the statuses that data have. Letters alike mean other things
// there.
std::string_view ObservationStatus(std::string_view status) {
  if (status == "p") return "P";
  if (status == "e") return "E";
  if (status == "f") return "F";
  if (status == "b") return "B";
  if (status == "u") return "U";
  if (status == "k" || status == "low") return "N";
  if (status == "c") return "Q";
  if (status == "x" || status == "w") return "O";
  if (status == "z") return "M";
  return "A";
}

}  // namespace

std::string SdmxFlow::Title() const {
  return dataset->facts.title.empty() ? dataset->id : dataset->facts.title;
}

std::vector<std::string> SdmxFlow::KeyIds() const {
  std::vector<std::string> ids = {"FREQ"};
  for (const SdmxDimension& dimension : dimensions) ids.push_back(dimension.id);
  if (HasMeasureDimension()) ids.emplace_back("MEASURE");
  return ids;
}

std::optional<SdmxFlow> MakeSdmxFlow(const std::shared_ptr<const LoadedDataset>& dataset, const std::string& agency) {
  auto vintage = ChooseVintage(dataset, {}, {});
  if (!vintage) return std::nullopt;
  const query::Cube& cube = *vintage->cube;
  if (cube.time_column < 0 || cube.repeats) return std::nullopt;
  const std::string id = InCapitals(dataset->id);
  SdmxFlow flow{.dataset = dataset,
                .cube = vintage->cube,
                .agency = agency,
                .id = id,
                .dsd = id + "_DSD",
                .dimensions = {},
                .measures = MeasuresOf(*dataset, cube)};
  if (flow.measures.empty()) return std::nullopt;
  for (const query::CodeList& list : cube.dimensions) {
    const query::CubeColumn& column = cube.columns[list.column];
    const std::string name = InCapitals(column.name);
    flow.dimensions.push_back({name, "CL_" + id + "_" + name, &list, column.codes == "gss"});
  }
  return flow;
}

std::vector<SdmxFlow> MakeSdmxFlows(const Catalog& catalog, const std::string& agency) {
  std::vector<SdmxFlow> flows;
  for (const auto& [id, dataset] : catalog.datasets) {
    if (auto flow = MakeSdmxFlow(dataset, agency)) flows.push_back(*std::move(flow));
  }
  return flows;
}

std::string SdmxCodeId(const SdmxDimension& dimension, std::string_view code) {
  return query::ToKeyPart(code, dimension.is_area);
}

std::string_view FrequencyName(char frequency) {
  switch (frequency) {
    case 'A':
      return "Annual";
    case 'F':
      return "Fiscal year";
    case 'Q':
      return "Quarterly";
    case 'M':
      return "Monthly";
    case 'W':
      return "Weekly";
    default:
      return "Daily";
  }
}

SdmxStatus ToSdmxStatus(std::string_view statuses, bool has_value) {
  // An observation has one code there: a break before all, then why a value is missing, then how firm it is.
  constexpr std::string_view kPrecedence = "BOLQMFEPNUA";
  SdmxStatus status{.observation = has_value ? "A" : "O", .confidential = {}};
  std::size_t best = has_value ? kPrecedence.size() : kPrecedence.size() - 1;
  for (const std::string_view one : statuses.empty() ? std::vector<std::string_view>{} : base::Split(statuses, ',')) {
    const std::string_view code = ObservationStatus(base::Trim(one));
    const std::size_t rank = kPrecedence.find(code);
    if (rank < best) {
      best = rank;
      status.observation = code;
    }
    if (code == "Q") status.confidential = "C";
  }
  return status;
}

const std::vector<SdmxCode>& ObservationStatuses() {
  static const std::vector<SdmxCode> kCodes = {{"A", "Normal value"},
                                               {"B", "Time series break"},
                                               {"E", "Estimated value"},
                                               {"F", "Forecast value"},
                                               {"M", "Missing value; data cannot exist"},
                                               {"N", "Not significant"},
                                               {"O", "Missing value"},
                                               {"P", "Provisional value"},
                                               {"Q", "Missing value; suppressed"},
                                               {"U", "Low reliability"}};
  return kCodes;
}

const std::vector<SdmxCode>& ConfidentialityStatuses() {
  static const std::vector<SdmxCode> kCodes = {{"C", "Confidential statistical information"}};
  return kCodes;
}

}  // namespace tidemill::data_api
