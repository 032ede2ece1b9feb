// SPDX-License-Identifier: Apache-2.0
#include "draft_source.h"

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <set>

#include "tidemill/base/clock.h"
#include "tidemill/base/text.h"
#include "tidemill/etl/draft_links.h"
#include "tidemill/extract/sources.h"
#include "tidemill/http/client.h"

#include "files.h"
#include "stores.h"
#include "user_agent.h"

namespace tidemill::app {
namespace {

using base::ErrorCode;
using base::Result;

constexpr std::uint64_t kMostWorkbookBytes = std::uint64_t{1} << 30U;
constexpr std::size_t kEditionsRead = 2;  // of a page: the newest is drafted from, the next tried

bool IsAddress(std::string_view where) {
  return where.starts_with("http://") || where.starts_with("https://") || where.starts_with("file:");
}

base::Date Today() {
  return std::chrono::floor<std::chrono::days>(base::SystemClock().Now());
}

recipe::Captures WithExtension(recipe::Captures captures, const std::string& file) {
  const std::string extension = base::Lower(std::filesystem::path(file).extension().string());
  if (!extension.empty()) captures.try_emplace("ext", extension.substr(1));
  return captures;
}

// The names of several files as one glob: what they begin and end with.
std::string GlobOf(const std::vector<std::string>& names) {
  if (names.size() == 1) return names[0];
  std::string begin = names[0];
  std::string end = names[0];
  for (const std::string& name : names) {
    std::size_t same = 0;
    while (same < begin.size() && same < name.size() && begin[same] == name[same]) ++same;
    begin.resize(same);
    same = 0;
    while (same < end.size() && same < name.size() && end[end.size() - 1 - same] == name[name.size() - 1 - same])
      ++same;
    end.erase(0, end.size() - same);
  }
  return begin + "*" + end;
}

Result<ReadySource> ReadFiles(const DraftSourceArguments& arguments, const recipe::Captures& captures) {
  ReadySource ready;
  std::vector<std::string> names;
  for (const std::string& where : arguments.where) {
    TIDEMILL_ASSIGN(std::string bytes, ReadFile(where, kMostWorkbookBytes));
    names.push_back(std::filesystem::path(where).filename().string());
    if (names.size() == 1) {
      ready.bytes = std::move(bytes);
    } else {
      ready.options.others.push_back(
          {.file = names.back(), .captures = WithExtension({}, names.back()), .bytes = std::move(bytes)});
    }
  }
  ready.options.file = names.front();
  ready.options.captures = WithExtension(captures, names.front());
  ready.options.source = fmt::format("source.file = {}\n", base::JsonString(GlobOf(names)));
  ready.options.today = Today();
  return ready;
}

// Fetches from one publisher, politely.
class Fetcher {
 public:
  Fetcher(const DraftSourceArguments& arguments, base::FileStore& store, extract::SourceStore sources,
          std::stop_token stop)
      : arguments_(arguments),
        store_(store),
        sources_(std::move(sources)),
        client_(http::MakeHttpClient(UserAgent(arguments.contact))),
        stop_(std::move(stop)) {}

  Result<ReadySource> Read(const std::string& address, const recipe::Captures& captures);

 private:
  Result<extract::FetchedPage> ReadPage(const std::string& address) {
    return extract::FetchPage(*client_, store_, clock_, address, false, {}, stop_);
  }
  Result<std::string> Download(const std::string& url, const std::string& page);
  Result<ReadySource> ReadEditions(const extract::FetchedPage& page, const recipe::Captures& captures);

