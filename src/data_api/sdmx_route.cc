// SPDX-License-Identifier: Apache-2.0
// /sdmx/2.1/… and /sdmx/source.json.
#include <array>
#include <memory>
#include <utility>

#include <fmt/format.h>

#include "tidemill/base/json_writer.h"
#include "tidemill/base/text.h"
#include "tidemill/http/negotiate.h"

#include "answer.h"
#include "etag.h"
#include "problem.h"
#include "query_problem.h"
#include "routes.h"
#include "sdmx_path.h"
#include "sdmx_structure.h"
#include "sdmx_xml.h"

namespace tidemill::data_api {
namespace {

constexpr std::string_view kPrefix = "/sdmx/2.1/";
constexpr std::string_view kStructureType = "application/vnd.sdmx.structure+xml";
constexpr std::string_view kGenericType = "application/vnd.sdmx.genericdata+xml";
constexpr std::string_view kSpecificType = "application/vnd.sdmx.structurespecificdata+xml";

http::Response ToAnswer(const SdmxError& error) {
  http::Response response{.status = error.status, .headers = CommonHeaders(kNoStore), .body = {}, .shared = {}};
  response.headers.emplace_back("Content-Type", "application/xml; charset=utf-8");
  response.body = fmt::format(
      "{}<mes:Error{}><mes:ErrorMessage code=\"{}\"><com:Text xml:lang=\"en\">{}</com:Text></mes:ErrorMessage>"
      "</mes:Error>",
      kXmlHead, kMessageNamespaces, error.code, XmlText(error.text));
  return response;
}

// The wanted type of those that there are; "application/xml" and "text/xml" mean the first.
std::optional<std::string_view> ChooseType(const http::Request& request, std::string_view first,
                                           std::string_view second = {}) {
  const std::array<std::string_view, 4> available = {first, "application/xml", "text/xml",
                                                     second.empty() ? first : second};
  const auto choice = http::ChooseMediaType(http::FieldList(request, "Accept"), available);
  if (!choice) return std::nullopt;
  return *choice == 3 ? available[3] : first;
}

http::Response NotAcceptable(const http::Request& request) {
  return ToAnswer({406, 140,
                   fmt::format("Accept {} takes nothing that is here; expected XML of SDMX 2.1",
                               base::Quoted(http::FieldList(request, "Accept")))});
}

bool IsOurs(const SdmxPath& path, const std::string& agency) {
  return (path.agency == "all" || path.agency == agency) &&
         (path.version == "latest" || path.version == "all" || path.version == kSdmxVersion);
}

bool Concerns(const SdmxPath& path, const SdmxFlow& flow) {
  if (path.id == "all") return true;
  if (path.resource == "dataflow") return path.id == flow.id;
  if (path.resource == "datastructure") return path.id == flow.dsd;
  if (path.resource == "conceptscheme") return path.id == SdmxConcepts(flow);
  for (const std::string& id : SdmxCodelists(flow)) {
    if (id == path.id) return true;
  }
  return false;
}

// references=none gives what was asked for; children what it refers to; all and the rest everything around it.
SdmxArtefacts ArtefactsOf(const SdmxPath& path, std::string_view references) {
  const bool alone = references.empty() || references == "none";
  SdmxArtefacts artefacts;
  artefacts.flows = path.resource == "dataflow" || (!alone && references != "children");
  artefacts.structures = path.resource == "datastructure" || (!alone && path.resource == "dataflow") ||
                         (!alone && references != "children");
  artefacts.codelists = path.resource == "codelist" || (!alone && path.resource != "conceptscheme");
  artefacts.concepts = path.resource == "conceptscheme" || (!alone && path.resource != "codelist");
  if (path.resource == "codelist" && path.id != "all") artefacts.codelist = path.id;
  return artefacts;
}

tl::expected<std::string, SdmxError> ReferencesOf(std::string_view raw_query) {
  if (raw_query.empty()) return std::string();
  const auto parameters = query::SplitQuery(raw_query);
  if (!parameters) return tl::unexpected(SdmxError{400, 140, parameters.error().error.message});
  for (const query::Parameter& parameter : *parameters) {
    if (parameter.name == "references") return parameter.value;
  }
  return std::string();
}

// Finishes an answer of that type: its ETag, and 304 where the client has it.
bool IsAnswered(const Question& question, std::string_view id, std::string_view type,
                const std::optional<base::Time>& modified, http::Response& response) {
  const Validators validators{MakeETag(id, fmt::format("{} {}", question.request.target, type)), modified};
  response.headers.emplace_back("ETag", validators.etag);
  response.headers.emplace_back("Vary", "Accept, Accept-Encoding");
  response.headers.emplace_back("Content-Type", fmt::format("{};version=2.1", type));
  if (!IsFresh(question.request, validators)) return false;
  response.status = 304;
  return true;
}

http::Response AnswerStructure(const Question& question, const SdmxPath& path) {
  const auto references = ReferencesOf(question.request.query);
  if (!references) return ToAnswer(references.error());
  const auto type = ChooseType(question.request, kStructureType);
  if (!type) return NotAcceptable(question.request);
  const std::string& agency = question.options.sdmx_agency;
  std::vector<SdmxFlow> flows;
  if (IsOurs(path, agency)) {
    for (const SdmxFlow& flow : *question.catalog.sdmx_flows) {
      if (Concerns(path, flow)) flows.push_back(flow);
    }
  }
  if (flows.empty()) {
    return ToAnswer({404, 100,
                     fmt::format("there is no {} {} of {} in version {}; {}dataflow/{} lists what there is",
                                 path.resource, path.id, path.agency, path.version, kPrefix, agency)});
  }
  http::Response response{.status = 200, .headers = CommonHeaders(kLive), .body = {}, .shared = {}};
  if (IsAnswered(question, question.catalog.id, *type, {}, response)) return response;
  response.body = MakeSdmxStructure(flows, ArtefactsOf(path, *references), agency);
  return response;
}

tl::expected<SdmxFlow, SdmxError> FindFlow(const Question& question, const SdmxPath& path) {
  const std::string& agency = question.options.sdmx_agency;
  std::vector<std::string> ids;
  for (const SdmxFlow& flow : *question.catalog.sdmx_flows) {
    if (flow.id == path.id && IsOurs(path, agency)) return flow;
    ids.push_back(flow.id);
  }
  return tl::unexpected(SdmxError{404, 100,
                                  fmt::format("there is no dataflow {} of {} in version {}; there are: {}", path.id,
                                              path.agency, path.version, base::Join(ids, ", "))});
}

// A short message as it is, a long one piece by piece.
base::Status Send(std::shared_ptr<SdmxDataMessage> message, http::Response& response) {
  TIDEMILL_ASSIGN(std::string first, message->Next());
  TIDEMILL_ASSIGN(std::string second, message->Next());
  if (second.empty()) {
    response.body = std::move(first);
    return {};
  }
  response.next_piece =
      [message = std::move(message),
       ready = std::vector<std::string>{std::move(second), std::move(first)}]() mutable -> base::Result<std::string> {
    if (ready.empty()) return message->Next();
    std::string piece = std::move(ready.back());
    ready.pop_back();
    return piece;
  };
  return {};
}

http::Response AnswerSdmxData(const Question& question, const SdmxPath& path) {
  auto flow = FindFlow(question, path);
  if (!flow) return ToAnswer(flow.error());
  auto query = ParseSdmxDataQuery(question.request.query);
  if (!query) return ToAnswer(query.error());
  auto key = ParseSdmxKey(path.key, flow->KeyIds());
  if (!key) return ToAnswer(key.error());
  query->key = *std::move(key);
  const auto type = ChooseType(question.request, kGenericType, kSpecificType);
  if (!type) return NotAcceptable(question.request);
  const auto dataset = flow->dataset;
  http::Response response{.status = 200, .headers = DatasetHeaders(*dataset), .body = {}, .shared = {}};
  if (IsAnswered(question, dataset->snapshot_id, *type, dataset->recorded, response)) return response;
  const SdmxMessage form = *type == kSpecificType ? SdmxMessage::kStructureSpecific : SdmxMessage::kGeneric;
  auto message = SdmxDataMessage::Open(*std::move(flow), *query, form);
  if (!message) return ToAnswer({400, 150, message.error().message});
  if (const auto sent = Send(std::make_shared<SdmxDataMessage>(*std::move(message)), response); !sent) {
    return ToResponse(ToProblem(sent.error()), question.request.target);
  }
  return response;
}

}  // namespace

bool IsSdmxPath(std::string_view path) {
  return path.starts_with(kPrefix);
}

http::Response AnswerSdmx(const Question& question) {
  const auto path = ParseSdmxPath(question.request.path.substr(kPrefix.size()));
  if (!path) return ToAnswer(path.error());
  return path->resource == "data" ? AnswerSdmxData(question, *path) : AnswerStructure(question, *path);
}

// What sdmx1's add_source takes. The one body that depends on the name that the client called us by.
http::Response ShowSdmxSource(const Question& question) {
  std::string base = question.options.public_url;
  if (base.empty()) base = fmt::format("http://{}", http::FieldValue(question.request, "Host"));
  base::JsonWriter json;
  json.BeginObject().Key("id").String(question.options.sdmx_agency).Key("name").String("Tidemill");
  json.Key("url").String(base + "/sdmx/2.1").Key("supports").BeginObject().Key("preview").Bool(true).EndObject();
  return Json(200, json.EndObject().Take(), kNoStore);
}

}  // namespace tidemill::data_api
