// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <limits>
#include <set>

#include "tidemill/base/text.h"
#include "tidemill/etl/flows.h"
#include "tidemill/etl/lock.h"
#include "tidemill/etl/stages.h"

#include "known_days.h"
#include "superseded.h"
#include "tidy_source.h"

namespace tidemill::etl {
namespace {

using base::ErrorCode;
using base::Result;
using transform::FindingSeverity;

std::int64_t VersionOf(const EditionSource& source) {
  const auto version = source.captures.find("version");
  if (version == source.captures.end()) return 0;
  return base::ParseInt(version->second).value_or(0);
}

SupersededReport* ReportOf(Report& report, const EditionSource& source) {
  const auto is_it = [&source](const SupersededReport& entry) {
    return entry.edition == source.edition && entry.sha256 == source.source.sha256 && entry.file == source.file;
  };
  const auto found = std::ranges::find_if(report.superseded, is_it);
  return found == report.superseded.end() ? nullptr : &*found;
}

// Why a superseded file does not count, in words; empty where it does.
std::string FaultOf(const Result<transform::TidyEdition>& tidy) {
  if (!tidy) return tidy.error().ToText();
  for (const transform::Finding& finding : tidy->findings) {
    if (finding.severity == FindingSeverity::kFail) return finding.Id() + ": " + finding.ToText();
  }
  return {};
}

void LeaveOut(const EditionSource& source, const std::string& why, Report& report) {
  if (SupersededReport* entry = ReportOf(report, source)) entry->problem = why;
  report.findings.push_back({.severity = FindingSeverity::kWarn,
                             .slug = "version-left-out",
                             .edition = source.edition,
                             .file = source.file,
                             .message = "a superseded file is left out: " + why});
}

// What dating the files found: every file with its day, and what the newest state is dated by.
struct Dating {
  const Job& job;
  const extract::SourceStore& sources;
  KnownDays& known;
  Report& report;
  std::vector<DatedSource> files;
  std::size_t read = 0;
};

ReadDay DayOf(Dating& dating, const EditionSource& source, const std::stop_token& stop) {
  if (const ReadDay* known = dating.known.Find(source)) return *known;
  const auto tidy = TidySource({.recipe = dating.job.recipe,
                                .geography = dating.job.geography,
                                .limits = dating.job.limits,
                                .today = std::chrono::floor<std::chrono::days>(dating.job.clock.Now())},
                               source, dating.sources, stop);
  ReadDay day{.released = tidy ? ReleasedOf(*tidy, source) : std::string(), .fault = FaultOf(tidy)};
  ++dating.read;
  if (!stop.stop_requested()) dating.known.Add(source, day);
  return day;
}

// The newest file of an edition. One that cannot be read ends the run later, as it always does.
void DateCurrent(Dating& dating, const EditionSource& source, const std::stop_token& stop) {
  dating.files.push_back({.source = source,
                          .released = DayOf(dating, source, stop).released,
                          .version = std::numeric_limits<std::int64_t>::max(),
                          .current = true});
}

void DateSuperseded(Dating& dating, const EditionSource& source, const std::stop_token& stop) {
  const auto [released, fault] = DayOf(dating, source, stop);
  if (!fault.empty()) return LeaveOut(source, fault, dating.report);
  if (released.empty()) {
    return LeaveOut(source, "nothing says when it was released, neither facts.released nor the link", dating.report);
  }
  if (SupersededReport* entry = ReportOf(dating.report, source)) entry->released = released;
  const auto is_newest = [&](const DatedSource& file) { return file.source.edition == source.edition; };
  const auto newest = std::ranges::find_if(dating.files, is_newest);
  if (newest != dating.files.end() && newest->released < released) {
    return LeaveOut(source,
                    fmt::format("it was released on {}, after the file that supersedes it ({})", released,
                                newest->released.empty() ? "undated" : newest->released),
                    dating.report);
  }
  dating.files.push_back({.source = source, .released = released, .version = VersionOf(source), .current = false});
}

Result<std::vector<PastState>> FindStates(flow::Run& run, const Job& job, const Extracted& extracted, Report& report) {
  TIDEMILL_ASSIGN(const std::vector<EditionSource> superseded, FindSuperseded(run, job, extracted, report));
  TIDEMILL_ASSIGN(const extract::SourceStore sources, extract::SourceStore::Open(job.store));
  return run.Task({.name = "date_superseded_files"}, [&](flow::TaskRun& task) -> Result<std::vector<PastState>> {
    KnownDays known(job);
    Dating dating{.job = job, .sources = sources, .known = known, .report = report, .files = {}};
    for (const EditionSource& source : extracted.editions) DateCurrent(dating, source, task.stop());
    for (const EditionSource& source : superseded) {
      if (task.stop().stop_requested()) return base::Fail(ErrorCode::kCancelled, "stopped while reading old files");
      DateSuperseded(dating, source, task.stop());
    }
    TIDEMILL_CHECK(known.Save());
    auto states = StatesOf(dating.files);
    task.Info(
        fmt::format("{} superseded files, {} states before the newest; {} files read to date them, the others "
                    "are known",
                    superseded.size(), states.size(), dating.read));
    return states;
  });
}

const recipe::OutputSpec* FirstTable(const recipe::Spec& spec) {
  const auto has_table = [](const recipe::OutputSpec& output) { return !output.table.empty(); };
  const auto found = std::ranges::find_if(spec.outputs, has_table);
  return found == spec.outputs.end() ? nullptr : &*found;
}

// The states that come behind the newest version; those before it that no version tells are named.
Result<std::vector<PastState>> NotYetPublished(const Job& job, std::vector<PastState> states, Report& report) {
  const recipe::OutputSpec* output = FirstTable(job.recipe.base());
  if (output == nullptr) {
    return base::Fail(ErrorCode::kUnsupported, "--all-versions makes versions, and the recipe has no output.table");
  }
  TIDEMILL_ASSIGN(const auto latest, dataset::LatestNumber(job.store, output->table));
  if (!latest) return states;
  TIDEMILL_ASSIGN(const dataset::RowFunctions* const rows, job.rows());
  TIDEMILL_ASSIGN(const auto history, rows->load_history(job.store, output->table));
  std::set<std::string> told;
  for (const dataset::Version& version : history) told.insert(version.commit.released);
  const std::string& newest = history.back().commit.released;
  std::vector<PastState> later;
  for (PastState& state : states) {
    if (state.released > newest && !newest.empty()) {
      later.push_back(std::move(state));
    } else if (!told.contains(state.released)) {
      report.findings.push_back(
          {.severity = FindingSeverity::kWarn,
           .slug = "version-too-late",
           .message = fmt::format("the state of {} is not published: version {} of {} ({}) is there already, and "
                                  "versions are in the order of their release",
                                  state.released, history.back().number, output->table,
                                  newest.empty() ? "undated" : "released " + newest)});
    }
  }
  return later;
}

// Publishes one state as a run of its own would; what it found and changed goes into `report`.
base::Status PublishState(flow::Run& run, const Job& job, const PastState& state, Report& report) {
  const recipe::Spec& spec = job.recipe.base();
  Report own;
  own.recipe = report.recipe;
  const Extracted extracted{.editions = state.editions, .held_lock = std::string(), .failure = {}};
  TIDEMILL_ASSIGN(const Transformed transformed, run.Subflow(FlowName(Stage::kTransform, spec), [&](flow::Run& child) {
    child.Info(fmt::format("the state of {}: {} editions", state.released, state.editions.size()));
    return Transform(child, job, extracted, own);
  }));
  TIDEMILL_CHECK(run.Subflow(FlowName(Stage::kLoad, spec),
                             [&](flow::Run& child) { return Load(child, job, transformed.prepared, own); }));
  report.past_tables.insert(report.past_tables.end(), own.tables.begin(), own.tables.end());
  return {};
}

}  // namespace

base::Status PublishPast(flow::Run& run, const Job& job, Extracted& extracted, Report& report) {
  if (!job.options.all_versions) return {};
  const recipe::SourceSpec& source = job.recipe.base().source;
  if (source.versions_page.empty() || source.versions_link.empty()) {
    return base::Fail(ErrorCode::kInvalid,
                      "--all-versions needs source.versions = {{ page, link }} in the recipe, which says where the "
                      "superseded files are");
  }
  TIDEMILL_ASSIGN(extracted.held_lock, LoadHeldLock(job.store, job.recipe.base()));
  TIDEMILL_ASSIGN(std::vector<PastState> states, FindStates(run, job, extracted, report));
  TIDEMILL_ASSIGN(states, NotYetPublished(job, std::move(states), report));
  Job past = job;
  past.lock_file.reset();  // it speaks of the newest files
  for (const PastState& state : states) {
    base::Status published = PublishState(run, past, state, report);
    if (!published) {
      return tl::unexpected(
          std::move(published).error().While(fmt::format("publishing the state of {}", state.released)));
    }
  }
  return {};
}

}  // namespace tidemill::etl
