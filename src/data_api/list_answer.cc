// SPDX-License-Identifier: Apache-2.0
#include "list_answer.h"

#include "answer.h"
#include "etag.h"

namespace tidemill::data_api {

std::string JoinTarget(const std::string& path, const std::string& query) {
  return query.empty() ? path : path + "?" + query;
}

http::Response AnswerJson(const Question& question, const ChosenVintage& vintage, const std::string& target,
                          const std::function<std::string()>& write) {
  const LoadedDataset& dataset = *vintage.dataset;
  http::Response response{.status = 200, .headers = DatasetHeaders(dataset), .body = {}, .shared = {}};
  if (vintage.pinned) response.headers.front().second = "public, max-age=31536000, immutable";
  response.headers.emplace_back("Content-Location", target);
  const Validators validators{MakeETag(dataset.snapshot_id, target), dataset.recorded};
  response.headers.emplace_back("ETag", validators.etag);
  if (IsFresh(question.request, validators)) {
    response.status = 304;
    return response;
  }
  response.headers.emplace_back("Content-Type", "application/json");
  response.body = write();
  return response;
}

}  // namespace tidemill::data_api
