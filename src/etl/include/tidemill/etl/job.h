// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "tidemill/base/clock.h"
#include "tidemill/base/file_store.h"
#include "tidemill/dataset/row_functions.h"
#include "tidemill/http/client.h"
#include "tidemill/recipe/recipe.h"
#include "tidemill/transform/register.h"
#include "tidemill/workbook/workbook.h"

namespace tidemill::etl {

// The parameters of a flow run, all optional; equal to the command's options.
struct Options {
  std::string page;                                // another page than the recipe's
  std::vector<std::string> files;                  // addresses of workbooks to read instead: file:///folder/name
  std::optional<std::chrono::milliseconds> pause;  // between requests, instead of the recipe's
  std::optional<int> min_year;                     // editions from this year on
  bool force = false;                              // download and read again what is held
  bool offline = false;                            // only what the store holds
  int retries = 4;                                 // of each request that may work later
  bool all_versions = false;                       // superseded files too, each state a version
  std::vector<std::string> accept;                 // findings that were held and may be published
};

// As the flow run's parameters: a JSON object of those that differ from the defaults.
std::string ToJson(const Options& options);

// The lock file that lies beside the recipe.
struct LockFile {
  std::string name;  // "deaths-monthly.lock.toml", for messages
  std::string text;
};

// What the flows work with; everything must outlive them.
struct Job {
  const recipe::Recipe& recipe;
  const transform::Register& geography;
  base::FileStore& store;
  http::HttpClient& client;
  const base::Clock& clock;
  Options options;
  std::string recipe_text = {};            // kept in the store, so that a version can be proved; empty: it is not
  std::optional<LockFile> lock_file = {};  // what is bound must agree with it; none where it is written anew
  workbook::Limits limits = {};
  std::string program_version;
  // Gives what reads rows; called when a table has a version already, or one is prepared, perhaps more than once.
  std::function<base::Result<const dataset::RowFunctions*>()> rows;
};

// True where the recipe writes the old system's file, and so keeps the old system's names of flows.
bool KeepsOldNames(const recipe::Spec& spec);

}  // namespace tidemill::etl
