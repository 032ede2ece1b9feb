// SPDX-License-Identifier: Apache-2.0
#include "sdmx_structure.h"

#include <algorithm>
#include <set>
#include <string_view>

#include <fmt/format.h>

#include "sdmx_xml.h"

namespace tidemill::data_api {
namespace {

constexpr std::string_view kObsStatusList = "CL_OBS_STATUS";
constexpr std::string_view kConfStatusList = "CL_CONF_STATUS";
constexpr std::string_view kFrequencyList = "CL_FREQ";

std::string MeasureList(const SdmxFlow& flow) {
  return "CL_" + flow.id + "_MEASURE";
}

// ` id="…" agencyID="…" version="1.0"`
std::string Identity(std::string_view id, std::string_view agency) {
  return XmlAttribute("id", id) + XmlAttribute("agencyID", agency) + XmlAttribute("version", kSdmxVersion);
}

std::string Reference(std::string_view id, std::string_view agency, std::string_view package, std::string_view kind) {
  return fmt::format("<Ref{} package=\"{}\" class=\"{}\"/>", Identity(id, agency), package, kind);
}

std::string ToFlow(const SdmxFlow& flow) {
  return fmt::format("<str:Dataflow{} isFinal=\"true\">{}<str:Structure>{}</str:Structure></str:Dataflow>",
                     Identity(flow.id, flow.agency), SdmxName(flow.Title()),
                     Reference(flow.dsd, flow.agency, "datastructure", "DataStructure"));
}

std::string ToCodelist(std::string_view id, std::string_view agency, std::string_view name,
                       const std::vector<SdmxCode>& codes) {
  std::string out = fmt::format("<str:Codelist{} isFinal=\"true\">{}", Identity(id, agency), SdmxName(name));
  for (const SdmxCode& code : codes) {
    out += fmt::format("<str:Code{}>{}</str:Code>", XmlAttribute("id", code.id), SdmxName(code.name));
  }
  return out + "</str:Codelist>";
}

std::vector<SdmxCode> CodesOf(const SdmxDimension& dimension) {
  std::vector<SdmxCode> codes;
  const query::CodeList& list = *dimension.list;
  for (std::size_t i = 0; i < list.codes.size(); ++i) {
    const bool named = i < list.labels.size() && !list.labels[i].empty();
    codes.push_back({SdmxCodeId(dimension, list.codes[i]), named ? list.labels[i] : list.codes[i]});
  }
  return codes;
}

std::vector<SdmxCode> Frequencies() {
  std::vector<SdmxCode> codes;
  for (const char frequency : std::string_view("AFQMWD")) {
    codes.push_back({std::string(1, frequency), std::string(FrequencyName(frequency))});
  }
  return codes;
}

std::string ToList(const SdmxFlow& flow, std::string_view id) {
  if (id == kFrequencyList) return ToCodelist(id, flow.agency, "Frequency", Frequencies());
  if (id == kObsStatusList) return ToCodelist(id, flow.agency, "Observation status", ObservationStatuses());
  if (id == kConfStatusList) return ToCodelist(id, flow.agency, "Confidentiality", ConfidentialityStatuses());
  if (id == MeasureList(flow)) {
    std::vector<SdmxCode> codes;
    for (const SdmxMeasure& measure : flow.measures) codes.push_back({measure.id, measure.column});
    return ToCodelist(id, flow.agency, "Measures of " + flow.Title(), codes);
  }
  for (const SdmxDimension& dimension : flow.dimensions) {
    if (dimension.codelist == id) return ToCodelist(id, flow.agency, dimension.id, CodesOf(dimension));
  }
  return {};
}

std::vector<std::string> ConceptIds(const SdmxFlow& flow) {
  std::vector<std::string> ids = flow.KeyIds();
  for (const std::string_view id : {"TIME_PERIOD", "OBS_VALUE", "OBS_STATUS", "CONF_STATUS", "STATUS_CODES"}) {
    ids.emplace_back(id);
  }
  return ids;
}

std::string ToConcepts(const SdmxFlow& flow) {
  std::string out = fmt::format("<str:ConceptScheme{} isFinal=\"true\">{}", Identity(SdmxConcepts(flow), flow.agency),
                                SdmxName("Concepts of " + flow.Title()));
  for (const std::string& id : ConceptIds(flow)) {
    out += fmt::format("<str:Concept{}>{}</str:Concept>", XmlAttribute("id", id), SdmxName(id));
  }
  return out + "</str:ConceptScheme>";
}

std::string ConceptOf(const SdmxFlow& flow, std::string_view id) {
  return fmt::format(
      "<str:ConceptIdentity><Ref{}{}{}{} package=\"conceptscheme\" class=\"Concept\"/></str:ConceptIdentity>",
      XmlAttribute("maintainableParentID", SdmxConcepts(flow)), XmlAttribute("maintainableParentVersion", kSdmxVersion),
      XmlAttribute("agencyID", flow.agency), XmlAttribute("id", id));
}

std::string CodedBy(const SdmxFlow& flow, std::string_view codelist) {
  return fmt::format("<str:LocalRepresentation><str:Enumeration>{}</str:Enumeration></str:LocalRepresentation>",
                     Reference(codelist, flow.agency, "codelist", "Codelist"));
}

std::string TextOf(std::string_view type) {
  return fmt::format("<str:LocalRepresentation><str:TextFormat textType=\"{}\"/></str:LocalRepresentation>", type);
}

std::string DimensionsOf(const SdmxFlow& flow) {
  std::string out = "<str:DimensionList id=\"DimensionDescriptor\">";
  std::size_t position = 0;
  const auto add = [&](const std::string& id, std::string_view codelist) {
    out += fmt::format("<str:Dimension{} position=\"{}\">{}{}</str:Dimension>", XmlAttribute("id", id), ++position,
                       ConceptOf(flow, id), CodedBy(flow, codelist));
  };
  add("FREQ", kFrequencyList);
  for (const SdmxDimension& dimension : flow.dimensions) add(dimension.id, dimension.codelist);
  if (flow.HasMeasureDimension()) add("MEASURE", MeasureList(flow));
  out += fmt::format("<str:TimeDimension id=\"TIME_PERIOD\" position=\"{}\">{}{}</str:TimeDimension>", ++position,
                     ConceptOf(flow, "TIME_PERIOD"), TextOf("ObservationalTimePeriod"));
  return out + "</str:DimensionList>";
}

std::string AttributesOf(const SdmxFlow& flow) {
  std::string out = "<str:AttributeList id=\"AttributeDescriptor\">";
  const auto add = [&](std::string_view id, const std::string& representation) {
    out += fmt::format(
        "<str:Attribute{} assignmentStatus=\"Conditional\">{}{}<str:AttributeRelationship><str:PrimaryMeasure>"
        "<Ref id=\"OBS_VALUE\"/></str:PrimaryMeasure></str:AttributeRelationship></str:Attribute>",
        XmlAttribute("id", id), ConceptOf(flow, id), representation);
  };
  add("OBS_STATUS", CodedBy(flow, kObsStatusList));
  add("CONF_STATUS", CodedBy(flow, kConfStatusList));
  add("STATUS_CODES", TextOf("String"));
  return out + "</str:AttributeList>";
}

std::string ToDataStructure(const SdmxFlow& flow) {
  return fmt::format(
      "<str:DataStructure{} isFinal=\"true\">{}<str:DataStructureComponents>{}{}<str:MeasureList "
      "id=\"MeasureDescriptor\"><str:PrimaryMeasure id=\"OBS_VALUE\">{}{}</str:PrimaryMeasure></str:MeasureList>"
      "</str:DataStructureComponents></str:DataStructure>",
      Identity(flow.dsd, flow.agency), SdmxName("Structure of " + flow.Title()), DimensionsOf(flow), AttributesOf(flow),
      ConceptOf(flow, "OBS_VALUE"), TextOf("Double"));
}

std::string Codelists(const std::vector<SdmxFlow>& flows, const std::string& only) {
  std::string out;
  std::set<std::string> written;
  for (const SdmxFlow& flow : flows) {
    for (const std::string& id : SdmxCodelists(flow)) {
      if ((only.empty() || id == only) && written.insert(id).second) out += ToList(flow, id);
    }
  }
  return out;
}

template <class Write>
std::string Group(std::string_view name, const std::vector<SdmxFlow>& flows, const Write& write) {
  std::string out = fmt::format("<str:{}>", name);
  for (const SdmxFlow& flow : flows) out += write(flow);
  return out + fmt::format("</str:{}>", name);
}

}  // namespace

std::string SdmxConcepts(const SdmxFlow& flow) {
  return flow.id + "_CONCEPTS";
}

std::vector<std::string> SdmxCodelists(const SdmxFlow& flow) {
  std::vector<std::string> ids = {std::string(kFrequencyList), std::string(kObsStatusList),
                                  std::string(kConfStatusList)};
  for (const SdmxDimension& dimension : flow.dimensions) ids.push_back(dimension.codelist);
  if (flow.HasMeasureDimension()) ids.push_back(MeasureList(flow));
  return ids;
}

std::string MakeSdmxStructure(const std::vector<SdmxFlow>& flows, const SdmxArtefacts& artefacts,
                              const std::string& agency) {
  std::optional<base::Time> newest;
  for (const SdmxFlow& flow : flows) newest = std::max(newest, flow.dataset->recorded);
  std::string out(kXmlHead);
  out += fmt::format(
      "<mes:Structure{} xmlns:str=\"http://www.sdmx.org/resources/sdmxml/schemas/v2_1/structure\">{}<mes:Structures>",
      kMessageNamespaces, SdmxHeader("structures", agency, newest, {}));
  // In the order that the schema has.
  if (artefacts.flows) out += Group("Dataflows", flows, ToFlow);
  if (artefacts.codelists) out += "<str:Codelists>" + Codelists(flows, artefacts.codelist) + "</str:Codelists>";
  if (artefacts.concepts) out += Group("Concepts", flows, ToConcepts);
  if (artefacts.structures) out += Group("DataStructures", flows, ToDataStructure);
  return out + "</mes:Structures></mes:Structure>";
}

}  // namespace tidemill::data_api
