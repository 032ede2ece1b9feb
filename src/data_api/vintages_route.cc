// SPDX-License-Identifier: Apache-2.0
// /v1/datasets/{dataset}/vintages and …/vintages/{vintage}.
#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "tidemill/base/date.h"
#include "tidemill/base/json_writer.h"
#include "tidemill/base/text.h"

#include "answer.h"
#include "list_answer.h"
#include "page.h"
#include "query_problem.h"
#include "version_checks.h"
#include "vintage_name.h"

namespace tidemill::data_api {
namespace {

using base::JsonWriter;
using dataset::Version;

void WriteSources(JsonWriter& json, const Version& version) {
  json.Key("sources").BeginArray();
  for (const dataset::VersionSource& source : version.commit.sources) {
    json.BeginObject().Stated("url", source.url).Stated("sha256", source.sha256);
    json.Key("bytes").Int(static_cast<std::int64_t>(source.bytes));
    json.Key("fetched_at").String(base::ToRfc3339(source.fetched_at));
    json.Stated("released", source.released).Stated("edition", source.edition).EndObject();
  }
  json.EndArray();
}

std::int64_t RowsOf(const Version& version) {
  std::int64_t rows = 0;
  for (const dataset::DataFile& file : version.files) rows += file.rows < 0 ? 0 : file.rows;
  return rows;
}

enum class ChecksShown : std::uint8_t { kCounts, kEachCheck };

void WriteVersion(JsonWriter& json, const LoadedDataset& newest, const Version& version, ChecksShown detail) {
  const dataset::CommitFacts& commit = version.commit;
  json.BeginObject().Key("vintage").Int(version.number);
  json.Key("released").String(ReleasedOf(version)).Key("recorded").String(base::ToRfc3339(version.recorded));
  json.Key("current").Bool(version.number == newest.vintage);
  json.Key("rows").Int(RowsOf(version));
  json.Key("added").Int(commit.added).Key("revised").Int(commit.revised).Key("removed").Int(commit.removed);
  WriteSources(json, version);
  BeginChecks(json, commit);
  if (detail == ChecksShown::kEachCheck) WriteEachCheck(json, commit);
  json.EndObject();
  if (!commit.findings.empty()) {
    json.Key("findings").BeginArray();
    for (const std::string& finding : commit.findings) json.String(finding);
    json.EndArray();
  }
  json.Stated("run", commit.run_id).Stated("recipe", commit.recipe);
  json.Key("files").BeginArray();
  for (const dataset::DataFile& file : version.files) json.String(file.path);
  json.EndArray();
  const std::string url = fmt::format("{}/vintages/{}", newest.Url(), version.number);
  json.Key("links").BeginObject().Key("self").String(url).Key("diff").String(url + "/diff");
  json.Key("data").String(fmt::format("{}/data?vintage={}", newest.Url(), version.number)).EndObject();
  json.EndObject();
}

// `limit` and `cursor`; all else is unknown here.
struct Paging {
  std::optional<std::uint32_t> limit;
  std::string cursor;
};

tl::expected<Paging, Problem> ReadPaging(const Question& question, const LoadedDataset& newest) {
  const auto parameters = query::SplitQuery(question.request.query);
  if (!parameters) return tl::unexpected(ToProblem(parameters.error(), newest));
  const auto read = query::ParseQuery(*parameters, query::Cube{.offsets = {0}}, {.reserved = {"limit", "cursor"}});
  if (!read) return tl::unexpected(ToProblem(read.error(), newest));
  return Paging{read->limit, read->cursor};
}

ChosenVintage Newest(const std::shared_ptr<const LoadedDataset>& newest) {
  ChosenVintage vintage;
  vintage.dataset = newest;
  vintage.cube = newest->snapshot->cube;
  return vintage;
}

}  // namespace

http::Response ListVintages(const Question& question) {
  const auto newest = question.catalog.Share(question.path_values[0]);
  if (!newest) return NoSuchDataset(question, question.path_values[0]);
  const auto refuse = [&](const Problem& problem) { return ToResponse(problem, question.request.target); };
  const auto paging = ReadPaging(question, *newest);
  if (!paging) return refuse(paging.error());
  if (!newest->vintages) return refuse(OneFileOnly(*newest));
  const auto versions = newest->vintages->List();
  if (!versions) return refuse(ToProblem(versions.error()));
  std::vector<std::uint32_t> ids;
  for (std::size_t i = (*versions)->size(); i-- > 0;) ids.push_back(static_cast<std::uint32_t>(i));
  const std::string path = newest->Url() + "/vintages";
  const auto url = [&](const std::string& cursor) {
    std::string query = paging->limit ? fmt::format("limit={}", *paging->limit) : "";
    if (!cursor.empty()) query += "&cursor=" + cursor;
    return JoinTarget(path, query);
  };
  const query::CursorScope scope{static_cast<std::uint32_t>(newest->vintage), path};
  const auto page = TakePage(ids, paging->limit, paging->cursor, scope);
  if (!page) return refuse(ToProblem(page.error(), *newest));
  return AnswerJson(question, Newest(newest), url(paging->cursor), [&] {
    JsonWriter json;
    json.BeginObject().Key("total").Int(static_cast<std::int64_t>(ids.size())).Key("next");
    if (page->next.empty()) {
      json.Null();
    } else {
      json.String(url(page->next));
    }
    json.Key("vintages").BeginArray();
    for (std::size_t i = page->begin; i < page->end; ++i) {
      WriteVersion(json, *newest, (**versions)[ids[i]], ChecksShown::kCounts);
    }
    return json.EndArray().EndObject().Take();
  });
}

http::Response ShowVintage(const Question& question) {
  const auto newest = question.catalog.Share(question.path_values[0]);
  if (!newest) return NoSuchDataset(question, question.path_values[0]);
  const auto refuse = [&](const Problem& problem) { return ToResponse(problem, question.request.target); };
  const auto number = FindVintage(*newest, question.path_values[1]);
  if (!number) return refuse(number.error());
  if (IsDate(question.path_values[1])) return Redirect(302, fmt::format("{}/vintages/{}", newest->Url(), *number));
  const auto versions = newest->vintages->List();
  if (!versions) return refuse(ToProblem(versions.error()));
  const auto version =
      std::find_if((*versions)->begin(), (*versions)->end(), [&](const Version& one) { return one.number == *number; });
  if (version == (*versions)->end()) return refuse(NoSuchVintage(*newest, question.path_values[1]));
  // Whether it is the newest changes with the next version, so the answer is not pinned.
  return AnswerJson(question, Newest(newest), fmt::format("{}/vintages/{}", newest->Url(), *number), [&] {
    JsonWriter json;
    WriteVersion(json, *newest, *version, ChecksShown::kEachCheck);
    return json.Take();
  });
}

}  // namespace tidemill::data_api
