// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include <boost/json/value.hpp>

#include "tidemill/base/clock.h"
#include "tidemill/db/connection.h"

#include "answer.h"

namespace tidemill::orchestrator {

// What a command wrote that others may wait for.
struct Noted {
  bool events = false, logs = false;
};

// What a route needs to answer: the database (on the writing thread for routes that write), the time, the request.
struct Call {
  db::Connection& db;
  base::Time now;
  const std::function<std::uint64_t()>& random;
  std::vector<std::string> path = {};   // the values of the pattern's braces, ids in lower case with dashes
  const boost::json::value& body = {};  // null where none was sent
  std::string_view query = {};
  std::string_view secret_key = {};  // seals blocks
  std::string_view worker = {};      // X-Prefect-Worker-Name
  std::string_view host = {};        // by which the client reached us
  Noted* noted = nullptr;
  // Of a round of the background services, where there is any: whether it has had its time.
  std::function<bool()> enough = {};
  mutable std::uint64_t ids_made = 0;  // by NewIdAt

  std::string NewId() const;  // version 4
  // Version 7, in the order of their making, those of one call too: of runs, states and events, whose indices then grow
  // at one end.
  std::string NewIdAt() const;
  std::string NewName() const;  // "keen-heron"
};

// For those who only read, and without a request: it makes no ids and no names.
Call CallToRead(db::Connection& connection, base::Time now);

using Handler = Outcome<Answer> (*)(Call&);

}  // namespace tidemill::orchestrator
