// SPDX-License-Identifier: Apache-2.0
#include "sdmx_data.h"

#include <algorithm>
#include <set>
#include <utility>

#include <fmt/format.h>

#include "tidemill/query/run_query.h"

#include "sdmx_xml.h"

namespace tidemill::data_api {
namespace {

using query::Cube;

constexpr std::size_t kPiece = std::size_t{64} << 10U;

// The series that the key's dimensions let through. A code that is unknown selects nothing: clients let them through.
std::vector<bool> AllowedSeries(const SdmxFlow& flow, const std::vector<std::vector<std::string>>& key) {
  const Cube& cube = *flow.cube;
  std::vector<bool> allowed(cube.series(), true);
  for (std::size_t i = 0; i < flow.dimensions.size(); ++i) {
    const auto& part = key[i + 1];
    if (part.empty()) continue;
    const std::set<std::string, std::less<>> wanted(part.begin(), part.end());
    const SdmxDimension& dimension = flow.dimensions[i];
    for (std::size_t series = 0; series < allowed.size(); ++series) {
      if (!wanted.contains(SdmxCodeId(dimension, cube.CodeOf(*dimension.list, series)))) allowed[series] = false;
    }
  }
  return allowed;
}

bool Names(const std::vector<std::string>& part, std::string_view id) {
  return part.empty() || std::find(part.begin(), part.end(), id) != part.end();
}

base::Result<std::vector<std::uint32_t>> RowsOf(const SdmxFlow& flow, const SdmxDataQuery& query) {
  const Cube& cube = *flow.cube;
  const std::string& time = cube.columns[static_cast<std::size_t>(cube.time_column)].name;
  std::vector<query::Parameter> parameters;
  if (!query.start.empty()) parameters.push_back({.name = time + "__gte", .value = query.start});
  if (!query.end.empty()) parameters.push_back({.name = time + "__lte", .value = query.end});
  const auto parsed = query::ParseQuery(parameters, cube, {.newest = nullptr, .reserved = {}});
  if (!parsed) return tl::unexpected(parsed.error().error);
  return query::SelectRows(*parsed, cube);
}

void Cut(std::vector<std::uint32_t>& rows, const SdmxDataQuery& query) {
  if (query.first && query.last && rows.size() > *query.first + std::size_t{*query.last}) {
    rows.erase(rows.begin() + *query.first, rows.end() - *query.last);
  } else if (query.first && !query.last && rows.size() > *query.first) {
    rows.resize(*query.first);
  } else if (query.last && !query.first && rows.size() > *query.last) {
    rows.erase(rows.begin(), rows.end() - *query.last);
  }
}

// The text of a JSON string without escapes, as status codes are; empty for null.
std::string_view Unquoted(std::string_view json) {
  if (json == "null") return {};
  return json.size() >= 2 && json.front() == '"' ? json.substr(1, json.size() - 2) : json;
}

std::string GenericValue(std::string_view id, std::string_view value) {
  return "<gen:Value" + XmlAttribute("id", id) + XmlAttribute("value", value) + "/>";
}

// Attributes of an observation as name and value.
using Attributes = std::vector<std::pair<std::string_view, std::string>>;

Attributes AttributesOf(std::string_view statuses, bool has_value) {
  const SdmxStatus status = ToSdmxStatus(statuses, has_value);
  Attributes attributes = {{"OBS_STATUS", status.observation}};
  if (!status.confidential.empty()) attributes.emplace_back("CONF_STATUS", status.confidential);
  if (!statuses.empty()) attributes.emplace_back("STATUS_CODES", std::string(statuses));
  return attributes;
}

std::string GenericObservation(std::string_view time, std::string_view value, const Attributes& attributes) {
  std::string out = "<gen:Obs><gen:ObsDimension" + XmlAttribute("value", time) + "/>";
  if (!value.empty()) out += "<gen:ObsValue" + XmlAttribute("value", value) + "/>";
  if (!attributes.empty()) {
    out += "<gen:Attributes>";
    for (const auto& [id, code] : attributes) out += GenericValue(id, code);
    out += "</gen:Attributes>";
  }
  return out + "</gen:Obs>";
}

std::string SpecificObservation(std::string_view time, std::string_view value, const Attributes& attributes) {
  std::string out = "<Obs" + XmlAttribute("TIME_PERIOD", time);
  if (!value.empty()) out += XmlAttribute("OBS_VALUE", value);
  for (const auto& [id, code] : attributes) out += XmlAttribute(id, code);
  return out + "/>";
}

}  // namespace

base::Result<SdmxDataMessage> SdmxDataMessage::Open(SdmxFlow flow, const SdmxDataQuery& query, SdmxMessage form) {
  SdmxDataMessage message(std::move(flow), query.detail, form);
  const Cube& cube = *message.flow_.cube;
  if (!Names(query.key[0], std::string(1, static_cast<char>(cube.frequency)))) return message;
  TIDEMILL_ASSIGN(const std::vector<std::uint32_t> rows, RowsOf(message.flow_, query));
  const std::vector<bool> allowed = AllowedSeries(message.flow_, query.key);
  const auto& measures = message.flow_.measures;
  for (std::size_t i = 0; i < rows.size();) {
    const std::uint32_t series = cube.SeriesOf(rows[i]);
    std::vector<std::uint32_t> own;
    for (; i < rows.size() && rows[i] < cube.offsets[series + 1]; ++i) own.push_back(rows[i]);
    if (!allowed[series]) continue;
    Cut(own, query);
    for (std::size_t measure = 0; measure < measures.size(); ++measure) {
      if (measures.size() > 1 && !Names(query.key.back(), measures[measure].id)) continue;
      message.runs_.push_back({series, measure, own});
    }
  }
  return message;
}

std::string SdmxDataMessage::Head() const {
  const LoadedDataset& dataset = *flow_.dataset;
  const std::string ref =
      fmt::format("<com:Structure><Ref{}{}{}/></com:Structure>", XmlAttribute("agencyID", flow_.agency),
                  XmlAttribute("id", flow_.dsd), XmlAttribute("version", kSdmxVersion));
  // Clients ask for the structure by this id (rsdmx), so it is the data structure's own.
  std::string structure = "<mes:Structure" + XmlAttribute("structureID", flow_.dsd);
  const std::string name = fmt::format("urn:sdmx:org.sdmx.infomodel.datastructure.DataStructure={}:{}({})",
                                       flow_.agency, flow_.dsd, kSdmxVersion);
  const std::string of_level = name + ":ObsLevelDim:TIME_PERIOD";
  const bool generic = form_ == SdmxMessage::kGeneric;
  if (!generic) structure += XmlAttribute("namespace", of_level);
  structure += " dimensionAtObservation=\"TIME_PERIOD\">" + ref + "</mes:Structure>";
  const std::string header =
      SdmxHeader(fmt::format("{}-{}", dataset.id, dataset.vintage), flow_.agency, dataset.recorded, structure);
  if (generic) {
    return fmt::format(
        "{}<mes:GenericData{} xmlns:gen=\"http://www.sdmx.org/resources/sdmxml/schemas/v2_1/data/generic\">{}"
        "<mes:DataSet{}>",
        kXmlHead, kMessageNamespaces, header, XmlAttribute("structureRef", flow_.dsd));
  }
  return fmt::format(
      "{}<mes:StructureSpecificData{} xmlns:ss=\"http://www.sdmx.org/resources/sdmxml/schemas/v2_1/data/"
      "structurespecific\" xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\"{}>{}<mes:DataSet{} "
      "ss:dataScope=\"DataStructure\" xsi:type=\"ns1:DataSetType\">",
      kXmlHead, kMessageNamespaces, XmlAttribute("xmlns:ns1", of_level), header,
      XmlAttribute("ss:structureRef", flow_.dsd));
}

void SdmxDataMessage::AppendKey(const Run& run, std::string& out) const {
  const bool generic = form_ == SdmxMessage::kGeneric;
  const auto add = [&](std::string_view id, const std::string& value) {
    out += generic ? GenericValue(id, value) : XmlAttribute(id, value);
  };
  add("FREQ", std::string(1, static_cast<char>(flow_.cube->frequency)));
  for (const SdmxDimension& dimension : flow_.dimensions) {
    add(dimension.id, SdmxCodeId(dimension, flow_.cube->CodeOf(*dimension.list, run.series)));
  }
  if (flow_.HasMeasureDimension()) add("MEASURE", flow_.measures[run.measure].id);
}

base::Status SdmxDataMessage::AppendObservations(const Run& run, std::string& out) const {
  const Measure& measure = flow_.measures[run.measure].measure;
  TIDEMILL_ASSIGN(const auto values, query::JsonValues(*flow_.cube, measure.column, run.rows));
  std::vector<std::string> statuses(run.rows.size());
  if (measure.status >= 0) {
    TIDEMILL_ASSIGN(statuses, query::JsonValues(*flow_.cube, static_cast<std::size_t>(measure.status), run.rows));
  }
  for (std::size_t i = 0; i < run.rows.size(); ++i) {
    const std::string_view value = Unquoted(values[i]);
    const Attributes attributes =
        detail_ == SdmxDetail::kFull ? AttributesOf(Unquoted(statuses[i]), !value.empty()) : Attributes{};
    const std::string time = flow_.cube->TimeText(run.rows[i]);
    out += form_ == SdmxMessage::kGeneric ? GenericObservation(time, value, attributes)
                                          : SpecificObservation(time, value, attributes);
  }
  return {};
}

base::Status SdmxDataMessage::Append(const Run& run, std::string& out) const {
  const bool generic = form_ == SdmxMessage::kGeneric;
  out += generic ? "<gen:Series><gen:SeriesKey>" : "<Series";
  AppendKey(run, out);
  out += generic ? "</gen:SeriesKey>" : ">";
  if (detail_ == SdmxDetail::kFull || detail_ == SdmxDetail::kDataOnly) {
    TIDEMILL_CHECK(AppendObservations(run, out));
  }
  out += generic ? "</gen:Series>" : "</Series>";
  return {};
}

base::Result<std::string> SdmxDataMessage::Next() {
  if (ended_) return std::string();
  std::string out = std::exchange(begun_, true) ? std::string() : Head();
  while (next_ < runs_.size() && out.size() < kPiece) {
    TIDEMILL_CHECK(Append(runs_[next_++], out));
  }
  if (next_ == runs_.size()) {
    ended_ = true;
    out += form_ == SdmxMessage::kGeneric ? "</mes:DataSet></mes:GenericData>"
                                          : "</mes:DataSet></mes:StructureSpecificData>";
  }
  return out;
}

}  // namespace tidemill::data_api
