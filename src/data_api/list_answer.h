// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <string>

#include "routes.h"
#include "vintage_choice.h"

namespace tidemill::data_api {

// A JSON answer about one version: its headers, 304 where the client has it, else the body that `write` makes.
// `target` is what tells it from other answers about that version: path and canonical query.
http::Response AnswerJson(const Question& question, const ChosenVintage& vintage, const std::string& target,
                          const std::function<std::string()>& write);

// "/v1/datasets/d/series?geo_code=a&vintage=3": path and query, pinned, as Content-Location shows it.
std::string JoinTarget(const std::string& path, const std::string& query);

}  // namespace tidemill::data_api
