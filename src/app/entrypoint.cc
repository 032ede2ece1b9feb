// SPDX-License-Identifier: Apache-2.0
#include "entrypoint.h"

#include <algorithm>
#include <array>

#include "tidemill/base/text.h"

namespace tidemill::app {
namespace {

constexpr std::array<std::pair<etl::Stage, std::string_view>, 4> kGeneral{{{etl::Stage::kMain, "main-flow"},
                                                                           {etl::Stage::kExtract, "extract"},
                                                                           {etl::Stage::kTransform, "transform"},
                                                                           {etl::Stage::kLoad, "load"}}};

}  // namespace

base::Result<Entrypoint> ParseEntrypoint(std::string_view text) {
  const std::size_t colon = text.rfind(':');
  if (colon == std::string_view::npos || colon == 0 || colon + 1 == text.size()) {
    return base::Fail(base::ErrorCode::kInvalid,
                      "{} is no entrypoint: expected FILE:FLOW, such as recipes/ons/deaths-monthly.toml:main-flow",
                      base::Quoted(text));
  }
  Entrypoint entrypoint{.file = std::string(text.substr(0, colon)), .flow = std::string(text.substr(colon + 1))};
  std::replace(entrypoint.flow.begin(), entrypoint.flow.end(), '_', '-');
  return entrypoint;
}

bool IsRecipe(const Entrypoint& entrypoint) {
  return entrypoint.file.ends_with(".toml");
}

base::Result<etl::Stage> StageOf(const Entrypoint& entrypoint, const recipe::Spec& spec) {
  std::vector<std::string> known;
  for (const auto& [stage, general] : kGeneral) {
    const std::string own = etl::FlowName(stage, spec);
    if (entrypoint.flow == own || entrypoint.flow == general) return stage;
    known.push_back(own);
  }
  return base::Fail(base::ErrorCode::kNotFound, "{} has no flow {}; there are: {}", entrypoint.file,
                    base::Quoted(entrypoint.flow), base::Join(known, ", "));
}

}  // namespace tidemill::app
