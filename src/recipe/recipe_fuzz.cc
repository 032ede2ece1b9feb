// SPDX-License-Identifier: Apache-2.0
// A recipe that is accepted has everything that others rely on, for any edition; a refused one says why and where.
#include <cstdint>
#include <cstdlib>

#include "tidemill/recipe/recipe.h"

namespace {

void Demand(bool holds) {
  if (!holds) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using tidemill::recipe::Recipe;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  std::vector<tidemill::recipe::Problem> problems;
  const auto recipe = Recipe::Parse(text, "fuzz.toml", &problems);
  if (!recipe) {
    Demand(size > 256 * 1024 || !problems.empty());
    for (const auto& problem : problems) Demand(problem.line > 0 && problem.column > 0 && !problem.message.empty());
    return 0;
  }
  Demand(problems.empty() && !recipe->base().name.empty() && !recipe->base().outputs.empty());
  for (const char* year : {"2006", "2018", "2021"}) {
    const auto spec = recipe->For({{"year", year}, {"ext", "xlsx"}});
    Demand(!spec || !spec->columns.empty());
  }
  return 0;
}
