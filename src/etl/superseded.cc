// SPDX-License-Identifier: Apache-2.0
#include "superseded.h"

#include <algorithm>
#include <map>
#include <set>
#include <tuple>

#include "tidemill/base/text.h"
#include "tidemill/extract/links.h"
#include "tidemill/http/url.h"

#include "fetching.h"

namespace tidemill::etl {
namespace {

using base::ErrorCode;
using base::Result;
using std::chrono::milliseconds;

// A link to a superseded file.
struct OldLink {
  const EditionSource* edition = nullptr;
  recipe::Captures captures;
  extract::Sighting sighting;
};

std::string Name(const OldLink& link) {
  return fmt::format("{} {}", link.edition->edition, link.sighting.url.substr(link.sighting.url.rfind('/') + 1));
}

// "{page}/{year}" with what an edition's link captured. kInvalid names a part that it did not.
Result<std::string> PageOf(const Job& job, const EditionSource& edition) {
  const recipe::SourceSpec& source = job.recipe.base().source;
  std::string page = job.options.page.empty() ? source.page : job.options.page;
  while (page.ends_with('/')) page.pop_back();
  std::string url;
  const std::string_view pattern = source.versions_page;
  for (std::size_t at = 0; at < pattern.size();) {
    const std::size_t end = pattern[at] == '{' ? pattern.find('}', at) : std::string_view::npos;
    if (end == std::string_view::npos) {
      url += pattern[at++];
      continue;
    }
    const std::string name(pattern.substr(at + 1, end - at - 1));
    const auto capture = edition.captures.find(name);
    if (name != "page" && capture == edition.captures.end()) {
      return base::Fail(ErrorCode::kInvalid, "source.versions.page names {{{}}}, which no link of edition {} captures",
                        name, base::Quoted(edition.edition));
    }
    url += name == "page" ? page : capture->second;
    at = end + 1;
  }
  return url;
}

// The links of one edition's page of versions; none where there is no such page.
Result<std::vector<OldLink>> ReadVersionsPage(flow::TaskRun& task, const Job& job, const EditionSource& edition,
                                              const std::string& url) {
  std::optional<std::chrono::seconds> retry_after;
  auto page = extract::FetchPage(job.client, job.store, job.clock, url, false, {.force = job.options.force},
                                 task.stop(), &retry_after);
  if (retry_after) task.RetryAfter(*retry_after);
  if (!page && page.error().code == ErrorCode::kNotFound) {
    task.Info(fmt::format("{}: no page of earlier versions", edition.edition));
    return std::vector<OldLink>();
  }
  if (!page) return tl::unexpected(std::move(page).error().While("reading a page of earlier versions"));
  TIDEMILL_ASSIGN(const extract::Page links, extract::ReadPage(page->html, page->url, task.stop()));
  std::vector<OldLink> found;
  std::set<std::string> seen;
  for (const extract::PageLink& link : links.links) {
    auto captures = MatchSuperseded(job.recipe.base().source, edition.captures, link.url);
    if (!captures || !seen.insert(link.url).second) continue;
    found.push_back({.edition = &edition,
                     .captures = *std::move(captures),
                     .sighting = {.url = link.url,
                                  .page = page->url,
                                  .text = link.text,
                                  .heading = link.heading,
                                  .recipe = job.recipe.base().name}});
  }
  task.Info(fmt::format("{}: {} superseded files", edition.edition, found.size()));
  return found;
}

// Waits as the publisher's rules ask before each request but the first.
bool Pause(const Job& job, const std::string& url, const std::stop_token& stop) {
  return job.clock.SleepFor(PauseOf(job, url), stop);
}

Result<std::vector<OldLink>> FindLinks(flow::Run& run, const Job& job, const Extracted& extracted) {
  std::vector<OldLink> links;
  const auto pages = run.Map<EditionSource>(
      extracted.editions,
      {.task = {.name = "get_the_urls_of_superseded_files", .retry = Polite(job), .timeout = milliseconds{120'000}}},
      [](const EditionSource& edition) { return edition.edition; },
      [&](flow::TaskRun& task, const EditionSource& edition) -> Result<std::vector<OldLink>> {
        TIDEMILL_ASSIGN(const std::string url, PageOf(job, edition));
        if (!Pause(job, url, task.stop())) return base::Fail(ErrorCode::kCancelled, "stopped between two requests");
        return ReadVersionsPage(task, job, edition, url);
      });
  for (const auto& page : pages) {
    if (!page) return tl::unexpected(page.error());
    links.insert(links.end(), page->begin(), page->end());
  }
  return links;
}

EditionSource SourceOf(const OldLink& link, const extract::Source& source, const extract::Sighting& sighting) {
  EditionSource edition{.edition = link.edition->edition,
                        .captures = link.captures,
                        .file = FileNameOf(sighting.url),
                        .url = sighting.url,
                        .fetched_at = sighting.first_seen,
                        .source = source};
  edition.captures.try_emplace("ext", source.extension);
  return edition;
}

void Note(const OldLink& link, const std::string& sha256, const std::string& problem, Report& report) {
  const auto version = link.captures.find("version");
  report.superseded.push_back({.edition = link.edition->edition,
                               .version = version == link.captures.end() ? std::string() : version->second,
                               .file = FileNameOf(link.sighting.url),
                               .url = http::UrlToKeep(link.sighting.url),
                               .sha256 = sha256,
                               .released = {},
                               .problem = problem});
}

Result<std::vector<EditionSource>> Download(flow::Run& run, const Job& job, const std::vector<OldLink>& links,
                                            Report& report) {
  TIDEMILL_ASSIGN(extract::SourceStore sources, extract::SourceStore::Open(job.store));
  const extract::FetchOptions options = FetchOptionsOf(job);
  auto fetched = run.Map<OldLink>(
      links,
      {.task = {.name = "download_superseded_file", .retry = Polite(job), .timeout = milliseconds{600'000}},
       .keep_going = true},
      &Name, [&](flow::TaskRun& task, const OldLink& link) -> Result<extract::Fetched> {
        if (!Pause(job, link.sighting.url, task.stop())) {
          return base::Fail(ErrorCode::kCancelled, "stopped between two requests");
        }
        std::optional<std::chrono::seconds> retry_after;
        auto result = extract::Fetch(job.client, sources, job.clock, link.sighting, options, task.stop(), &retry_after);
        if (retry_after) task.RetryAfter(*retry_after);
        return result;
      });
  if (run.stop().stop_requested()) return base::Fail(ErrorCode::kCancelled, "stopped while downloading");
  std::vector<EditionSource> files;
  for (std::size_t i = 0; i < links.size(); ++i) {
    if (fetched[i]) {
      files.push_back(SourceOf(links[i], fetched[i]->source, fetched[i]->sighting));
      Note(links[i], fetched[i]->source.sha256, {}, report);
    } else {
      Note(links[i], {}, fetched[i].error().ToText(), report);
    }
  }
  return files;
}

// Those that earlier runs left in the store.
Result<std::vector<EditionSource>> Held(const Job& job, const Extracted& extracted, Report& report) {
  TIDEMILL_ASSIGN(const extract::SourceStore sources, extract::SourceStore::Open(job.store));
  std::vector<EditionSource> files;
  for (const EditionSource& edition : extracted.editions) {
    for (const extract::Source& source : sources.sources()) {
      for (const extract::Sighting& sighting : source.sightings) {
        if (sighting.recipe != job.recipe.base().name) continue;
        auto captures = MatchSuperseded(job.recipe.base().source, edition.captures, sighting.url);
        if (!captures) continue;
        const OldLink link{.edition = &edition, .captures = *std::move(captures), .sighting = sighting};
        files.push_back(SourceOf(link, source, sighting));
        Note(link, source.sha256, {}, report);
      }
    }
  }
  return files;
}

bool IsOlder(const DatedSource& a, const DatedSource& b) {
  return std::tie(a.released, a.version) < std::tie(b.released, b.version);
}

}  // namespace

Result<std::vector<EditionSource>> FindSuperseded(flow::Run& run, const Job& job, const Extracted& extracted,
                                                  Report& report) {
  if (job.options.offline) return Held(job, extracted, report);
  TIDEMILL_ASSIGN(const std::vector<OldLink> links, FindLinks(run, job, extracted));
  return Download(run, job, links, report);
}

std::vector<PastState> StatesOf(const std::vector<DatedSource>& files) {
  std::map<std::string, std::vector<DatedSource>> by_edition;
  std::set<std::string> days;
  for (const DatedSource& file : files) {
    by_edition[file.source.edition].push_back(file);
    if (!file.released.empty()) days.insert(file.released);
  }
  for (auto& [edition, of_edition] : by_edition) std::ranges::stable_sort(of_edition, IsOlder);
  std::vector<PastState> states;
  for (const std::string& day : days) {
    PastState state{.released = day, .editions = {}};
    bool all_current = true;
    for (const auto& [edition, of_edition] : by_edition) {
      const DatedSource* newest = nullptr;
      for (const DatedSource& file : of_edition) {
        if (file.released <= day) newest = &file;
      }
      all_current = all_current && newest != nullptr && newest->current;
      if (newest != nullptr) state.editions.push_back(newest->source);
    }
    if (all_current) break;  // from here on it is the newest state
    states.push_back(std::move(state));
  }
  return states;
}

}  // namespace tidemill::etl
