// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "tidemill/query/encode_answer.h"

#include "format.h"
#include "loaded_dataset.h"
#include "routes.h"
#include "vintage_choice.h"

// What the routes that answer with rows share.
namespace tidemill::data_api {

// A query as it was understood, and the names that its answer has.
struct DataAnswer {
  const Question& question;
  const ChosenVintage& vintage;
  std::string route;  // path without extension: "/v1/datasets/d/data"
  FormatChoice format;
  const query::Query& query;
  std::string file_name;      // without extension
  std::string envelope = {};  // members of JSON in front of `total`
  std::string pinned = {};    // what pins the answer in its canonical URL: "vintage=41"
  std::string scope = {};     // what else a cursor is bound to
};

// The answer with all its headers: 304 where the client has it, a problem where the query has no honest answer. A small
// body lies ready, a large one is made while it is sent.
http::Response AnswerRows(const DataAnswer& answer);

}  // namespace tidemill::data_api
