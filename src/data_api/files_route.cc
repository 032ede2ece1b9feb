// SPDX-License-Identifier: Apache-2.0
// /v1/datasets/{dataset}/files and the files in it.
#include <algorithm>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include <fmt/format.h>

#include "tidemill/base/date.h"
#include "tidemill/base/json_writer.h"
#include "tidemill/base/text.h"
#include "tidemill/http/byte_range.h"

#include "answer.h"
#include "etag.h"
#include "problem.h"
#include "routes.h"

namespace tidemill::data_api {
namespace {

using base::JsonWriter;

constexpr std::string_view kPrefix = "sha256-";
constexpr std::string_view kSuffix = ".parquet";

bool IsOf(const ServedFile& file, std::int64_t vintage) {
  return std::binary_search(file.vintages.begin(), file.vintages.end(), vintage);
}

http::Response Failed(const Question& question, const base::Error& error) {
  return ToResponse({"unavailable", error.ToText(), {}}, question.request.target);
}

void WriteFile(JsonWriter& json, const LoadedDataset& dataset, const ServedFile& file) {
  json.BeginObject().Key("url").String(FileUrl(dataset.id, file)).Key("sha256").String(file.sha256);
  json.Key("bytes").Int(static_cast<std::int64_t>(file.size));
  if (file.rows >= 0) json.Key("rows").Int(file.rows);
  json.Key("vintages").BeginArray();
  for (const std::int64_t vintage : file.vintages) json.Int(vintage);
  json.EndArray().Key("current").Bool(IsOf(file, dataset.vintage)).EndObject();
}

std::string NoSuchFileDetail(const LoadedDataset& dataset, std::string_view name) {
  return fmt::format("{} has no file {}; expected latest.parquet, a version's ({}.parquet) or one of the list",
                     dataset.id, base::Quoted(name), dataset.vintage);
}

http::Response NoSuchFile(const Question& question, const LoadedDataset& dataset) {
  return ToResponse({"not-found",
                     NoSuchFileDetail(dataset, question.path_values[1]),
                     {{"valid", base::JsonString(fmt::format("/v1/datasets/{}/files", dataset.id))}}},
                    question.request.target);
}

// A version of many files has no one that it could lead to.
http::Response ManyFiles(const Question& question, const LoadedDataset& dataset,
                         const std::vector<const ServedFile*>& parts) {
  JsonWriter json;
  json.BeginArray();
  for (const ServedFile* part : parts) json.String(FileUrl(dataset.id, *part));
  json.EndArray();
  return ToResponse({"not-found",
                     fmt::format("this version of {} lies in {} files; take them all", dataset.id, parts.size()),
                     {{"files", json.Take()}}},
                    question.request.target);
}

http::Response LeadToVersion(const Question& question, const LoadedDataset& dataset, std::string_view version,
                             const std::vector<ServedFile>& files) {
  const auto number = version == "latest" ? std::optional(dataset.vintage) : base::ParseInt(version);
  std::vector<const ServedFile*> parts;
  for (const ServedFile& file : files) {
    if (number && IsOf(file, *number)) parts.push_back(&file);
  }
  if (parts.empty()) return NoSuchFile(question, dataset);
  if (parts.size() > 1) return ManyFiles(question, dataset, parts);
  return Redirect(302, FileUrl(dataset.id, *parts.front()), version == "latest" ? kLive : kPinned);
}

http::Headers FileHeaders(const LoadedDataset& dataset, const ServedFile& file) {
  http::Headers headers = CommonHeaders(kPinned);
  std::erase_if(headers, [](const auto& field) { return field.first == "Vary" || field.first == "Accept-Ranges"; });
  headers.emplace_back("ETag", fmt::format("\"{}\"", file.sha256));
  if (file.recorded) headers.emplace_back("Last-Modified", base::ToHttpDate(*file.recorded));
  headers.emplace_back("Content-Type", "application/vnd.apache.parquet");
  headers.emplace_back("Content-Disposition",
                       fmt::format("inline; filename=\"{}-{}{}\"", dataset.id, file.vintages.back(), kSuffix));
  return headers;
}

http::Response SendBytes(const Question& question, const LoadedDataset& dataset, const ServedFile& file) {
  http::Response response{.status = 200, .headers = FileHeaders(dataset, file), .body = {}, .shared = {}};
  if (Matches(http::FieldList(question.request, "If-None-Match"), fmt::format("\"{}\"", file.sha256))) {
    response.status = 304;
    return response;
  }
  auto bytes = dataset.files->Bytes(file);
  if (!bytes && bytes.error().code == base::ErrorCode::kNotFound) {
    return ToResponse({"gone", bytes.error().message, {}}, question.request.target);
  }
  if (!bytes) return Failed(question, bytes.error());
  response.shared = *std::move(bytes);
  response = http::ApplyRange(question.request, std::move(response));
  if (response.status != 416) return response;
  http::Response problem =
      ToResponse({"range-not-satisfiable",
                  fmt::format("the range {} lies behind the {} bytes of the file",
                              base::Quoted(http::FieldValue(question.request, "Range")), file.size),
                  {}},
                 question.request.target);
  problem.headers.push_back(std::move(response.headers.back()));  // Content-Range
  return problem;
}

}  // namespace

http::Response ListFiles(const Question& question) {
  const LoadedDataset* dataset = question.catalog.Find(question.path_values[0]);
  if (dataset == nullptr) return NoSuchDataset(question, question.path_values[0]);
  http::Response response{.status = 200, .headers = DatasetHeaders(*dataset), .body = {}, .shared = {}};
  response.headers.emplace_back("Content-Type", "application/json");
  response = WithETag(question.request, std::move(response), MakeETag(dataset->snapshot_id, "/files"));
  if (response.status == 304) return response;
  const auto files = dataset->files->Files();
  if (!files) return Failed(question, files.error());
  JsonWriter json;
  json.BeginObject().Key("files").BeginArray();
  for (const ServedFile& file : **files) WriteFile(json, *dataset, file);
  json.EndArray().EndObject();
  response.body = json.Take();
  return response;
}

http::Response SendFile(const Question& question) {
  const LoadedDataset* dataset = question.catalog.Find(question.path_values[0]);
  if (dataset == nullptr) return NoSuchDataset(question, question.path_values[0]);
  std::string_view name = question.path_values[1];
  if (!name.ends_with(kSuffix)) return NoSuchFile(question, *dataset);
  name.remove_suffix(kSuffix.size());
  const auto files = dataset->files->Files();
  if (!files) return Failed(question, files.error());
  if (!name.starts_with(kPrefix)) return LeadToVersion(question, *dataset, name, **files);
  name.remove_prefix(kPrefix.size());
  const auto found =
      std::find_if((*files)->begin(), (*files)->end(), [&](const ServedFile& file) { return file.sha256 == name; });
  return found == (*files)->end() ? NoSuchFile(question, *dataset) : SendBytes(question, *dataset, *found);
}

}  // namespace tidemill::data_api
