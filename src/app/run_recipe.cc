// SPDX-License-Identifier: Apache-2.0
#include "run_recipe.h"

#include <cmath>
#include <cstdio>
#include <optional>

#include <fmt/core.h>
#include <malloc.h>

#include "tidemill/base/sha256.h"
#include "tidemill/etl/lock.h"

#include "files.h"
#include "stores.h"
#include "tables_library.h"
#include "terminal.h"
#include "user_agent.h"

namespace tidemill::app {
namespace {

base::Result<const dataset::RowFunctions*> RowFunctions() {
  TIDEMILL_ASSIGN(const TablesLibrary* const library, OpenTablesLibrary());
  return library->rows;
}

// The lock file beside the recipe, where one lies there and is not to be written anew.
base::Result<std::optional<etl::LockFile>> ReadLockFile(const RunOptions& options) {
  if (options.update_lock) return std::nullopt;
  const std::string file = etl::LockFileOf(options.recipe);
  auto text = ReadFile(file, std::uint64_t{16} << 20U);
  if (text) return etl::LockFile{.name = file, .text = *std::move(text)};
  if (text.error().code == base::ErrorCode::kNotFound) return std::nullopt;
  return tl::unexpected(std::move(text).error());
}

// Writes the lock of what was bound, also where the version is held: its diff is what is to be reviewed.
base::Status UpdateLockFile(const RunOptions& options, const etl::Report& report) {
  const bool bound = report.outcome != etl::Outcome::kCheckFailed && report.outcome != etl::Outcome::kFailed;
  if (!options.update_lock || !bound || report.lock.empty()) return {};
  const std::string file = etl::LockFileOf(options.recipe);
  TIDEMILL_CHECK(WriteFile(file, report.lock));
  fmt::print(stderr, "{} written\n", file);
  return {};
}

// A run takes and gives back buffers of some hundred kilobytes all the time. Given back to the system, each would come
// back as new pages to be cleared: a twentieth of a run.
void KeepFreedMemory() {
  ::mallopt(M_MMAP_THRESHOLD, 32 << 20);
  ::mallopt(M_TRIM_THRESHOLD, 256 << 20);
  ::mallopt(M_TOP_PAD, 1 << 20);
}

}  // namespace

base::Status RunRecipe(etl::Stage stage, const RunOptions& options, flow::Observer& observer, std::stop_token stop,
                       etl::Report& report) {
  KeepFreedMemory();
  TIDEMILL_ASSIGN(std::string recipe_text, ReadRecipeText(options.recipe));
  TIDEMILL_ASSIGN(const recipe::Recipe recipe, recipe::Recipe::Parse(recipe_text, options.recipe));
  TIDEMILL_ASSIGN(const transform::Register geography, ShippedRegister());
  TIDEMILL_ASSIGN(const auto store, OpenStore(options.store, stop));
  TIDEMILL_ASSIGN(std::optional<etl::LockFile> lock_file, ReadLockFile(options));
  const auto client = http::MakeHttpClient(UserAgent(options.contact));
  const base::SystemClock clock;
  etl::Job job{.recipe = recipe,
               .geography = geography,
               .store = *store,
               .client = *client,
               .clock = clock,
               .options = options.flow,
               .recipe_text = std::move(recipe_text),
               .lock_file = std::move(lock_file),
               .program_version = TIDEMILL_VERSION,
               .rows = &RowFunctions};
  const bool fetches = stage == etl::Stage::kMain || stage == etl::Stage::kExtract;
  if (fetches && !options.flow.offline && options.flow.page.empty()) {
    TIDEMILL_ASSIGN(job.options.files, WorkbookAddresses(recipe.base().source, options.recipe, options.files));
  }
  if (options.pause_seconds >= 0) {
    job.options.pause = std::chrono::milliseconds{std::lround(options.pause_seconds * 1'000)};
  }
  if (options.min_year != 0) job.options.min_year = options.min_year;
  base::Status status = etl::RunStage(stage, job, {.observer = observer, .clock = clock, .random = MakeRandom()},
                                      std::move(stop), report);
  TIDEMILL_CHECK(UpdateLockFile(options, report));
  return status;
}

std::string FlowVersion(const std::string& recipe_file) {
  constexpr std::size_t kDigits = 32;
  const auto text = ReadRecipeText(recipe_file);
  return text ? base::Sha256Hex(*text + TIDEMILL_VERSION).substr(0, kDigits) : std::string();
}

}  // namespace tidemill::app
