// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include <boost/json/value.hpp>

namespace tidemill::orchestrator {

// JSON as Python's json.dumps(value, sort_keys=True) writes it: block schemas are known by the digest of this text.
std::string PythonJson(const boost::json::value& value);

// "sha256:…" of a block schema's fields, as Prefect computes it. `definitions` count where they can be reached by $ref
// and describe no block; `secret_fields` do not count.
std::string BlockChecksum(const boost::json::object& fields);

}  // namespace tidemill::orchestrator
