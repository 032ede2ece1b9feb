// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "tidemill/data_api/service.h"

namespace tidemill::data_api {

struct Catalog;

// The OpenAPI 3.1 document of the routes, with the ids and years of the datasets that are served.
std::string MakeOpenApi(const Catalog& catalog, const BuildFacts& build);

}  // namespace tidemill::data_api
