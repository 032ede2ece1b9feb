// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <map>

#include "tidemill/base/text.h"
#include "tidemill/etl/stages.h"
#include "tidemill/extract/links.h"
#include "tidemill/http/url.h"

#include "fetching.h"

namespace tidemill::etl {
namespace {

using base::Error;
using base::ErrorCode;
using base::Fail;
using base::Result;
using std::chrono::milliseconds;

// A link that the recipe's source rules picked.
struct Wanted {
  recipe::LinkMatch match;
  extract::Sighting sighting;
  std::string file;
};

std::string ExtensionOf(const Wanted& wanted) {
  if (const auto it = wanted.match.captures.find("ext"); it != wanted.match.captures.end()) return it->second;
  const std::size_t dot = wanted.file.rfind('.');
  return dot == std::string::npos ? std::string() : base::Lower(wanted.file.substr(dot + 1));
}

bool InYears(const Job& job, const recipe::LinkMatch& match) {
  if (!job.options.min_year) return true;
  const auto year = match.captures.find("year");
  if (year == match.captures.end()) return true;
  const auto value = base::ParseInt(year->second);
  return !value || *value >= *job.options.min_year;
}

// Of several links of one edition: the one whose extension the recipe prefers; the same address twice is one link.
Result<Wanted> Prefer(const recipe::SourceSpec& source, const std::vector<Wanted>& links) {
  const auto rank = [&source](const Wanted& wanted) {
    return std::find(source.prefer.begin(), source.prefer.end(), ExtensionOf(wanted)) - source.prefer.begin();
  };
  const auto best =
      std::min_element(links.begin(), links.end(), [&](const Wanted& a, const Wanted& b) { return rank(a) < rank(b); });
  for (const Wanted& other : links) {
    if (rank(other) != rank(*best) || other.sighting.url == best->sighting.url) continue;
    return Fail(ErrorCode::kInvalid, "edition-ambiguous: edition {} has the links {} and {}, expected one",
                base::Quoted(best->match.edition), http::MaskUrl(best->sighting.url),
                http::MaskUrl(other.sighting.url));
  }
  return *best;
}

// The addresses of workbooks that are given outright.
const std::vector<std::string>& DirectOf(const Job& job) {
  return job.options.files.empty() ? job.recipe.base().source.urls : job.options.files;
}

std::string FirstLink(const Job& job) {
  const std::vector<recipe::Pattern>& link = job.recipe.base().source.link;
  return link.empty() ? "(any workbook)" : base::Quoted(link.front().text());
}

Result<std::vector<Wanted>> ChooseLinks(const Job& job, const extract::Page& page, const std::string& page_url,
                                        Report& report) {
  const recipe::SourceSpec& source = job.recipe.base().source;
  std::map<std::string, std::vector<Wanted>> editions;
  std::int64_t too_early = 0;
  for (const extract::PageLink& link : page.links) {
    ++report.links_seen;
    const auto match = MatchOf(job.recipe.base().source, link.url, link.text, link.heading);
    if (!match) continue;
    if (!InYears(job, *match)) {
      ++too_early;
      continue;
    }
    if (!match->conflict.empty()) {
      return base::FailAt(ErrorCode::kInvalid, http::MaskUrl(link.url), "capture-conflict: {}", match->conflict);
    }
    ++report.links_matched;
    editions[match->edition].push_back({.match = *match,
                                        .sighting = {.url = link.url,
                                                     .page = page_url,
                                                     .text = link.text,
                                                     .heading = link.heading,
                                                     .recipe = job.recipe.base().name},
                                        .file = FileNameOf(link.url)});
  }
  std::vector<Wanted> chosen;
  for (const auto& [edition, links] : editions) {
    TIDEMILL_ASSIGN(Wanted wanted, Prefer(source, links));
    chosen.push_back(std::move(wanted));
  }
  if (chosen.empty() && too_early > 0) {
    return base::FailAt(ErrorCode::kNotFound, http::MaskUrl(page_url),
                        "{} links match, all of editions before --min-year {}", too_early,
                        job.options.min_year.value_or(0));
  }
  if (chosen.empty()) {
    return base::FailAt(ErrorCode::kNotFound, http::MaskUrl(page_url),
                        "no link of {} matches the recipe's source.link {}", report.links_seen, FirstLink(job));
  }
  return chosen;
}

// The workbooks whose addresses are given.
Result<std::vector<Wanted>> ChooseDirect(const Job& job) {
  std::map<std::string, std::vector<Wanted>> editions;
  for (const std::string& url : DirectOf(job)) {
    const auto match = MatchOf(job.recipe.base().source, url, {}, {});
    if (!match) {
      return base::FailAt(ErrorCode::kInvalid, url, "source.link {} does not match", FirstLink(job));
    }
    if (!InYears(job, *match)) continue;
    editions[match->edition].push_back(
        {.match = *match, .sighting = {.url = url, .recipe = job.recipe.base().name}, .file = FileNameOf(url)});
  }
  std::vector<Wanted> chosen;
  for (const auto& [edition, links] : editions) {
    TIDEMILL_ASSIGN(Wanted wanted, Prefer(job.recipe.base().source, links));
    chosen.push_back(std::move(wanted));
  }
  if (!chosen.empty()) return chosen;
  return Fail(ErrorCode::kNotFound, "none of the workbooks given is of the year --min-year {} or later",
              job.options.min_year.value_or(0));
}

Result<std::vector<Wanted>> FindWanted(flow::Run& run, const Job& job, Report& report) {
  const recipe::SourceSpec& source = job.recipe.base().source;
  const std::string url = job.options.page.empty() ? source.page : job.options.page;
  if (!DirectOf(job).empty() && job.options.page.empty()) return ChooseDirect(job);
  if (url.empty()) {
    return Fail(ErrorCode::kUnsupported,
                "the recipe names no source.page and no source.url; give a page with --page, or workbooks");
  }
  return run.Task({.name = "get_the_urls_of_files", .retry = Polite(job), .timeout = milliseconds{120'000}},
                  [&](flow::TaskRun& task) -> Result<std::vector<Wanted>> {
                    std::optional<std::chrono::seconds> retry_after;
                    auto page = extract::FetchPage(job.client, job.store, job.clock, url, false,
                                                   {.force = job.options.force}, task.stop(), &retry_after);
                    if (retry_after) task.RetryAfter(*retry_after);
                    if (!page) return tl::unexpected(std::move(page).error().While("reading the publisher's page"));
                    TIDEMILL_ASSIGN(const extract::Page links, extract::ReadPage(page->html, page->url, task.stop()));
                    TIDEMILL_ASSIGN(std::vector<Wanted> wanted, ChooseLinks(job, links, page->url, report));
                    task.Info(fmt::format("{} links, {} editions{}", links.links.size(), wanted.size(),
                                          page->not_modified ? "; the page has not changed" : ""));
                    return wanted;
                  });
}

EditionSource SourceOf(const Wanted& wanted, const extract::Source& source, const extract::Sighting& sighting) {
  EditionSource edition{.edition = wanted.match.edition,
                        .captures = wanted.match.captures,
                        .final = wanted.match.final,
                        .file = wanted.file,
                        .url = sighting.url,
                        .fetched_at = sighting.first_seen,
                        .source = source};
  edition.captures.try_emplace("ext", source.extension);
  return edition;
}

bool IsOfStore(const Job& job, const Error& error) {
  const std::string root = job.store.LocalPath("");
  return error.place.starts_with(root.empty() ? job.store.url() : root);
}

// The newest copy of each edition that earlier runs of this recipe left in the store, whatever its address was.
std::map<std::string, EditionSource> HeldEditions(const Job& job, const extract::SourceStore& sources) {
  std::map<std::string, EditionSource> held;
  std::map<std::string, base::Time> newest;
  for (const extract::Source& source : sources.sources()) {
    for (const extract::Sighting& sighting : source.sightings) {
      if (sighting.recipe != job.recipe.base().name) continue;
      const auto match = MatchOf(job.recipe.base().source, sighting.url, sighting.text, sighting.heading);
      if (!match || !InYears(job, *match)) continue;
      const auto [at, first] = newest.try_emplace(match->edition, sighting.last_seen);
      if (!first && sighting.last_seen <= at->second) continue;
      at->second = sighting.last_seen;
      const Wanted wanted{.match = *match, .sighting = sighting, .file = FileNameOf(sighting.url)};
      held.insert_or_assign(match->edition, SourceOf(wanted, source, sighting));
    }
  }
  return held;
}

// What an edition came to: a copy, or why there is none.
void Settle(const Wanted& wanted, Result<extract::Fetched> fetched, const std::map<std::string, EditionSource>& held,
            Extracted& extracted, Report& report) {
  EditionReport entry{.edition = wanted.match.edition,
                      .file = wanted.file,
                      .url = http::UrlToKeep(wanted.sighting.url),
                      .final = wanted.match.final};
  if (fetched) {
    entry.outcome = extract::ToText(fetched->outcome);
    extracted.editions.push_back(SourceOf(wanted, fetched->source, fetched->sighting));
  } else if (const auto copy = held.find(wanted.match.edition); copy != held.end()) {
    entry.outcome = "held";
    entry.problem = fetched.error().ToText();
    extracted.editions.push_back(copy->second);
    report.findings.push_back({.severity = transform::FindingSeverity::kWarn,
                               .slug = "edition-not-had",
                               .edition = wanted.match.edition,
                               .file = wanted.file,
                               .message = fmt::format("the copy that is held is used: {}", entry.problem)});
  } else {
    entry.outcome = "missing";
    entry.problem = fetched.error().ToText();
    if (!extracted.failure) {
      extracted.failure =
          std::move(fetched).error().While(fmt::format("fetching edition {}", base::Quoted(entry.edition)));
    }
  }
  if (!extracted.editions.empty() && entry.outcome != "missing") entry.sha256 = extracted.editions.back().source.sha256;
  report.editions.push_back(std::move(entry));
}

}  // namespace

Result<Extracted> Extract(flow::Run& run, const Job& job, Report& report) {
  TIDEMILL_ASSIGN(const std::vector<Wanted> wanted, FindWanted(run, job, report));
  TIDEMILL_ASSIGN(extract::SourceStore sources, run.Task({.name = "get_files_list"}, [&](flow::TaskRun&) {
    return extract::SourceStore::Open(job.store);
  }));
  const extract::FetchOptions options = FetchOptionsOf(job);
  const bool after_page = DirectOf(job).empty() || !job.options.page.empty();
  bool first = !after_page;  // the pause is between requests, and the page was one
  auto fetched = run.Map<Wanted>(
      wanted,
      {.task = {.name = "download_and_save_file", .retry = Polite(job), .timeout = milliseconds{600'000}},
       .keep_going = true},
      [](const Wanted& item) { return item.match.edition + " " + item.file; },
      [&](flow::TaskRun& task, const Wanted& item) -> Result<extract::Fetched> {
        if (!std::exchange(first, false) && !job.clock.SleepFor(PauseOf(job, item.sighting.url), task.stop())) {
          return Fail(ErrorCode::kCancelled, "stopped between two requests");
        }
        std::optional<std::chrono::seconds> retry_after;
        auto result = extract::Fetch(job.client, sources, job.clock, item.sighting, options, task.stop(), &retry_after);
        if (retry_after) task.RetryAfter(*retry_after);
        if (result) {
          task.Info(fmt::format("{}, {} bytes: {}", item.file,
                                base::Thousands(static_cast<std::int64_t>(result->source.bytes)),
                                extract::ToText(result->outcome)));
        }
        return result;
      });
  if (run.stop().stop_requested()) return Fail(ErrorCode::kCancelled, "stopped while downloading");
  for (const auto& result : fetched) {
    // A store that cannot be written is no fault of an edition.
    if (!result && IsOfStore(job, result.error())) return tl::unexpected(result.error());
  }
  const bool all = std::all_of(fetched.begin(), fetched.end(), [](const auto& result) { return result.has_value(); });
  const auto held = all ? std::map<std::string, EditionSource>() : HeldEditions(job, sources);
  Extracted extracted;
  for (std::size_t i = 0; i < wanted.size(); ++i) Settle(wanted[i], std::move(fetched[i]), held, extracted, report);
  if (extracted.editions.empty()) return tl::unexpected(*extracted.failure);
  return extracted;
}

Result<Extracted> ExtractHeld(const Job& job, Report& report) {
  TIDEMILL_ASSIGN(const extract::SourceStore sources, extract::SourceStore::Open(job.store));
  auto held = HeldEditions(job, sources);
  if (held.empty()) {
    return base::FailAt(
        ErrorCode::kNotFound, job.store.url(),
        "the store holds no workbook of recipe {}, or none of the years asked for; `tidemill extract` fetches them",
        base::Quoted(job.recipe.base().name));
  }
  Extracted extracted;
  for (auto& [edition, source] : held) {
    report.editions.push_back({.edition = edition,
                               .file = source.file,
                               .url = source.url,
                               .sha256 = source.source.sha256,
                               .outcome = "held",
                               .final = source.final});
    extracted.editions.push_back(std::move(source));
  }
  return extracted;
}

}  // namespace tidemill::etl
