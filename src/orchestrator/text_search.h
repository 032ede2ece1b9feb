// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

#include "body.h"
#include "entity.h"

namespace tidemill::orchestrator {

// A filter's "text": {"query": …} over `sql`, a text: one of the words, every one with '+', none with '-' or '!'; words
// in quotes belong together. Large and small letters are one. 422 for more than 200 letters.
Outcome<void> AddTextSearch(const json::object& filter, std::string_view sql, Selection& selection);

}  // namespace tidemill::orchestrator
