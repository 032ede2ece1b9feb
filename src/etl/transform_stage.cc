// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>
#include <map>

#include "tidemill/base/sha256.h"
#include "tidemill/base/text.h"
#include "tidemill/etl/lock.h"
#include "tidemill/etl/proof.h"
#include "tidemill/etl/stages.h"
#include "tidemill/http/url.h"
#include "tidemill/transform/tidy.h"

#include "older_release.h"
#include "revisions.h"
#include "tidy_source.h"

namespace tidemill::etl {
namespace {

using base::ErrorCode;
using base::Result;
using transform::Finding;
using transform::FindingSeverity;

constexpr std::size_t kMostChanges = 100'000;

// The versions that the recipe's tables have now, in the order of its outputs.
struct Former {
  std::vector<std::optional<dataset::Version>> versions;
};

Result<Former> LoadFormer(const Job& job) {
  Former former;
  for (const recipe::OutputSpec& output : job.recipe.base().outputs) {
    if (output.table.empty()) continue;
    TIDEMILL_ASSIGN(const auto number, dataset::LatestNumber(job.store, output.table));
    if (!number) {
      former.versions.emplace_back();
      continue;
    }
    TIDEMILL_ASSIGN(const dataset::RowFunctions* const rows, job.rows());
    TIDEMILL_ASSIGN(dataset::Version version, rows->load_version(job.store, output.table, number));
    former.versions.emplace_back(std::move(version));
  }
  return former;
}

// Editions that the last version has and the page no longer offers.
std::vector<Finding> CheckVanished(const Former& former, const Extracted& extracted, const Report& report,
                                   const Job& job) {
  std::vector<Finding> findings;
  if (former.versions.empty() || !former.versions.front() || job.options.min_year) return findings;
  for (const dataset::VersionSource& source : former.versions.front()->commit.sources) {
    const auto is_it = [&source](const auto& edition) { return edition.edition == source.edition; };
    if (std::any_of(extracted.editions.begin(), extracted.editions.end(), is_it)) continue;
    if (std::any_of(report.editions.begin(), report.editions.end(), is_it)) continue;
    findings.push_back(
        {.severity = FindingSeverity::kHold,
         .slug = "edition-vanished",
         .edition = source.edition,
         .file = source.file,
         .message = "the last version has this edition; the page no longer links to it, or the recipe leaves it out"});
  }
  return findings;
}

// The lock of what was bound, as text.
std::string LockOf(const Job& job, const std::vector<transform::TidyEdition>& editions) {
  std::string lock = fmt::format("lock = 1\nrecipe = {}\n", base::JsonString(job.recipe.base().name));
  for (const transform::TidyEdition& edition : editions) lock += edition.lock_toml;
  return lock;
}

// The locks that what was bound must agree with.
Result<std::vector<HeldLock>> LocksOf(const Job& job, const Extracted& extracted) {
  std::vector<HeldLock> held;
  std::string last = extracted.held_lock.value_or("");
  if (!extracted.held_lock) {
    TIDEMILL_ASSIGN(last, LoadHeldLock(job.store, job.recipe.base()));
  }
  if (!last.empty()) {
    TIDEMILL_ASSIGN(recipe::Lock lock, recipe::ParseLock(last, HeldLockPath(job.recipe.base().name)));
    held.push_back({.name = "the last version's lock", .lock = std::move(lock)});
  }
  if (job.lock_file) {
    TIDEMILL_ASSIGN(recipe::Lock lock, recipe::ParseLock(job.lock_file->text, job.lock_file->name));
    held.push_back({.name = job.lock_file->name, .lock = std::move(lock)});
  }
  return held;
}

// Compares what was bound with the locks that hold. Where there is none, it is printed to be reviewed.
base::Status CheckLocks(const Job& job, const Extracted& extracted, const std::vector<transform::TidyEdition>& editions,
                        flow::TaskRun& task, Report& report) {
  report.lock = LockOf(job, editions);
  TIDEMILL_ASSIGN(const auto held, LocksOf(job, extracted));
  if (held.empty()) {
    if (extracted.held_lock) return {};
    for (const transform::TidyEdition& edition : editions) {
      for (const std::string_view line : base::Split(edition.explained, '\n')) {
        if (!line.empty()) task.Info(fmt::format("{}: {}", edition.edition, line));
      }
    }
    return {};
  }
  TIDEMILL_ASSIGN(const recipe::Lock bound, recipe::ParseLock(report.lock, "the lock of this run"));
  for (Finding& finding : CheckLock(bound, held)) {
    const auto source = std::ranges::find(extracted.editions, finding.edition, &EditionSource::edition);
    if (source != extracted.editions.end()) finding.file = source->file;
    report.findings.push_back(std::move(finding));
  }
  return {};
}

// An edition in which a marker became rarer or commoner by more points than the recipe allows.
std::vector<Finding> CheckMarkers(const Former& former, const Extracted& extracted,
                                  const std::vector<transform::TidyEdition>& editions, double most) {
  std::vector<Finding> findings;
  if (former.versions.empty() || !former.versions.front()) return findings;
  for (const dataset::VersionSource& source : former.versions.front()->commit.sources) {
    for (std::size_t i = 0; i < editions.size(); ++i) {
      if (editions[i].edition != source.edition) continue;
      const std::map<std::string, double>& now = editions[i].marker_shares;
      std::map<std::string, double> all = source.markers;
      all.insert(now.begin(), now.end());
      for (const auto& [name, share] : all) {
        const auto before = source.markers.find(name);
        const auto after = now.find(name);
        const double was = before == source.markers.end() ? 0 : before->second;
        const double is = after == now.end() ? 0 : after->second;
        if (std::abs(is - was) <= most) continue;
        findings.push_back({.severity = FindingSeverity::kHold,
                            .slug = "markers",
                            .edition = source.edition,
                            .file = extracted.editions[i].file,
                            .message = fmt::format("{} was {:.1f} % of the column's cells, is {:.1f} %; checks.markers "
                                                   "allows a move of {} points",
                                                   name, was, is, base::ShortestDouble(most))});
      }
    }
  }
  return findings;
}

EditionReport& ReportOf(Report& report, const std::string& edition) {
  const auto it = std::find_if(report.editions.begin(), report.editions.end(),
                               [&edition](const EditionReport& entry) { return entry.edition == edition; });
  if (it != report.editions.end()) return *it;
  report.editions.push_back({.edition = edition});
  return report.editions.back();
}

Result<transform::TidyEdition> TidyOne(flow::TaskRun& task, const Job& job, const EditionSource& source,
                                       const extract::SourceStore& sources) {
  const TidyTools tools{.recipe = job.recipe,
                        .geography = job.geography,
                        .limits = job.limits,
                        .today = std::chrono::floor<std::chrono::days>(job.clock.Now())};
  TIDEMILL_ASSIGN(transform::TidyEdition tidy, TidySource(tools, source, sources, task.stop()));
  task.Info(fmt::format("{}: {} cells, {} values, {} unaccounted, {} sums hold", source.file,
                        base::Thousands(tidy.accounting.cells()), base::Thousands(tidy.accounting.value),
                        tidy.accounting.unaccounted, base::Thousands(tidy.sums_checked)));
  return tidy;
}

void NoteEdition(const transform::TidyEdition& tidy, Report& report) {
  EditionReport& entry = ReportOf(report, tidy.edition);
  entry.cells = tidy.accounting.cells();
  entry.rows = tidy.table == nullptr ? 0 : tidy.table->num_rows();
  entry.unaccounted = tidy.accounting.unaccounted;
  entry.unpublished = tidy.unpublished;
  if (const auto it = tidy.facts.find("released"); it != tidy.facts.end()) entry.released = it->second;
  report.cells.Add(tidy.accounting);
  report.checks_passed += tidy.sums_checked;
  for (const auto& [check, count] : tidy.checks) report.checks[check] += count;
  report.findings.insert(report.findings.end(), tidy.findings.begin(), tidy.findings.end());
}

dataset::TableFacts FactsOf(const recipe::Spec& spec) {
  dataset::TableFacts facts{.title = spec.title, .description = spec.title};
  const auto put = [&facts](const char* name, const std::string& value) {
    if (!value.empty()) facts.configuration[std::string("tidemill.") + name] = value;
  };
  put("publisher", spec.publisher);
  put("licence", spec.licence);
  put("contact", spec.contact);
  put("quality", spec.quality);
  put("usage", spec.usage);
  put("page", http::UrlToKeep(spec.source.page));
  put("recipe", spec.name);
  return facts;
}

// Each check of a version that is published: none has failed, and what held it was accepted.
std::vector<dataset::VersionCheck> EachCheck(const Report& report) {
  std::vector<dataset::VersionCheck> each;
  for (const auto& [check, count] : report.checks) each.push_back({check, "passed", count});
  std::map<std::pair<std::string, std::string>, std::int64_t> found;
  for (const Finding& finding : report.findings) {
    ++found[{finding.slug, finding.severity == FindingSeverity::kHold ? "waived" : "warned"}];
  }
  for (const auto& [what, count] : found) each.push_back({what.first, what.second, count});
  return each;
}

std::vector<dataset::VersionSource> SourcesOf(const Extracted& extracted,
                                              const std::vector<transform::TidyEdition>& editions) {
  std::vector<dataset::VersionSource> sources;
  for (std::size_t i = 0; i < editions.size(); ++i) {
    const EditionSource& source = extracted.editions[i];
    sources.push_back({.url = source.url,
                       .sha256 = source.source.sha256,
                       .edition = source.edition,
                       .file = source.file,
                       .bytes = source.source.bytes,
                       .fetched_at = source.fetched_at,
                       .released = ReleasedOf(editions[i], source),
                       .markers = editions[i].marker_shares});
  }
  return sources;
}

dataset::CommitFacts CommitOf(const Job& job, const std::string& run_id, const Extracted& extracted,
                              std::vector<dataset::VersionSource> sources, const Report& report) {
  dataset::CommitFacts commit{.run_id = run_id,
                              .recipe = job.recipe.base().name,
                              .recipe_hash = job.recipe.hash(),
                              .program_version = job.program_version,
                              .inputs_key = InputsKey(job, extracted.editions),
                              .checks_passed = report.checks_passed,
                              .checks_failed = report.checks_failed,
                              .checks_waived = report.checks_waived};
  commit.checks = EachCheck(report);
  commit.lock = report.lock;
  commit.sources = std::move(sources);
  for (const dataset::VersionSource& source : commit.sources) {
    commit.released = std::max(commit.released, source.released);
  }
  for (const Finding& finding : report.findings) commit.findings.push_back(finding.Id() + ": " + finding.ToText());
  return commit;
}

base::Status FailIfAnyFailed(Report& report) {
  const Finding* first = nullptr;
  report.checks_failed = 0;
  for (const Finding& finding : report.findings) {
    if (finding.severity != FindingSeverity::kFail) continue;
    if (first == nullptr) first = &finding;
    ++report.checks_failed;
  }
  if (first == nullptr) return {};
  return tl::unexpected(
      base::Error{.code = ErrorCode::kInvalid,
                  .message = fmt::format("{} check{} failed, nothing is published; first: {}: {}", report.checks_failed,
                                         report.checks_failed == 1 ? "" : "s", first->slug, first->ToText()),
                  .verdict = base::Verdict::kCheckFailed});
}

// The findings that hold the version; those that were accepted count as waived.
std::vector<std::string> HeldBy(const Job& job, Report& report) {
  const std::vector<std::string>& accept = job.options.accept;
  std::vector<std::string> held;
  for (const Finding& finding : report.findings) {
    if (finding.severity != FindingSeverity::kHold) continue;
    if (std::find(accept.begin(), accept.end(), finding.Id()) != accept.end()) {
      ++report.checks_waived;
    } else {
      held.push_back(finding.Id());
    }
  }
  return held;
}

// An id that accepts nothing is a slip of the pen, or of another run.
void WarnOfUnused(const Job& job, const Report& report, flow::Run& run) {
  for (const std::string& id : job.options.accept) {
    const auto is_it = [&id](const Finding& finding) { return finding.Id() == id; };
    if (std::any_of(report.findings.begin(), report.findings.end(), is_it)) continue;
    run.Warn(fmt::format("--accept {}: nothing with that name holds this version", base::Quoted(id)));
  }
}

base::Error HeldError(const Report& report, const std::vector<std::string>& held) {
  std::string message = "held, nothing is published yet:";
  for (const Finding& finding : report.findings) {
    if (std::find(held.begin(), held.end(), finding.Id()) != held.end())
      message += fmt::format("\n  {}: {}", finding.Id(), finding.ToText());
  }
  message += "\nto publish all the same, run again with";
  for (const std::string& id : held) message += fmt::format(" --accept '{}'", id);
  return {.code = ErrorCode::kInvalid, .message = std::move(message), .verdict = base::Verdict::kHeld};
}

// Compares each table with its last version and adds what recipes.md 3.11 holds back.
base::Status CheckAgainstFormer(const Job& job, const Former& former,
                                const std::vector<transform::OutputTable>& outputs, Report& report) {
  std::size_t table = 0;
  for (const transform::OutputTable& output : outputs) {
    if (output.spec.table.empty()) continue;
    const auto& version = former.versions.at(table++);
    if (!version) continue;
    TIDEMILL_ASSIGN(const dataset::RowFunctions* const rows, job.rows());
    TIDEMILL_ASSIGN(const dataset::Diff diff, rows->changes_since(job.store, output.spec.table, *version, *output.table,
                                                                  output.spec.key, kMostChanges));
    const auto free = static_cast<std::size_t>(job.recipe.base().revisions.free);
    const std::set<base::Period> newest(
        output.periods.end() - static_cast<std::ptrdiff_t>(std::min(free, output.periods.size())),
        output.periods.end());
    auto found = CheckRevisions(job.recipe.base().revisions, output.spec.table, diff, newest);
    report.findings.insert(report.findings.end(), found.begin(), found.end());
  }
  return {};
}

// The text of the recipe, by its hash, which the commits name.
base::Status KeepRecipe(const Job& job) {
  if (job.recipe_text.empty()) return {};
  base::Status kept = job.store.PutIfAbsent(KeptRecipePath(job.recipe.hash()), job.recipe_text);
  if (kept || kept.error().code == ErrorCode::kConflict) return {};
  return kept;
}

// [[when]] blocks that held for no edition, where all of them were read.
void WarnOfUnusedEras(const Job& job, const std::vector<transform::TidyEdition>& editions, Report& report) {
  if (job.options.min_year) return;
  const std::vector<int> lines = job.recipe.WhenLines();
  for (std::size_t block = 0; block < lines.size(); ++block) {
    const auto holds = [&](const transform::TidyEdition& edition) {
      return edition.whens.contains(static_cast<int>(block));
    };
    if (std::any_of(editions.begin(), editions.end(), holds)) continue;
    report.findings.push_back(
        {.severity = FindingSeverity::kWarn,
         .slug = "when-unused",
         .message = fmt::format("no edition meets the conditions of the [[when]] in line {}", lines[block])});
  }
}

dataset::Prepared Assemble(const Job& job, const transform::Stacked& stacked, const dataset::CommitFacts& commit) {
  dataset::Prepared prepared{.recipe = job.recipe.base().name};
  for (const transform::OutputTable& output : stacked.outputs) {
    if (!output.spec.table.empty()) {
      dataset::TableFacts facts = FactsOf(job.recipe.base());
      if (!output.spec.key.empty()) facts.configuration["tidemill.key"] = base::Join(output.spec.key, ",");
      prepared.drafts.push_back({.table = output.spec.table,
                                 .rows = output.table,
                                 .key = output.spec.key,
                                 .facts = std::move(facts),
                                 .commit = commit,
                                 .notes = stacked.notes});
    }
    if (!output.spec.file.empty()) {
      prepared.files.push_back({.path = output.spec.file, .rows = output.table});
    }
  }
  return prepared;
}

}  // namespace

Result<Transformed> Transform(flow::Run& run, const Job& job, const Extracted& extracted, Report& report) {
  TIDEMILL_CHECK(dataset::DropPrepared(job.store, job.recipe.base().name));
  TIDEMILL_CHECK(KeepRecipe(job));
  TIDEMILL_ASSIGN(const Former former, LoadFormer(job));
  Transformed transformed;
  TIDEMILL_ASSIGN(const extract::SourceStore sources, extract::SourceStore::Open(job.store));
  auto results = run.Map<EditionSource>(
      extracted.editions, {.task = {.name = "open_file_and_clean_it"}, .keep_going = true},
      [](const EditionSource& source) { return source.edition; },
      [&](flow::TaskRun& task, const EditionSource& source) { return TidyOne(task, job, source, sources); });
  std::vector<transform::TidyEdition> editions;
  std::optional<base::Error> first_error;
  for (auto& result : results) {
    if (result) {
      NoteEdition(*result, report);
      editions.push_back(*std::move(result));
    } else if (!first_error) {
      first_error = std::move(result).error();
    }
  }
  if (first_error) return tl::unexpected(*std::move(first_error));
  return run.Task({.name = "stack_and_check"}, [&](flow::TaskRun& task) -> Result<Transformed> {
    TIDEMILL_ASSIGN(const transform::Stacked stacked, transform::Stack(editions, job.recipe.base()));
    report.findings.insert(report.findings.end(), stacked.findings.begin(), stacked.findings.end());
    const auto vanished = CheckVanished(former, extracted, report, job);
    report.findings.insert(report.findings.end(), vanished.begin(), vanished.end());
    TIDEMILL_CHECK(CheckLocks(job, extracted, editions, task, report));
    const auto markers = CheckMarkers(former, extracted, editions, job.recipe.base().checks.markers);
    report.findings.insert(report.findings.end(), markers.begin(), markers.end());
    auto now = SourcesOf(extracted, editions);
    if (!former.versions.empty() && former.versions.front()) {
      const auto older = CheckOlderReleases(former.versions.front()->commit.sources, now);
      report.findings.insert(report.findings.end(), older.begin(), older.end());
    }
    TIDEMILL_CHECK(FailIfAnyFailed(report));
    TIDEMILL_CHECK(CheckAgainstFormer(job, former, stacked.outputs, report));
    TIDEMILL_CHECK(FailIfAnyFailed(report));
    const std::vector<std::string> held = HeldBy(job, report);
    WarnOfUnused(job, report, run);
    WarnOfUnusedEras(job, editions, report);
    transformed.prepared = Assemble(job, stacked, CommitOf(job, run.id(), extracted, std::move(now), report));
    transformed.prepared.report_json = ToJson(report);
    transformed.prepared.held = held;
    if (held.empty()) return transformed;
    TIDEMILL_CHECK(dataset::SavePrepared(job.store, transformed.prepared));
    return tl::unexpected(HeldError(report, held));
  });
}

}  // namespace tidemill::etl
