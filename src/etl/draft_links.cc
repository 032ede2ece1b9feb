// SPDX-License-Identifier: Apache-2.0
#include "tidemill/etl/draft_links.h"

#include <algorithm>
#include <array>
#include <map>
#include <set>

#include "tidemill/base/ascii.h"
#include "tidemill/base/text.h"

namespace tidemill::etl {
namespace {

using base::ErrorCode;
using extract::PageLink;

constexpr auto kExtensions = std::to_array<std::string_view>({"xlsx", "xls", "xlsm", "xlsb", "ods", "csv"});
constexpr std::size_t kLeastFixed = 4;  // characters that the names of one series have in common
constexpr std::string_view kYear = "{year:year}";

// A link to a workbook, by the target that names it.
struct FileLink {
  const PageLink* link = nullptr;
  std::string folder, name, extension;  // "/a/b/2018", "annual2018", "xls"
};

std::optional<FileLink> FileLinkOf(const PageLink& link) {
  for (const std::string& target : extract::LinkTargets(link.url)) {
    const std::size_t dot = target.rfind('.');
    const std::size_t slash = target.rfind('/');
    if (dot == std::string::npos || slash == std::string::npos || dot < slash) continue;
    const std::string extension = target.substr(dot + 1);
    if (std::ranges::find(kExtensions, base::Lower(extension)) == kExtensions.end()) continue;
    return FileLink{.link = &link,
                    .folder = target.substr(0, slash),
                    .name = target.substr(slash + 1, dot - slash - 1),
                    .extension = extension};
  }
  return std::nullopt;
}

// Where a year stands in a text, as four digits of their own; the last one.
std::size_t FindYear(std::string_view text) {
  std::size_t found = std::string_view::npos;
  for (std::size_t at = 0; at + 4 <= text.size(); ++at) {
    const bool alone =
        (at == 0 || !base::IsDigit(text[at - 1])) && (at + 4 == text.size() || !base::IsDigit(text[at + 4]));
    if (!alone || !std::ranges::all_of(text.substr(at, 4), base::IsDigit)) continue;
    const auto year = base::ParseInt(text.substr(at, 4));
    if (year && *year >= 1900 && *year < 2100) found = at;
  }
  return found;
}

std::string Escaped(std::string_view text) {
  std::string pattern;
  for (const char c : text) {
    if (c == '*' || c == '?' || c == '#' || c == '{' || c == '\\') pattern += '\\';
    pattern += c;
  }
  return pattern;
}

std::string WithYear(std::string_view text, std::size_t at) {
  return Escaped(text.substr(0, at)) + std::string(kYear) + Escaped(text.substr(at + 4));
}

std::string LastPart(std::string_view path) {
  return std::string(path.substr(path.rfind('/') == std::string_view::npos ? 0 : path.rfind('/') + 1));
}

// The pattern of the series a link belongs to by its year; empty where it has none. Of the folders the last one before
// that of the year is kept: hosts and sections of a site move.
std::string PatternByYear(const FileLink& link) {
  if (const std::size_t at = FindYear(link.folder); at != std::string::npos) {
    const std::size_t part = link.folder.rfind('/', at);
    const std::string before = part == std::string::npos ? std::string() : link.folder.substr(0, part);
    const std::string_view rest = std::string_view(link.folder).substr(part + 1);
    return fmt::format("*/{}/{}/{{file}}", Escaped(LastPart(before)), WithYear(rest, at - part - 1));
  }
  if (const std::size_t at = FindYear(link.name); at != std::string::npos) {
    return fmt::format("*/{}/{}", Escaped(LastPart(link.folder)), WithYear(link.name, at));
  }
  return {};
}

std::string CommonBeginning(const std::vector<std::string>& names) {
  std::string common = names.front();
  for (const std::string& name : names) {
    const auto end = std::ranges::mismatch(common, name).in1;
    common.resize(static_cast<std::size_t>(end - common.begin()));
  }
  return common;
}

std::vector<std::string> Reversed(std::vector<std::string> names) {
  for (std::string& name : names) std::ranges::reverse(name);
  return names;
}

// The pattern of files of one folder whose names differ in one stretch; empty where they have too little in common.
std::string PatternByStretch(const std::vector<FileLink>& links) {
  std::vector<std::string> names;
  for (const FileLink& link : links) names.push_back(link.name);
  const std::string begin = CommonBeginning(names);
  std::string end = CommonBeginning(Reversed(names));
  std::ranges::reverse(end);
  if (begin.size() + end.size() < kLeastFixed) return {};
  for (const std::string& name : names) {
    if (name.size() <= begin.size() + end.size()) return {};
  }
  return fmt::format("*/{}/{}{{edition}}{}", Escaped(LastPart(links.front().folder)), Escaped(begin), Escaped(end));
}

// Links of one pattern, its extension still open.
using Families = std::map<std::string, std::vector<FileLink>>;

Families FamiliesOf(const std::vector<FileLink>& links) {
  Families families;
  std::map<std::string, std::vector<FileLink>> by_folder;
  for (const FileLink& link : links) {
    const std::string by_year = PatternByYear(link);
    if (by_year.empty()) {
      by_folder[link.folder].push_back(link);
    } else {
      families[by_year].push_back(link);
    }
  }
  for (const auto& [folder, members] : by_folder) {
    const std::string pattern = members.size() < 2 ? std::string() : PatternByStretch(members);
    if (!pattern.empty()) families[pattern] = members;
  }
  return families;
}

std::string Extensions(const std::vector<FileLink>& links) {
  std::set<std::string> seen;
  for (const FileLink& link : links) seen.insert(link.extension);
  std::vector<std::string> texts(seen.begin(), seen.end());
  return "{ext:" + base::Join(texts, "|") + "}";
}

// The headings above the links, where each names the year of its link: "{year:year} edition of this dataset*".
std::string HeadingPattern(const std::vector<FileLink>& links) {
  std::vector<std::string> rests;
  for (const FileLink& link : links) {
    const std::size_t at = FindYear(link.link->heading);
    const std::size_t in_folder = FindYear(link.folder);
    const std::string_view year =
        in_folder != std::string::npos
            ? std::string_view(link.folder).substr(in_folder, 4)
            : std::string_view(link.name).substr(std::min(FindYear(link.name), link.name.size()), 4);
    if (at == std::string::npos || std::string_view(link.link->heading).substr(at, 4) != year) return {};
    rests.push_back(link.link->heading.substr(0, at) + "\x1F" + link.link->heading.substr(at + 4));
  }
  const std::string common = CommonBeginning(rests);
  const std::size_t mark = common.find('\x1F');
  if (mark == std::string::npos) return {};
  const bool whole = std::ranges::all_of(rests, [&](const std::string& rest) { return rest == common; });
  return Escaped(common.substr(0, mark)) + std::string(kYear) + Escaped(common.substr(mark + 1)) + (whole ? "" : "*");
}

std::string Line(std::string_view key, std::string_view text) {
  return fmt::format("source.{} = {}\n", key, base::JsonString(text));
}

std::string SourceToml(std::string_view page_url, const std::string& pattern, const std::vector<FileLink>& links) {
  std::string toml = Line("page", page_url) + Line("link", pattern);
  if (pattern.find(kYear) == std::string::npos) return toml;
  const std::string heading = HeadingPattern(links);
  if (heading.empty()) return toml;
  toml += Line("heading", heading);
  const auto final = [](const FileLink& link) { return link.link->heading.find("(final)") != std::string::npos; };
  if (std::ranges::any_of(links, final) && !std::ranges::all_of(links, final)) toml += Line("final", "*(final)*");
  return toml;
}

// What the drafted source finds, as a run would.
base::Result<std::vector<DraftedEdition>> EditionsOf(const std::string& toml, const extract::Page& page) {
  const std::string recipe_text = "recipe = 1\nname = \"draft\"\ntitle = \"draft\"\n" + toml +
                                  "columns.a = { role = \"label\" }\ncolumns.b = { role = \"axis\", axis = \"year\" }\n"
                                  "columns.c = { role = \"value\", type = \"int32\" }\noutput = [{ table = \"a\" }]\n";
  TIDEMILL_ASSIGN(const recipe::Recipe recipe, recipe::Recipe::Parse(recipe_text, "the drafted source"));
  std::map<std::string, DraftedEdition, std::greater<>> editions;
  for (const PageLink& link : page.links) {
    const auto match = recipe::MatchLink(
        recipe.base().source, {.targets = extract::LinkTargets(link.url), .text = link.text, .heading = link.heading});
    if (!match || !match->conflict.empty() || match->edition.empty()) continue;
    const auto file = FileLinkOf(link);
    editions.try_emplace(match->edition, DraftedEdition{.edition = match->edition,
                                                        .captures = match->captures,
                                                        .url = link.url,
                                                        .file = file ? file->name + "." + file->extension : link.url});
  }
  std::vector<DraftedEdition> newest_first;
  for (auto& [name, edition] : editions) newest_first.push_back(std::move(edition));
  return newest_first;
}

struct Family {
  std::string pattern;
  std::vector<FileLink> links;
  double confidence = 0;
};

std::vector<Family> Ranked(const Families& families) {
  std::vector<Family> ranked;
  for (const auto& [pattern, links] : families) {
    ranked.push_back({.pattern = pattern + "." + Extensions(links), .links = links});
  }
  std::ranges::stable_sort(ranked, std::ranges::greater(), [](const Family& family) { return family.links.size(); });
  for (Family& family : ranked) {
    const auto editions = static_cast<double>(family.links.size());
    family.confidence = 0.95 * editions / static_cast<double>(ranked.front().links.size());
  }
  if (!ranked.empty() && ranked.front().links.size() == 1) ranked.front().confidence = 0.85;
  return ranked;
}

}  // namespace

base::Result<DraftedSource> DraftSource(const extract::Page& page, std::string_view page_url,
                                        std::string_view link_pattern) {
  std::vector<FileLink> links;
  for (const PageLink& link : page.links) {
    if (auto file = FileLinkOf(link)) links.push_back(*std::move(file));
  }
  if (links.empty()) {
    return base::FailAt(ErrorCode::kNotFound, std::string(page_url), "none of {} links leads to a workbook ({})",
                        page.links.size(), "xlsx, xls, xlsm, xlsb, ods, csv");
  }
  DraftedSource source;
  if (!link_pattern.empty()) {
    source.decision = {.about = "link",
                       .choice = base::Quoted(link_pattern),
                       .confidence = 1,
                       .reason = "as asked for",
                       .runner_up = {},
                       .settle = {}};
    source.toml = Line("page", page_url) + Line("link", link_pattern);
  } else {
    const std::vector<Family> families = Ranked(FamiliesOf(links));
    if (families.empty()) {
      source.decision = {
          .about = "link",
          .choice = links.front().link->url,
          .confidence = 0.5,
          .reason = fmt::format("none of {} links to workbooks names a year or differs from another in one "
                                "stretch",
                                links.size()),
          .runner_up = {},
          .settle = "--link PATTERN, or the address of one workbook"};
      return source;
    }
    const Family& best = families.front();
    source.decision = {
        .about = "link",
        .choice = base::Quoted(best.pattern),
        .confidence = best.confidence,
        .reason = fmt::format("{} of {} links to workbooks are this series", best.links.size(), links.size()),
        .runner_up = {},
        .settle = "--link PATTERN"};
    if (families.size() > 1) {
      source.decision.runner_up =
          fmt::format("{}, {} links", base::Quoted(families[1].pattern), families[1].links.size());
      source.decision.runner_up_confidence = families[1].confidence;
    }
    if (!source.decision.sure()) return source;
    source.toml = SourceToml(page_url, best.pattern, best.links);
  }
  TIDEMILL_ASSIGN(source.editions, EditionsOf(source.toml, page));
  if (source.editions.empty()) {
    return base::FailAt(ErrorCode::kNotFound, std::string(page_url),
                        "no link matches {}, or none of its captures names an edition", source.decision.choice);
  }
  return source;
}

}  // namespace tidemill::etl