  const DraftSourceArguments& arguments_;
  base::FileStore& store_;
  extract::SourceStore sources_;
  std::unique_ptr<http::HttpClient> client_;
  base::SystemClock clock_;
  std::stop_token stop_;
  bool asked_ = false;
};

Result<std::string> Fetcher::Download(const std::string& url, const std::string& page) {
  const auto pause = std::chrono::milliseconds{std::lround(arguments_.pause_seconds * 1'000)};
  if (std::exchange(asked_, true) && url.starts_with("http") && !clock_.SleepFor(pause, stop_)) {
    return base::Fail(ErrorCode::kCancelled, "stopped between two requests");
  }
  const extract::FetchOptions options{
      .refuse = [](std::string_view bytes) { return workbook::WhyNotTaken(workbook::Sniff(bytes)); },
      .extension_of =
          [](std::string_view bytes) { return std::string(workbook::ToText(workbook::Sniff(bytes).format)); }};
  TIDEMILL_ASSIGN(const extract::Fetched fetched,
                  extract::Fetch(*client_, sources_, clock_, {.url = url, .page = page}, options, stop_));
  return sources_.ReadBytes(fetched.source);
}

std::string LastPart(std::string_view url) {
  url = url.substr(0, url.find_first_of("?#"));
  while (url.ends_with('/')) url.remove_suffix(1);
  return std::string(url.substr(url.rfind('/') == std::string_view::npos ? 0 : url.rfind('/') + 1));
}

// "https://www.ons.gov.uk/a/monthlydeaths" → "ons/monthlydeaths"
std::string NameFrom(const std::string& address) {
  std::string_view host = address;
  host.remove_prefix(std::min(host.size(), host.find("//") == std::string_view::npos ? 0 : host.find("//") + 2));
  host = host.substr(0, host.find_first_of("/:"));
  if (host.starts_with("www.")) host.remove_prefix(4);
  const auto slug = [](std::string_view text) {
    std::string name;
    for (const char c : base::Lower(text)) {
      const bool letter = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
      if (letter) name += c;
      if (!letter && !name.empty() && name.back() != '-') name += '-';
    }
    while (!name.empty() && name.back() == '-') name.pop_back();
    return name.substr(0, 60);
  };
  const std::string office = slug(host.substr(0, host.find('.')));
  const std::string series = slug(std::filesystem::path(LastPart(address)).stem().string());
  return (office.empty() ? "draft" : office) + "/" + (series.empty() ? "series" : series);
}

Result<ReadySource> Fetcher::ReadEditions(const extract::FetchedPage& page, const recipe::Captures& captures) {
  TIDEMILL_ASSIGN(const extract::Page links, extract::ReadPage(page.html, page.url, stop_));
  TIDEMILL_ASSIGN(const etl::DraftedSource source, etl::DraftSource(links, page.url, arguments_.link));
  ReadySource ready;
  ready.decision = source.decision;
  ready.options.name = NameFrom(page.url);
  ready.options.source = source.toml;
  ready.options.today = Today();
  ready.options.source_captures_year = source.toml.find("{year:year}") != std::string::npos;
  for (std::size_t i = 0; i < source.editions.size() && i < kEditionsRead; ++i) {
    const etl::DraftedEdition& edition = source.editions[i];
    TIDEMILL_ASSIGN(std::string bytes, Download(edition.url, page.url));
    recipe::Captures known = WithExtension(edition.captures, edition.file);
    if (i > 0) {
      ready.options.others.push_back({.file = edition.file, .captures = std::move(known), .bytes = std::move(bytes)});
      continue;
    }
    for (const auto& [name, value] : captures) known.insert_or_assign(name, value);
    ready.bytes = std::move(bytes);
    ready.options.file = edition.file;
    ready.options.captures = std::move(known);
  }
  return ready;
}

Result<ReadySource> Fetcher::Read(const std::string& address, const recipe::Captures& captures) {
  const std::string file = LastPart(address);
  const std::string extension = base::Lower(std::filesystem::path(file).extension().string());
  const bool workbook = extension.starts_with(".xls") || extension == ".ods" || extension == ".csv";
  if (!workbook) {
    auto page = ReadPage(address);
    asked_ = true;
    if (!page) return tl::unexpected(std::move(page).error().While("reading the publisher's page"));
    return ReadEditions(*page, captures);
  }
  ReadySource ready;
  TIDEMILL_ASSIGN(ready.bytes, Download(address, {}));
  ready.options.file = file;
  ready.options.name = NameFrom(address);
  ready.options.captures = WithExtension(captures, file);
  ready.options.source = fmt::format("source.url = {}\n", base::JsonString(address));
  ready.options.today = Today();
  return ready;
}

}  // namespace

Result<recipe::Captures> ParseCaptures(const std::vector<std::string>& set) {
  recipe::Captures captures;
  for (const std::string& one : set) {
    const std::size_t equals = one.find('=');
    if (equals == 0 || equals == std::string::npos) {
      return base::Fail(ErrorCode::kInvalid, "--set {}: expected NAME=VALUE", base::Quoted(one));
    }
    captures.insert_or_assign(one.substr(0, equals), one.substr(equals + 1));
  }
  return captures;
}

base::Status RefuseUnknown(const recipe::Captures& set, const std::vector<std::string>& names) {
  for (const auto& [name, value] : set) {
    if (std::ranges::find(names, name) != names.end()) continue;
    std::string meant = base::DidYouMean(name, names);
    if (meant.empty()) {
      const std::set<std::string> known(names.begin(), names.end());
      meant = "; there are: " + base::Join(std::vector<std::string>(known.begin(), known.end()), ", ");
    }
    return base::FailAt(ErrorCode::kInvalid, "--set", "no capture is named {}{}", base::Quoted(name), meant);
  }
  return {};
}

Result<ReadySource> ReadDraftSource(const DraftSourceArguments& arguments, std::stop_token stop) {
  TIDEMILL_ASSIGN(const recipe::Captures captures, ParseCaptures(arguments.set));
  std::vector<std::string> names = {"year"};
  if (!arguments.link.empty()) {
    TIDEMILL_ASSIGN(const recipe::Pattern link, recipe::Pattern::Compile(arguments.link));
    names.insert(names.end(), link.captures().begin(), link.captures().end());
  }
  TIDEMILL_CHECK(RefuseUnknown(captures, names));
  if (!IsAddress(arguments.where.front())) return ReadFiles(arguments, captures);
  if (arguments.where.size() > 1) {
    return base::Fail(ErrorCode::kInvalid, "{} addresses: expected one page, or files", arguments.where.size());
  }
  TIDEMILL_ASSIGN(const auto store, OpenStore(arguments.store, stop));
  TIDEMILL_ASSIGN(extract::SourceStore sources, extract::SourceStore::Open(*store));
  return Fetcher(arguments, *store, std::move(sources), std::move(stop)).Read(arguments.where.front(), captures);
}

}  // namespace tidemill::app
