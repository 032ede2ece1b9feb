// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "tidemill/base/sha256.h"
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

// Other bytes with equal figures made no version; that they were looked at is noted beside the sources.
bool IsVerified(const Job& job, const std::string& key) {
  const auto noted = job.store.Read(VerifiedPath(job.recipe.base().name), 1'000);
  return noted && *noted == key;
}

}  // namespace

std::string VerifiedPath(std::string name) {
  std::replace(name.begin(), name.end(), '/', '-');
  return fmt::format("_sources/_verified/{}", name);
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
  const std::string key = InputsKey(job, extracted.editions);
  bool any = false;
  bool all_from_these = true;
  for (const recipe::OutputSpec& output : job.recipe.base().outputs) {
    if (output.table.empty()) continue;
    TIDEMILL_ASSIGN(const auto commit, dataset::LoadNewestCommit(job.store, output.table));
    if (!commit) return false;
    any = true;
    all_from_these = all_from_these && commit->facts.inputs_key == key;
  }
  if (!any || (!all_from_these && !IsVerified(job, key))) return false;
  TIDEMILL_ASSIGN(const bool files, FilesExist(job));
  if (!files) return false;
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
