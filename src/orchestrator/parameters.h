// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>

#include <boost/json/object.hpp>

#include "answer.h"

namespace tidemill::orchestrator {

// Whether what a schema requires must be there already, or may come later.
enum class Required : std::uint8_t { kAsked, kIgnored };

// Why values do not fit a JSON schema as Prefect writes it, in Prefect's words ("Validation failed for field 'x'. …"),
// or empty: what is required, types, choices and bounds, and whether there may be others. A schema's other words are
// not looked at; what is not required may be null.
std::string WhyUnfit(const boost::json::object& schema, const boost::json::object& values, Required required);
// Why this is no schema, or empty: types that there are not.
std::string WhyNoSchema(const boost::json::object& schema);

// Whether a run's parameters are what a deployment's schema asks for, and none unknown. 409 where they are not.
Outcome<void> CheckParameters(const boost::json::object& schema, const boost::json::object& parameters);

}  // namespace tidemill::orchestrator
