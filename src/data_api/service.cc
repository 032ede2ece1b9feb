// SPDX-License-Identifier: Apache-2.0
#include "tidemill/data_api/service.h"

#include <algorithm>
#include <atomic>
#include <map>
#include <mutex>
#include <optional>
#include <stop_token>
#include <thread>
#include <utility>

#include <fmt/format.h>
#include <malloc.h>

#include "tidemill/base/release_code.h"
#include "tidemill/http/file_owner.h"

#include "answer.h"
#include "catalog.h"
#include "change_feed.h"
#include "changes.h"
#include "encoded_answer.h"
#include "etag.h"
#include "metrics.h"
#include "problem.h"
#include "routes.h"
#include "source.h"

namespace tidemill::data_api {
namespace {

// A version that failed to load is tried again so much later: it may have been the disk.
constexpr base::Duration kRetry = std::chrono::seconds(30);

struct Failure {
  std::string stamp;
  base::Time at;
};

// Whether the conditions of a request are simple enough to be judged here; a 304 where they say so.
bool Revalidate(const http::Request& request, std::string_view etag, http::Prepared& prepared) {
  for (const auto& field : request.fields) {
    if (field.name.size() == 17 && !http::FieldValue(request, "If-Modified-Since").empty()) return false;
    if (field.name.size() != 13 || http::FieldValue(request, "If-None-Match").empty()) continue;
    const std::string tag = MatchingTag(http::FieldList(request, "If-None-Match"), etag);
    if (tag.empty()) continue;
    if (tag != "*" && tag != etag) return false;
    prepared.status = 304;
  }
  return true;
}

bool SendKept(const http::Request& request, AnswerCache& answers, http::Prepared& prepared) {
  const auto answer = answers.Find(request);
  if (!answer || !Revalidate(request, answer->etag, prepared)) return false;
  prepared.fields = answer->fields;
  prepared.body_fields = answer->body_fields;
  if (prepared.status == 200) prepared.body = answer->bytes();
  prepared.owner = answer->file ? http::OwnsFile(answer->file->descriptor(), answer) : answer;
  return true;
}

bool SendHot(const http::Request& request, const std::shared_ptr<const HotAnswers>& hot, http::Prepared& prepared) {
  const auto answer = hot->Find(request.path);
  if (!answer || !Revalidate(request, answer->etag, prepared)) return false;
  for (const auto& field : request.fields) {
    if (field.name.size() == 15 && !IsSentAsItIs(http::FieldList(request, "Accept-Encoding"), answer->body.size())) {
      return false;
    }
  }
  prepared.fields = hot->fields();
  prepared.more_fields = answer->etag_line;
  prepared.body_fields = hot->body_fields();
  if (prepared.status == 200) prepared.body = answer->body;
  prepared.owner = hot;
  return true;
}

}  // namespace

struct Service::Impl {
  Impl(ServiceOptions given, const base::Clock& given_clock)
      : options(std::move(given)), clock(given_clock), metrics(given_clock), feed(given_clock, options.heartbeat) {}

  base::Status Open();
  base::Result<std::vector<Source>> Sources() const;
  std::shared_ptr<const Catalog> Current() const;
  void Refresh(const std::vector<Source>& sources);
  bool Take(const Source& source, const Catalog* before, Catalog& next);
  std::optional<std::string> Load(const Source& source, const std::string& stamp, Catalog& next);
  void Replace(std::shared_ptr<const Catalog> next);
  void GiveBackMemory();

  const ServiceOptions options;
  const base::Clock& clock;
  std::vector<Place> places;
  Metrics metrics;
  ChangeFeed feed;

  mutable std::mutex current_mutex;  // only for the pointer
  std::shared_ptr<const Catalog> current;

  std::mutex poll_mutex;  // one poll at a time; guards what follows
  std::map<std::string, Failure> failures;
  std::vector<std::shared_ptr<const Catalog>> retired;  // freed here, not on an I/O thread

