// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "tidemill/base/json_writer.h"

#include "catalog.h"

// The form that all routes have in the OpenAPI document.
namespace tidemill::data_api {

struct Get {
  std::string_view id, summary, description, tag;
  std::string_view schema;  // of the 200 answer; empty: a text
  bool has_etag = true;
  std::string_view type = "application/json";  // of a text: text/plain where it is this
  std::string_view other_type = {};            // of the same as a text, where Accept asks for it
};

void BeginGet(base::JsonWriter& json, const Get& get);
void WriteOk(base::JsonWriter& json, const Get& get);
// The answers that any route may give beside its own.
void WriteCommonResponses(base::JsonWriter& json);
// A whole route; `parameters` are a JSON array, empty: none.
void WriteGet(base::JsonWriter& json, std::string_view path, const Get& get, std::string_view parameters = {});
// The parameter `dataset` of a path, in a JSON array of its own.
std::string DatasetParameter(const Catalog& catalog);

}  // namespace tidemill::data_api
