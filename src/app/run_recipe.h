// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <stop_token>
#include <string>
#include <vector>

#include "tidemill/etl/flows.h"

namespace tidemill::app {

// What a run of a recipe may be told, by options or by the parameters of a flow run.
struct RunOptions {
  std::string recipe;
  std::vector<std::string> files;
  std::string store = "./tidemill-data";
  etl::Options flow;
  double pause_seconds = -1;
  int min_year = 0;
  std::string contact;
  bool json = false;
  bool quiet = false;
  bool update_lock = false;
};

// Runs one flow of the recipe; tells `observer`. The report is filled as far as the run came.
base::Status RunRecipe(etl::Stage stage, const RunOptions& options, flow::Observer& observer, std::stop_token stop,
                       etl::Report& report);

// 32 digits that change with the recipe or the program; empty where the file cannot be read.
std::string FlowVersion(const std::string& recipe_file);

}  // namespace tidemill::app