  std::atomic<bool> has_worked{false};  // answers were made since memory was given back
  std::jthread poller;
};

std::shared_ptr<const Catalog> Service::Impl::Current() const {
  const std::lock_guard lock(current_mutex);
  return current;
}

void Service::Impl::Replace(std::shared_ptr<const Catalog> next) {
  {
    const std::lock_guard lock(current_mutex);
    std::swap(current, next);
  }
  if (next) retired.push_back(std::move(next));
}

base::Result<std::vector<Source>> Service::Impl::Sources() const {
  std::vector<Source> all;
  for (const Place& place : places) {
    TIDEMILL_ASSIGN(auto sources, ListSources(place));
    std::move(sources.begin(), sources.end(), std::back_inserter(all));
  }
  std::map<std::string_view, const Source*> ids;
  const auto place = [](const Source& source) {
    return fmt::format("{} in {}", base::Quoted(source.path), source.store->url());
  };
  for (const Source& source : all) {
    const auto [other, is_new] = ids.try_emplace(source.id, &source);
    if (is_new) continue;
    return base::Fail(base::ErrorCode::kInvalid, "{} and {} would both be dataset {}; serve one of them, or rename one",
                      place(*other->second), place(source), base::Quoted(source.id));
  }
  return all;
}

base::Status Service::Impl::Open() {
  for (const auto& path : options.paths) {
    TIDEMILL_ASSIGN(Place place, FindPlace(path, options));
    places.push_back(std::move(place));
  }
  TIDEMILL_ASSIGN(const auto sources, Sources());
  const std::lock_guard lock(poll_mutex);
  Refresh(sources);
  const auto& catalog = *current;
  if (!catalog.datasets.empty()) {
    TIDEMILL_CHECK(CheckRoles(catalog, options.columns));
    if (options.seed_dataset.empty() || catalog.seed) return {};
    return base::Fail(base::ErrorCode::kInvalid,
                      "{} cannot answer /year/…: expected a dataset with geo_code, deaths and "
                      "months",
                      base::Quoted(options.seed_dataset));
  }
  if (catalog.missing.empty()) return base::Fail(base::ErrorCode::kInvalid, "nothing to serve: expected a path");
  const auto& [id, why] = *catalog.missing.begin();
  return base::Fail(base::ErrorCode::kMalformed, "no dataset can be served; {}: {}", id, why);
}

// Loads a source. What went wrong, where it did.
std::optional<std::string> Service::Impl::Load(const Source& source, const std::string& stamp, Catalog& next) {
  auto loaded = LoadDataset(source, stamp, options);
  if (!loaded) {
    failures[source.id] = {stamp, clock.Now()};
    metrics.CountReloadFailure();
    return loaded.error().ToText();
  }
  failures.erase(source.id);
  next.datasets[source.id] = *std::move(loaded);
  return std::nullopt;
}

// Puts a source into `next`: as it was, or anew where it has changed. True where `next` differs for it from `before`.
bool Service::Impl::Take(const Source& source, const Catalog* before, Catalog& next) {
  std::shared_ptr<const LoadedDataset> old;
  std::string why;  // the old trouble
  if (before != nullptr) {
    if (const auto found = before->datasets.find(source.id); found != before->datasets.end()) old = found->second;
    const auto& reasons = old ? before->stale : before->missing;
    if (const auto found = reasons.find(source.id); found != reasons.end()) why = found->second;
  }
  if (old) next.datasets[source.id] = old;
  const auto stamp = StampOf(source);
  std::string trouble;
  if (!stamp) {
    trouble = stamp.error().ToText();
  } else if (!old || old->stamp != *stamp) {
    const auto failed = failures.find(source.id);
    const bool wait =
        failed != failures.end() && failed->second.stamp == *stamp && clock.Now() < failed->second.at + kRetry;
    trouble = wait ? why : Load(source, *stamp, next).value_or("");
  }
  if (!trouble.empty()) (old ? next.stale : next.missing)[source.id] = trouble;
  return trouble != why || !old || next.datasets[source.id] != old;
}

void Service::Impl::Refresh(const std::vector<Source>& sources) {
  const auto before = Current();
  auto next = std::make_shared<Catalog>();
  bool changed = !before || before->datasets.size() + before->missing.size() != sources.size();
  for (const Source& source : sources) changed = Take(source, before.get(), *next) || changed;
  if (changed) {
    Complete(*next, before.get(), options);
    const auto changes = before ? NewChanges(*before, *next) : std::vector<Change>();
    Replace(std::move(next));
    for (const Change& change : changes) feed.Say(change.dataset->id, ToEvent(change));
    base::ReleaseCode();  // reading Parquet takes 14 MB of it, which serving hardly uses
  }
  std::erase_if(retired, [](const auto& catalog) { return catalog.use_count() == 1; });
}

// What many long answers at once took stays with the allocator else.
void Service::Impl::GiveBackMemory() {
  if (!has_worked.exchange(false)) return;
#ifdef __GLIBC__
  ::malloc_trim(0);
#endif
}

Service::Service(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Service::~Service() {
  StopPolling();
}

base::Result<std::unique_ptr<Service>> Service::Open(ServiceOptions options, const base::Clock& clock) {
  auto impl = std::make_unique<Impl>(std::move(options), clock);
  TIDEMILL_CHECK(impl->Open());
  return std::unique_ptr<Service>(new Service(std::move(impl)));
}

http::Response Service::Handle(const http::Request& request) const {
  const auto catalog = impl_->Current();
  impl_->has_worked = true;
  return catalog->answers->Keep(
      request, EncodeAnswer(request, Answer(request, *catalog, impl_->options, impl_->metrics, impl_->feed)));
}

void Service::Observe(const http::Exchange& exchange) const {
  impl_->metrics.Observe(exchange);
}

void Service::SetGauges(std::function<ServerGauges()> gauges) const {
  impl_->metrics.SetGauges(std::move(gauges));
}

bool Service::HandleFast(const http::Request& request, http::Prepared& prepared) const {
  if (request.method != "GET" && request.method != "HEAD") return false;
  const auto catalog = impl_->Current();
  if (AnswerCache::MayHold(request)) return SendKept(request, *catalog->answers, prepared);
  return catalog->hot && SendHot(request, catalog->hot, prepared);
}

http::Response Service::Refuse(int status, std::string_view detail) {
  return ToResponse({ProblemNameOf(status), std::string(detail), {}}, {});
}

void Service::Poll() {
  const std::lock_guard lock(impl_->poll_mutex);
  // A store that cannot be listed now keeps what it had.
  if (const auto sources = impl_->Sources()) impl_->Refresh(*sources);
  impl_->feed.Beat();
}

void Service::StartPolling() {
  impl_->poller = std::jthread([this](const std::stop_token& stop) {
    // Comments are due whether looks for new versions are rare or not.
    const base::Duration step = std::min(impl_->options.poll, impl_->options.heartbeat);
    base::Time next = impl_->clock.Now() + impl_->options.poll;
    while (impl_->clock.SleepFor(step, stop)) {
      if (impl_->clock.Now() >= next) {
        Poll();
        impl_->GiveBackMemory();
        next = impl_->clock.Now() + impl_->options.poll;
      } else {
        impl_->feed.Beat();
      }
    }
  });
}

void Service::StopPolling() {
  impl_->poller.request_stop();
  if (impl_->poller.joinable()) impl_->poller.join();
}

void Service::EndStreams() {
  impl_->feed.End();
}

std::map<std::string, std::int64_t> Service::Datasets() const {
  std::map<std::string, std::int64_t> all;
  for (const auto& [id, dataset] : impl_->Current()->datasets) all[id] = dataset->vintage;
  return all;
}

std::map<std::string, std::string> Service::Missing() const {
  return impl_->Current()->missing;
}

}  // namespace tidemill::data_api
