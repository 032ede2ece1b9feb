// SPDX-License-Identifier: Apache-2.0
#include "fetching.h"

#include <algorithm>
#include <cmath>

#include "tidemill/extract/links.h"
#include "tidemill/http/url.h"

namespace tidemill::etl {

using std::chrono::milliseconds;

flow::Retry Polite(const Job& job) {
  return {.times = job.options.retries,
          .delay = milliseconds{2'000},
          .factor = 2.0,
          .cap = milliseconds{60'000},
          .jitter = 0.3};
}

milliseconds PauseOf(const Job& job, std::string_view url) {
  if (!url.starts_with("http")) return milliseconds{0};
  const auto of_recipe = milliseconds{std::lround(job.recipe.base().source.pause_seconds.value_or(1.0) * 1'000)};
  return job.options.pause.value_or(of_recipe);
}

extract::FetchOptions FetchOptionsOf(const Job& job) {
  return {.force = job.options.force,
          .refuse = [](std::string_view bytes) { return workbook::WhyNotTaken(workbook::Sniff(bytes)); },
          .extension_of =
              [](std::string_view bytes) { return std::string(workbook::ToText(workbook::Sniff(bytes).format)); }};
}

std::string FileNameOf(std::string_view url) {
  std::string name;
  for (const std::string& target : extract::LinkTargets(url)) {
    const std::size_t slash = target.rfind('/');
    const std::string part = slash == std::string::npos ? target : target.substr(slash + 1);
    if (name.empty() || part.find('.') != std::string::npos) name = part;
  }
  return name;
}

std::optional<recipe::LinkMatch> MatchOf(const recipe::SourceSpec& source, const std::string& url,
                                         const std::string& text, const std::string& heading) {
  auto match = recipe::MatchLink(source, {.targets = extract::LinkTargets(url), .text = text, .heading = heading});
  if (match && !match->edition.empty()) return match;
  const auto is_given = [&](const std::string& given) { return url == given || url == http::UrlToKeep(given); };
  const bool given = std::ranges::any_of(source.urls, is_given);  // as asked for, or as kept
  if (!given && !(source.page.empty() && url.starts_with("file:"))) return match;
  if (!match) match.emplace();
  match->edition = FileNameOf(url);
  return match;
}

std::optional<recipe::Captures> MatchSuperseded(const recipe::SourceSpec& source, const recipe::Captures& edition,
                                                const std::string& url) {
  recipe::Captures bound = edition;
  for (const char* own : {"file", "ext", "version"}) bound.erase(own);
  for (const recipe::Pattern& pattern : source.versions_link) {
    for (const std::string& target : extract::LinkTargets(url)) {
      auto captures = pattern.MatchLink(target, bound);
      if (!captures) continue;
      captures->insert(bound.begin(), bound.end());
      return captures;
    }
  }
  return std::nullopt;
}

}  // namespace tidemill::etl
