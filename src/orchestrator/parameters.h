// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <boost/json/object.hpp>

#include "answer.h"

namespace tidemill::orchestrator {

// Whether a run's parameters are what a deployment's schema (JSON schema, as Prefect writes it) asks for: required ones
// there, none unknown, types, choices and bounds. A schema's other words are not looked at. 409 where they are not, as
// Prefect answers.
Outcome<void> CheckParameters(const boost::json::object& schema, const boost::json::object& parameters);

}  // namespace tidemill::orchestrator
