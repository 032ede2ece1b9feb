// SPDX-License-Identifier: Apache-2.0
#include "tidemill/etl/flows.h"

#include <algorithm>

#include "tidemill/etl/stages.h"

namespace tidemill::etl {
namespace {

using base::ErrorCode;
using base::Fail;
using base::Result;
using base::Status;

// Nothing where recipe, program and workbooks are those of the published version.
Result<std::optional<Transformed>> TransformIfNew(flow::Run& run, const Job& job, const Extracted& extracted,
                                                  Report& report) {
  TIDEMILL_ASSIGN(const bool published, IsPublished(job, extracted, report));
  if (published) {
    run.Info("recipe, program and workbooks are those of the published version: nothing to do");
    return std::nullopt;
  }
  TIDEMILL_ASSIGN(Transformed transformed, Transform(run, job, extracted, report));
  return transformed;
}

Status MainFlow(flow::Run& run, const Job& job, Report& report) {
  const recipe::Spec& spec = job.recipe.base();
  auto extracted = run.Subflow(FlowName(Stage::kExtract, spec), [&](flow::Run& child) {
    return job.options.offline ? ExtractHeld(job, report) : Extract(child, job, report);
  });
  if (!extracted) return tl::unexpected(extracted.error());
  TIDEMILL_CHECK(PublishPast(run, job, *extracted, report));
  TIDEMILL_ASSIGN(const auto transformed, run.Subflow(FlowName(Stage::kTransform, spec), [&](flow::Run& child) {
    return TransformIfNew(child, job, *extracted, report);
  }));
  if (transformed) {
    TIDEMILL_CHECK(run.Subflow(FlowName(Stage::kLoad, spec),
                               [&](flow::Run& child) { return Load(child, job, transformed->prepared, report); }));
  }
  if (extracted->failure) return tl::unexpected(*extracted->failure);
  return {};
}

Status ExtractFlow(flow::Run& run, const Job& job, Report& report) {
  TIDEMILL_ASSIGN(const Extracted extracted, Extract(run, job, report));
  report.outcome = Outcome::kExtracted;
  if (extracted.failure) return tl::unexpected(*extracted.failure);
  return {};
}

Status TransformFlow(flow::Run& run, const Job& job, Report& report) {
  TIDEMILL_ASSIGN(const Extracted extracted, ExtractHeld(job, report));
  TIDEMILL_ASSIGN(const auto transformed, TransformIfNew(run, job, extracted, report));
  if (!transformed) return {};
  report.outcome = Outcome::kPrepared;
  return dataset::SavePrepared(job.store, transformed->prepared);
}

Result<std::optional<dataset::Prepared>> PreparedOf(const Job& job) {
  TIDEMILL_ASSIGN(const bool prepared, dataset::IsPrepared(job.store, job.recipe.base().name));
  if (!prepared) return std::nullopt;
  TIDEMILL_ASSIGN(const dataset::RowFunctions* const rows, job.rows());
  return rows->load_prepared(job.store, job.recipe.base().name);
}

// What was held stays held until it is accepted; a prepared version is published by load alone only then.
Status LoadFlow(flow::Run& run, const Job& job, Report& report) {
  TIDEMILL_ASSIGN(const auto prepared, PreparedOf(job));
  if (!prepared) {
    TIDEMILL_CHECK(NoteUnchanged(job, report));
    if (!report.tables.empty()) {
      run.Info("nothing is prepared: the published version stays");
      return {};
    }
    return base::FailAt(ErrorCode::kNotFound, job.store.url(),
                        "nothing is prepared for recipe {}; run `tidemill transform` first",
                        base::Quoted(job.recipe.base().name));
  }
  for (const std::string& id : prepared->held) {
    const auto& accept = job.options.accept;
    if (std::find(accept.begin(), accept.end(), id) != accept.end()) continue;
    return tl::unexpected(
        base::Error{.code = ErrorCode::kInvalid,
                    .message = fmt::format("held: {}; to publish all the same: --accept '{}'", id, id),
                    .verdict = base::Verdict::kHeld});
  }
  return Load(run, job, *prepared, report);
}

void NoteEnd(const Status& status, Report& report) {
  if (status) return;
  report.error = status.error().ToText();
  switch (status.error().verdict) {
    case base::Verdict::kCheckFailed:
      report.outcome = Outcome::kCheckFailed;
      break;
    case base::Verdict::kHeld:
      report.outcome = Outcome::kHeld;
      break;
    case base::Verdict::kNone:
      // Published, though an edition is missing: the outcome says what was done, the error what was not.
      if (report.tables.empty()) report.outcome = Outcome::kFailed;
      break;
  }
}

}  // namespace

bool KeepsOldNames(const recipe::Spec& spec) {
  return std::any_of(spec.outputs.begin(), spec.outputs.end(),
                     [](const recipe::OutputSpec& output) { return output.compat == "deaths-data-v1"; });
}

std::string FlowName(Stage stage, const recipe::Spec& spec) {
  const bool old = KeepsOldNames(spec);
  switch (stage) {
    case Stage::kMain:
      return "main-flow";
    case Stage::kExtract:
      return old ? "get-ons-deaths-data" : "extract";
    case Stage::kTransform:
      return old ? "transform-from-excel-to-tidy-parquet" : "transform";
    case Stage::kLoad:
      return old ? "main-load-deaths-gcs" : "load";
  }
  return {};
}

base::Status RunStage(Stage stage, const Job& job, const flow::Engine& engine, std::stop_token stop, Report& report) {
  report.flow = FlowName(stage, job.recipe.base());
  report.recipe = job.recipe.base().name;
  report.store = job.store.url();
  const base::Time began = job.clock.Now();
  const flow::FlowRunSpec spec{.flow_name = report.flow, .parent_id = {}, .parameters_json = ToJson(job.options)};
  Status status = flow::RunFlow(engine, spec, stop, [&](flow::Run& run) -> Status {
    Status done = [&] {
      switch (stage) {
        case Stage::kMain:
          return MainFlow(run, job, report);
        case Stage::kExtract:
          return ExtractFlow(run, job, report);
        case Stage::kTransform:
          return TransformFlow(run, job, report);
        case Stage::kLoad:
          return LoadFlow(run, job, report);
      }
      return Status(Fail(ErrorCode::kInternal, "unknown stage"));
    }();
    NoteEnd(done, report);
    report.took = std::chrono::duration_cast<std::chrono::milliseconds>(job.clock.Now() - began);
    run.MakeArtifact("run-report", "markdown", ToMarkdown(report));
    return done;
  });
  NoteEnd(status, report);
  return status;
}

}  // namespace tidemill::etl
