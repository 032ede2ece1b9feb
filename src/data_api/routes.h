// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "tidemill/http/message.h"

#include "catalog.h"

namespace tidemill::data_api {

class Metrics;

// What a route answers from.
struct Question {
  const http::Request& request;
  const Catalog& catalog;
  const ServiceOptions& options;
  std::vector<std::string> path_values;  // of the braces, in order
  const Metrics& metrics;
};

// Finds the route and answers, by the rules that hold for all of them: methods, slashes, unknown parameters.
http::Response Answer(const http::Request& request, const Catalog& catalog, const ServiceOptions& options,
                      const Metrics& metrics);
// The pattern of the route that a path belongs to, "other" for none: what metrics go by.
std::string_view RouteOf(std::string_view path);

// /year/{year}/geo_code/{geo_code} and what is like it, as the service before this one answered.
inline constexpr std::string_view kSeedPattern = "/year/{year}/geo_code/{geo_code}";
bool IsSeedPath(std::string_view path);
http::Response AnswerSeed(const http::Request& request, const Catalog& catalog);

http::Response ListDatasets(const Question& question);
http::Response DescribeDataset(const Question& question);
http::Response ListLinks(const Question& question);
http::Response ShowOpenApi(const Question& question);
http::Response ShowHealth(const Question& question);
http::Response ShowReadiness(const Question& question);
http::Response ShowVersion(const Question& question);
http::Response ShowProblem(const Question& question);
http::Response ShowMetrics(const Question& question);
http::Response ListFiles(const Question& question);
http::Response SendFile(const Question& question);
http::Response DescribePackage(const Question& question);
http::Response DescribeCatalog(const Question& question);

// The problem for a dataset that is not there.
http::Response NoSuchDataset(const Question& question, const std::string& name);

}  // namespace tidemill::data_api
