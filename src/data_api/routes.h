// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "tidemill/http/message.h"

#include "catalog.h"

namespace tidemill::data_api {

class ChangeFeed;
class Metrics;

// What a route answers from.
struct Question {
  const http::Request& request;
  const Catalog& catalog;
  const ServiceOptions& options;
  std::vector<std::string> path_values;  // of the braces, in order
  const Metrics& metrics;
  ChangeFeed& feed;
};

// Finds the route and answers, by the rules that hold for all of them: methods, slashes, unknown parameters.
http::Response Answer(const http::Request& request, const Catalog& catalog, const ServiceOptions& options,
                      const Metrics& metrics, ChangeFeed& feed);
// The pattern of the route that a path belongs to, "other" for none: what metrics go by.
std::string_view RouteOf(std::string_view path);

// /year/{year}/geo_code/{geo_code} and what is like it, as the service before this one answered.
inline constexpr std::string_view kSeedPattern = "/year/{year}/geo_code/{geo_code}";
bool IsSeedPath(std::string_view path);
http::Response AnswerSeed(const http::Request& request, const Catalog& catalog);

// /sdmx/2.1/…, as SDMX REST 1.5 has it.
bool IsSdmxPath(std::string_view path);
http::Response AnswerSdmx(const Question& question);
http::Response ShowSdmxSource(const Question& question);

http::Response ListDatasets(const Question& question);
http::Response DescribeDataset(const Question& question);
http::Response ListLinks(const Question& question);
http::Response ShowOpenApi(const Question& question);
http::Response ShowHealth(const Question& question);
http::Response ShowReadiness(const Question& question);
http::Response ShowVersion(const Question& question);
http::Response ShowProblem(const Question& question);
http::Response AnswerData(const Question& question);
http::Response ListDimensions(const Question& question);
http::Response ListCodes(const Question& question);
http::Response ListSeries(const Question& question);
http::Response ShowSeries(const Question& question);
http::Response ShowObservation(const Question& question);
http::Response ShowLineage(const Question& question);
http::Response ListVintages(const Question& question);
http::Response ShowVintage(const Question& question);
http::Response AnswerDiff(const Question& question);
http::Response ShowMetrics(const Question& question);
http::Response ListFiles(const Question& question);
http::Response SendFile(const Question& question);
http::Response DescribePackage(const Question& question);
http::Response StreamChanges(const Question& question);
http::Response ListChanges(const Question& question);
http::Response ShowFredSeries(const Question& question);
http::Response ListFredObservations(const Question& question);
http::Response ListFredVintages(const Question& question);
http::Response DescribeCatalog(const Question& question);
http::Response ShowGeography(const Question& question);

// The problem for a dataset that is not there.
http::Response NoSuchDataset(const Question& question, const std::string& name);

}  // namespace tidemill::data_api
