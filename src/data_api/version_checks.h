// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tidemill/base/json_writer.h"
#include "tidemill/dataset/dataset.h"

// What a version was checked for, as JSON.
namespace tidemill::data_api {

// `"checks":{"passed":…,"failed":…,"waived":…`; the caller ends the object.
void BeginChecks(base::JsonWriter& json, const dataset::CommitFacts& commit);
// Member `each`, a list; nothing where the commit tells only their numbers.
void WriteEachCheck(base::JsonWriter& json, const dataset::CommitFacts& commit);

}  // namespace tidemill::data_api
