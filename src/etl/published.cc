// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "tidemill/base/sha256.h"
#include "tidemill/etl/lock.h"
#include "tidemill/etl/stages.h"

namespace tidemill::etl {
namespace {

using base::Result;

Result<bool> FilesExist(const Job& job) {
  for (const recipe::OutputSpec& output : job.recipe.base().outputs) {
    if (output.file.empty()) continue;
    TIDEMILL_ASSIGN(const bool exists, job.store.Exists(output.file));
    if (!exists) return false;
  }
  return true;
}

// Written last by a run that published, or found no figure changed; taken away before anything is published.
bool IsDone(const Job& job, const std::string& key) {
  const auto noted = job.store.Read(DonePath(job.recipe.base().name), 1'000);
  return noted && *noted == key;
}

// False where the lock file beside the recipe says other than the lock of what is published, or does not read.
Result<bool> LocksAgree(const Job& job, Report& report) {
  TIDEMILL_ASSIGN(report.lock, LoadHeldLock(job.store, job.recipe.base()));
  if (!job.lock_file || job.lock_file->text == report.lock) return true;
  const auto held = recipe::ParseLock(report.lock, "");
  const auto file = recipe::ParseLock(job.lock_file->text, job.lock_file->name);
  return held && file && CheckLock(*held, {{.name = job.lock_file->name, .lock = *file}}).empty();
}

}  // namespace

std::string DonePath(std::string name) {
  std::replace(name.begin(), name.end(), '/', '-');
  return fmt::format("_sources/_done/{}", name);
}

std::string InputsKey(const Job& job, const std::vector<EditionSource>& editions) {
  std::string parts = fmt::format("{}\n{}\n{}\n", job.recipe.hash(), job.program_version, job.geography.hash());
  for (const EditionSource& edition : editions) {
    parts += fmt::format("{} {} {}\n", edition.edition, edition.source.sha256, edition.final ? "final" : "open");
  }
  return base::Sha256Hex(parts);
}

Result<bool> IsPublished(const Job& job, const Extracted& extracted, Report& report) {
  if (job.options.force) return false;
  if (!IsDone(job, InputsKey(job, extracted.editions))) return false;
  for (const recipe::OutputSpec& output : job.recipe.base().outputs) {
    if (output.table.empty()) continue;
    TIDEMILL_ASSIGN(const auto latest, dataset::LatestNumber(job.store, output.table));
    if (!latest) return false;
  }
  TIDEMILL_ASSIGN(const bool files, FilesExist(job));
  if (!files) return false;
  TIDEMILL_ASSIGN(const bool agree, LocksAgree(job, report));
  if (!agree) return false;
  // What was prepared of other inputs must not be published over what holds now.
  TIDEMILL_CHECK(dataset::ForgetPrepared(job.store, job.recipe.base().name));
  TIDEMILL_CHECK(NoteUnchanged(job, report));
  return true;
}

base::Status NoteUnchanged(const Job& job, Report& report) {
  report.outcome = Outcome::kUnchanged;
  for (const recipe::OutputSpec& output : job.recipe.base().outputs) {
    if (output.table.empty()) continue;
    TIDEMILL_ASSIGN(const auto commit, dataset::LoadNewestCommit(job.store, output.table));
    if (commit) report.tables.push_back({.table = output.table, .version = commit->number, .rows = commit->rows});
  }
  return {};
}

}  // namespace tidemill::etl
