// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <chrono>
#include <memory>

#include "tidemill/etl/lock.h"
#include "tidemill/etl/stages.h"

namespace tidemill::etl {
namespace {

using std::chrono::milliseconds;

TableReport ReportOf(const dataset::Published& published, std::int64_t rows) {
  return {.table = published.table,
          .version = published.version,
          .published = !published.unchanged,
          .rows = rows,
          .added = published.diff.added,
          .revised = published.diff.revised,
          .removed = published.diff.removed,
          .relabelled = published.diff.relabelled};
}

base::Result<dataset::Published> PublishDraft(const Job& job, const dataset::Draft& draft) {
  TIDEMILL_ASSIGN(auto first, dataset::PublishFirst(job.store, draft, job.clock));
  if (first) return *std::move(first);
  TIDEMILL_ASSIGN(const dataset::RowFunctions* const rows, job.rows());
  return rows->publish(job.store, draft, job.clock);
}

// A file's own name, and for the old system's file in a bucket of Google's the one that it had there.
std::vector<std::string> NamesOf(const Job& job, const std::string& path) {
  const auto& outputs = job.recipe.base().outputs;
  const bool old = std::any_of(outputs.begin(), outputs.end(), [&](const recipe::OutputSpec& output) {
    return output.compat == "deaths-data-v1" && output.file == path;
  });
  if (!old || !job.store.url().starts_with("gs://")) return {path};
  return {path, "etlapi-data"};
}

// Written wherever other bytes lie there: a run that was killed behind its commit left the files of the version before.
base::Status WriteFiles(flow::TaskRun& task, const Job& job, const dataset::Prepared& prepared, Report& report) {
  for (dataset::PlainFile file : prepared.files) {
    if (!file.parquet) {
      TIDEMILL_ASSIGN(auto bytes, dataset::ToPlainParquet(*file.rows));
      file.parquet = std::make_shared<const std::string>(std::move(bytes));
    }
    for (const std::string& name : NamesOf(job, file.path)) {
      file.path = name;
      const auto there = job.store.Read(name);
      if (there && *there == *file.parquet) continue;
      TIDEMILL_CHECK(dataset::WritePlainFile(job.store, file));
      report.files.push_back(name);
      task.Info(fmt::format("{} written", name));
    }
  }
  return {};
}

}  // namespace

base::Status Load(flow::Run& run, const Job& job, const dataset::Prepared& prepared, Report& report) {
  const flow::Retry retry{
      .times = job.options.retries, .delay = milliseconds{2'000}, .cap = milliseconds{60'000}, .jitter = 0.3};
  const flow::TaskOptions options{.name = KeepsOldNames(job.recipe.base()) ? "load_deaths_to_gcs" : "load",
                                  .retry = retry,
                                  .timeout = milliseconds{600'000}};
  return run.Task(options, [&](flow::TaskRun& task) -> base::Status {
    report.tables.clear();
    TIDEMILL_CHECK(job.store.Delete(DonePath(prepared.recipe)));
    TIDEMILL_CHECK(job.store.Delete(HeldLockPath(prepared.recipe)));
    bool changed = prepared.drafts.empty();
    for (const dataset::Draft& draft : prepared.drafts) {
      TIDEMILL_ASSIGN(const dataset::Published published, PublishDraft(job, draft));
      report.tables.push_back(ReportOf(published, draft.rows->num_rows()));
      changed = changed || !published.unchanged;
      task.Info(published.unchanged
                    ? fmt::format("{}: no figure changed, version {} stays", published.table, published.version)
                    : fmt::format("{}: version {} published", published.table, published.version));
    }
    TIDEMILL_CHECK(WriteFiles(task, job, prepared, report));
    if (!prepared.drafts.empty()) {
      TIDEMILL_CHECK(job.store.Put(HeldLockPath(prepared.recipe), prepared.drafts.front().commit.lock));
      TIDEMILL_CHECK(job.store.Put(DonePath(prepared.recipe), prepared.drafts.front().commit.inputs_key));
    }
    report.outcome = changed ? Outcome::kPublished : Outcome::kUnchanged;
    return dataset::DropPrepared(job.store, prepared.recipe);
  });
}

}  // namespace tidemill::etl
