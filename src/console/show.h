// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "tidemill/console/verb.h"

namespace tidemill::console {

// A table, or with --json the rows as they came.
void ShowRows(const Context& context, const prefect::json::value& rows, std::string_view columns);
// JSON, in either way.
base::Status ShowOne(const Context& context, const base::Result<prefect::json::value>& answer);
// A sentence, or with --json the answer.
base::Status ShowDone(const Context& context, const base::Result<prefect::json::value>& answer, std::string_view said);

// The verb's body with what the options set in it.
base::Result<prefect::json::value> BodyOf(const Context& context);

// NAME=VALUE, the value JSON where it is some. `what` names the option.
base::Result<prefect::json::object> PairsOf(const std::vector<std::string>& texts, std::string_view what);

}  // namespace tidemill::console
