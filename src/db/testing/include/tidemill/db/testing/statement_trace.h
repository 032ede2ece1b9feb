// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "tidemill/base/result.h"
#include "tidemill/db/connection.h"

namespace tidemill::db::testing {

// While it lives, each connection that is opened notes the statements that it runs. One at a time.
class StatementTrace {
 public:
  StatementTrace();
  ~StatementTrace();
  StatementTrace(const StatementTrace&) = delete;
  StatementTrace& operator=(const StatementTrace&) = delete;

  // Their texts, each once, in alphabetical order.
  std::vector<std::string> Statements() const;
};

// The tables that the statement reads from begin to end, by its compiled program: not through an index.
base::Result<std::vector<std::string>> TablesScanned(Connection& connection, const std::string& statement);

}  // namespace tidemill::db::testing
