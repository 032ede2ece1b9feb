// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "tidemill/etl/flows.h"

namespace tidemill::app {

// "recipes/ons/deaths-monthly.toml:main-flow": a file and a flow, split at the last colon.
struct Entrypoint {
  std::string file, flow;  // flow names have dashes: `_` is read as `-`
};
// kInvalid where it has no colon.
base::Result<Entrypoint> ParseEntrypoint(std::string_view text);
bool IsRecipe(const Entrypoint& entrypoint);

// The flow of that name, by the recipe's own names or the general ones (main-flow, extract, transform, load). An
// unknown one is kNotFound and lists the known.
base::Result<etl::Stage> StageOf(const Entrypoint& entrypoint, const recipe::Spec& spec);

}  // namespace tidemill::app
