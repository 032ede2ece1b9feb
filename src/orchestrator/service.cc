// SPDX-License-Identifier: Apache-2.0
#include "tidemill/orchestrator/service.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <exception>
#include <filesystem>
#include <mutex>
#include <optional>
#include <stop_token>
#include <system_error>
#include <thread>
#include <utility>
#include <vector>

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <unistd.h>

#include "tidemill/base/descriptor.h"
#include "tidemill/base/json_writer.h"
#include "tidemill/base/seal.h"
#include "tidemill/base/sha256.h"
#include "tidemill/base/text.h"
#include "tidemill/db/migrate.h"
#include "tidemill/db/readers.h"
#include "tidemill/db/writer.h"
#include "tidemill/http/router.h"
#include "tidemill/http/web_socket.h"

#include "body.h"
#include "call.h"
#include "concurrency_limits.h"
#include "gate.h"
#include "hooks.h"
#include "log_tail.h"
#include "outbox.h"
#include "rounds.h"
#include "routes.h"
#include "scheduling.h"
#include "settings.h"
#include "sockets.h"
#include "streams.h"
#include "tidemill_embedded/migration_1.h"
#include "tidemill_embedded/migration_2.h"
#include "tidemill_embedded/migration_3.h"
#include "tidemill_embedded/migration_4.h"
#include "tidemill_embedded/migration_5.h"
#include "tidemill_embedded/migration_6.h"
#include "tidemill_embedded/migration_7.h"
#include "tidemill_embedded/migration_8.h"
#include "work.h"

namespace tidemill::orchestrator {
namespace {

constexpr std::string_view kPrefix = "/api";

http::Response ToResponse(Answer answer) {
  http::Response response{.status = answer.status, .headers = {}, .body = std::move(answer.body), .shared = {}};
  if (!response.body.empty()) response.headers.emplace_back("Content-Type", "application/json");
  if (answer.status == 401) response.headers.emplace_back("WWW-Authenticate", "Basic");
  if (answer.retry_after > 0) response.headers.emplace_back("Retry-After", std::to_string(answer.retry_after));
  return response;
}

struct Found {
  const Route* route;
  std::vector<std::string> values;
};

// The braces' values, with UUIDs in their usual form; nothing where the pattern does not fit or a UUID is none.
std::optional<std::vector<std::string>> Match(std::string_view pattern, std::string_view path) {
  auto values = http::MatchPath(pattern, path);
  if (!values) return std::nullopt;
  std::size_t brace = 0;
  for (std::string& value : *values) {
    brace = pattern.find('{', brace) + 1;
    if (!pattern.substr(brace, pattern.find('}', brace) - brace).ends_with("id")) continue;
    auto id = ParseId(value);
    if (!id) return std::nullopt;
    value = *std::move(id);
  }
  return values;
}

Outcome<Found> FindRoute(std::string_view method, std::string_view path) {
  for (const Route& route : Routes()) {
    if (route.method != method) continue;
    if (auto values = Match(route.pattern, path)) return Found{&route, *std::move(values)};
  }
  const bool known = std::any_of(Routes().begin(), Routes().end(),
                                 [&](const Route& route) { return Match(route.pattern, path).has_value(); });
  return known ? Refuse(405, "Method Not Allowed") : Refuse(404, "Not Found");
}

// What seals the blocks: the digest of what the operator gave, else a key of its own in a file that only its owner
// reads.
base::Result<std::string> LoadSecretKey(const ServiceOptions& options) {
  if (!options.secret_key.empty()) {
    const base::Sha256Digest digest = base::Sha256(options.secret_key);
    std::string key(digest.size(), '\0');
    std::copy(digest.begin(), digest.end(), key.begin());
    return key;
  }
  const std::string file = options.folder + "/secret.key";
  std::string key(base::kSealKeyBytes, '\0');
  base::Descriptor known(::open(file.c_str(), O_RDONLY | O_CLOEXEC));
  if (known.get() >= 0) {
    if (::read(known.get(), key.data(), key.size()) != static_cast<ssize_t>(key.size())) {
      return base::FailAt(base::ErrorCode::kMalformed, file, "the key is cut short: expected {} bytes", key.size());
    }
    return key;
  }
  key = base::SecureRandom(base::kSealKeyBytes);
  base::Descriptor made(::open(file.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600));
  if (key.empty() || made.get() < 0 ||
      ::write(made.get(), key.data(), key.size()) != static_cast<ssize_t>(key.size()) || ::fsync(made.get()) != 0) {
    return base::FailAt(base::ErrorCode::kUnavailable, file, "cannot be written: is the disk full?");
  }
  return key;
}

// Of two servers on one database the second is refused; the kernel frees the lock whatever ends the first.
base::Result<base::Descriptor> Lock(const std::string& folder) {
  const std::string file = folder + "/server.lock";
  base::Descriptor lock(::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600));
  if (lock.get() < 0) return base::FailAt(base::ErrorCode::kForbidden, file, "cannot be written");
  if (::flock(lock.get(), LOCK_EX | LOCK_NB) != 0) {
    std::array<char, 32> text{};
    const auto size = ::read(lock.get(), text.data(), text.size());
    return base::FailAt(base::ErrorCode::kConflict, folder, "another server (process {}) uses this database",
                        base::Trim({text.data(), static_cast<std::size_t>(std::max<ssize_t>(size, 0))}));
  }
  const std::string pid = std::to_string(::getpid()) + "\n";
  if (::ftruncate(lock.get(), 0) != 0 || ::write(lock.get(), pid.data(), pid.size()) < 0) {
    return base::FailAt(base::ErrorCode::kUnavailable, file, "cannot be written: is the disk full?");
  }
  return lock;
}

// What the handler answers; an exception of a library is a failure with its text as cause.
Outcome<Answer> Guarded(const std::function<Outcome<Answer>(Call&)>& handle, Call& call) {
  try {
    return handle(call);
  } catch (const std::exception& error) {
    return tl::unexpected(Refused(base::Error{.code = base::ErrorCode::kInternal, .message = error.what()}));
  }
}

base::Error ErrorOf(std::string_view what, const Refused& refused) {
  return {.code = base::ErrorCode::kInternal,
          .message = fmt::format("{}: {}", what, refused.cause.empty() ? refused.answer.body : refused.cause)};
}

// The background services: what one does, how much of it in one command at most (so that requests pass in between: some
// milliseconds of work), how often.
struct Round {
  std::string_view name;
  Outcome<bool> (*run)(Call& call, std::int64_t most);
  std::int64_t most;
  base::Duration every;
};
constexpr std::array kRounds{Round{"the scheduler", PlanDueRuns, 50, std::chrono::seconds(1)},
                             Round{"the backfills", ReleaseBackfills, 20, std::chrono::seconds(1)},
                             Round{"catching up", SkipLateRuns, 20, std::chrono::seconds(5)},
                             Round{"the marking of late runs", MarkLateRuns, 20, std::chrono::seconds(5)},
                             Round{"the expiry of pauses", ExpirePauses, 20, std::chrono::seconds(5)},
                             Round{"the end of what was cancelled", EndCancelled, 20, std::chrono::seconds(5)},
                             Round{"the end of leases", EndLeases, 1000, std::chrono::seconds(5)},
                             Round{"the reaper", ReapRuns, 20, std::chrono::seconds(15)},
                             Round{"the automations", RunAutomations, 20, std::chrono::seconds(1)},
                             Round{"retention", Retain, 500, std::chrono::hours(1)},
                             Round{"the size of the database", KeepSize, 500, std::chrono::minutes(1)}};

}  // namespace

struct Service::Impl {
  Impl(ServiceOptions given, const base::Clock& used_clock, std::function<std::uint64_t()> source)
      : options(std::move(given)), clock(used_clock), drawn(std::move(source)), readers(File()), started(clock.Now()) {}

  std::string File() const { return options.folder + "/orchestrator.db"; }
  static std::vector<RoundSeen> SeenRounds();
  base::Status Begin();
  Outcome<http::Response> Dispatch(const http::Request& request);
  Outcome<Answer> Read(const std::function<Outcome<Answer>(db::Connection&)>& handle);
  Outcome<Answer> Write(const std::function<Outcome<Answer>(Call&)>& handle);
  Outcome<Answer> Clear(const http::Request& request);
  Outcome<Answer> TellSettings();
  base::Result<bool> RunRound(const Round& round);
  bool HadItsTime(base::Time begun);
  void NoteRound(std::size_t number, const base::Result<bool>& done);
  base::Status NoteClock();
  // What goes wrong every second is told at once, then every ten minutes.
  void Complain(const base::Error& error, const std::function<void(const base::Error&)>& complain);
  // That the database's log cannot be written back is told once, and once that it can.
  void TellOfLog(const std::function<void(const base::Error&)>& complain);

  ServiceOptions options;
  const base::Clock& clock;
  std::function<std::uint64_t()> drawn;
  std::mutex random_mutex;
  std::function<std::uint64_t()> random = [this] {
    const std::lock_guard guard(random_mutex);
    return drawn();
  };
  std::optional<base::Descriptor> lock;  // given back last
  std::string secret_key;
  db::Readers readers;
  std::unique_ptr<db::Writer> writer;
  Streams streams{readers, clock};
  SocketNeeds sockets{.auth_string = options.auth_string,
                      .write = [this](const auto& handle) { return Write(handle); },
                      .streams = streams,
                      .clock = clock};
  std::array<base::Time, kRounds.size()> due{};
  std::mutex rounds_mutex;
  std::vector<RoundSeen> rounds = SeenRounds();
  bool services_run = false;  // as `rounds`
  base::Time started;
  base::Time seen{};      // the clock, by the last round of services
  std::string complaint;  // the last one of the services; empty: all went well since
  base::Time complained{};
  bool log_fails = false;  // was told
  bool gave_way = false;   // a round ended early for requests
  Outbox outbox;
  std::jthread services;  // ends first
};

Service::Service(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Service::~Service() = default;

base::Result<std::unique_ptr<Service>> Service::Open(ServiceOptions options, const base::Clock& clock,
                                                     std::function<std::uint64_t()> random) {
  std::error_code error;
  const bool is_new = std::filesystem::create_directories(options.folder, error);
  // Logs, parameters and the addresses of hooks are nobody else's on this machine.
  if (is_new) std::filesystem::permissions(options.folder, std::filesystem::perms::owner_all, error);
  if (error) return base::FailAt(base::ErrorCode::kForbidden, options.folder, "cannot be made: {}", error.message());
  auto impl = std::make_unique<Impl>(std::move(options), clock, std::move(random));
  TIDEMILL_ASSIGN(auto lock, Lock(impl->options.folder));
  impl->lock.emplace(std::move(lock));
  TIDEMILL_ASSIGN(impl->secret_key, LoadSecretKey(impl->options));
  TIDEMILL_ASSIGN(auto connection, db::Connection::Open(impl->File(), db::OpenMode::kReadWrite));
  const std::array<std::string_view, 8> migrations{
      embedded::migration_1(), embedded::migration_2(), embedded::migration_3(), embedded::migration_4(),
      embedded::migration_5(), embedded::migration_6(), embedded::migration_7(), embedded::migration_8()};
  TIDEMILL_CHECK(db::Migrate(*connection, migrations));
  impl->writer = std::make_unique<db::Writer>(std::move(connection));
  TIDEMILL_CHECK(impl->Begin());
  return std::unique_ptr<Service>(new Service(std::move(impl)));
}

// Agents of 2.11 expect their pool and its queue to be there.
base::Status Service::Impl::Begin() {
  const auto begun = Write([this](Call& call) -> Outcome<Answer> {
    TIDEMILL_CHECK(FindQueue(call, std::string(kAgentPool), "default"));
    TIDEMILL_CHECK(NoteClockAtStart(call));
    TIDEMILL_CHECK(NoteMostBytes(call, options.most_bytes));
    return Answer{};
  });
  if (!begun) return tl::unexpected(ErrorOf("cannot begin", begun.error()));
  return {};
}

// An empty database, for conformance suites; only where the operator allows it.
Outcome<Answer> Service::Impl::Clear(const http::Request& request) {
  TIDEMILL_ASSIGN(const json::value body, ParseBody(request.body));
  Members members(body);
  const bool confirmed = members.Bool("confirm").value_or(false);
  TIDEMILL_CHECK(members.Check());
  if (!confirmed) return Refuse(400, "confirm: true was expected");
  const auto cleared = Write([](Call& call) -> Outcome<Answer> {
    for (const std::string_view table : {"flow_run_input",
                                         "flow_run",
                                         "task_run",
                                         "run_state",
                                         "task_cache",
                                         "deployment_schedule",
                                         "deployment",
                                         "flow",
                                         "worker",
                                         "work_queue",
                                         "work_pool",
                                         "log",
                                         "variable",
                                         "artifact",
                                         "block_document",
                                         "block_schema",
                                         "block_type",
                                         "lease",
                                         "concurrency_limit",
                                         "event",
                                         "automation_wait",
                                         "automation_fired",
                                         "automation",
                                         "outgoing",
                                         "hook",
                                         "backfill_slot",
                                         "backfill",
                                         "configuration"}) {
      TIDEMILL_CHECK(call.db.Change(fmt::format("DELETE FROM {}", table)));
    }
    return Answer{};
  });
  if (!cleared) return cleared;
  const base::Status begun = Begin();
  if (!begun) return tl::unexpected(Refused(begun.error()));
  return NoContent();
}

std::vector<RoundSeen> Service::Impl::SeenRounds() {
  std::vector<RoundSeen> none;
  for (const Round& round : kRounds)
    none.push_back({.name = round.name, .every = round.every, .ran = {}, .problem = {}});
  return none;
}

void Service::Impl::NoteRound(std::size_t number, const base::Result<bool>& done) {
  const std::lock_guard guard(rounds_mutex);
  rounds[number].ran = clock.Now();
  rounds[number].problem = done ? "" : done.error().message;
}

Outcome<Answer> Service::Impl::TellSettings() {
  std::vector<RoundSeen> told;
  bool run = false;
  {
    const std::lock_guard guard(rounds_mutex);
    told = rounds;
    run = services_run;
  }
  told.push_back({.name = "the writing back of the log", .every = {}, .ran = {}, .problem = writer->log_problem()});
  return Read([&](db::Connection& connection) {
    static const json::value kNothing;
    Call call{.db = connection, .now = clock.Now(), .random = random, .body = kNothing};
    return PageSettings(call, {.options = options, .started = started, .services = run, .rounds = told});
  });
}

Outcome<Answer> Service::Impl::Read(const std::function<Outcome<Answer>(db::Connection&)>& handle) {
  Outcome<Answer> answer = Refuse(500, "the command failed");
  const base::Status status = readers.Run([&](db::Connection& connection) { answer = handle(connection); });
  if (!status) return tl::unexpected(Refused(status.error()));
  return answer;
}

// A command without a request, or what a request makes of it; streams hear of it when it is committed.
Outcome<Answer> Service::Impl::Write(const std::function<Outcome<Answer>(Call&)>& handle) {
  static const json::value kNothing;
  Outcome<Answer> answer = Refuse(500, "the command failed");
  Noted noted;
  const base::Status status = writer->Run([&](db::Connection& connection) {
    Call call{.db = connection,
              .now = clock.Now(),
              .random = random,
              .body = kNothing,
              .secret_key = secret_key,
              .noted = &noted};
    answer = Guarded(handle, call);
    return answer.has_value();
  });
  if (!status) return tl::unexpected(Refused(status.error()));
  if (noted.events || noted.logs) streams.Wake();
  return answer;
}

Outcome<http::Response> Service::Impl::Dispatch(const http::Request& request) {
  TIDEMILL_CHECK(CheckOrigin(request, options.allowed_hosts));
  std::string_view path = request.path;
  if (!path.starts_with(kPrefix)) return Refuse(404, "Not Found");
  path.remove_prefix(kPrefix.size());
  if (path.size() > 1 && path.ends_with('/')) path.remove_suffix(1);
  const bool open = path == "/health" || path == "/ready" || IsHookPath(request.method, path);
  if (!open && !AuthorizesLater(request, path)) TIDEMILL_CHECK(CheckPassword(request, options.auth_string));
  TIDEMILL_CHECK(CheckApiVersion(request));
  if (auto socket = OpenSocket(request, path, sockets)) return *std::move(socket);
  if (auto tail = OpenLogTail(request, path, streams, readers)) return *std::move(tail);
  if (options.allow_clear && request.method == "POST" && path == "/admin/database/clear") {
    TIDEMILL_ASSIGN(Answer cleared, Clear(request));
    return ToResponse(std::move(cleared));
  }
  if (request.method == "GET" && path == "/pages/settings") {
    TIDEMILL_ASSIGN(Answer told, TellSettings());
    return ToResponse(std::move(told));
  }
  TIDEMILL_ASSIGN(Found found, FindRoute(request.method, path));
  TIDEMILL_ASSIGN(const json::value body, ParseBody(request.body));
  const auto handle = [&](db::Connection& connection, Noted* noted) {
    Call call{.db = connection,
              .now = clock.Now(),
              .random = random,
              .path = found.values,
              .body = body,
              .query = request.query,
              .secret_key = secret_key,
              .worker = http::FieldValue(request, "x-prefect-worker-name"),
              .host = http::FieldValue(request, "host"),
              .noted = noted};
    return found.route->handler(call);
  };
  Outcome<Answer> answer = found.route->access == Access::kRead
                               ? Read([&](db::Connection& connection) { return handle(connection, nullptr); })
                               : Write([&](Call& call) { return handle(call.db, call.noted); });
  if (!answer) return tl::unexpected(std::move(answer.error()));
  return ToResponse(*std::move(answer));
}

http::Response Service::Handle(const http::Request& request) {
  Outcome<http::Response> answer = impl_->Dispatch(request);
  return answer ? *std::move(answer) : ToResponse(std::move(answer.error().answer));
}

// The more a round does at once the less it writes for each: many of its pages are the same. Requests wait meanwhile.
bool Service::Impl::HadItsTime(base::Time begun) {
  constexpr std::chrono::milliseconds kAlone{100}, kAwaited{20};
  const base::Duration spent = clock.Now() - begun;
  const bool awaited = spent >= kAwaited && writer->others_wait();
  gave_way = gave_way || awaited;
  return spent >= kAlone || awaited;
}

// One command of a round; true where more of it waits.
base::Result<bool> Service::Impl::RunRound(const Round& round) {
  Outcome<bool> more = false;
  const Outcome<Answer> done = Write([&](Call& call) -> Outcome<Answer> {
    call.enough = [this, begun = call.now] { return HadItsTime(begun); };
    more = round.run(call, round.most);
    if (!more) return tl::unexpected(more.error());
    return Answer{};
  });
  if (!done) return tl::unexpected(ErrorOf(round.name, done.error()));
  return *more;
}

// Clocks are set right by small steps all the time; more than a second is worth a correction.
base::Status Service::Impl::NoteClock() {
  const base::Time now = clock.Now();
  const base::Duration back = std::exchange(seen, now) - now;
  if (back <= std::chrono::seconds(1)) return {};
  const Outcome<Answer> done = Write([&](Call& call) -> Outcome<Answer> {
    TIDEMILL_CHECK(NoteClockSetBack(call, back));
    return Answer{};
  });
  if (!done) return tl::unexpected(ErrorOf("the clock's setting back", done.error()));
  return {};
}

base::Result<bool> Service::RunServices(const std::stop_token& stop) {
  TIDEMILL_CHECK(impl_->NoteClock());
  bool more = false;
  std::vector<std::string> failed;
  for (std::size_t i = 0; i < kRounds.size(); ++i) {
    const base::Time now = impl_->clock.Now();
    // A clock that was set back must not stop a round for as long.
    if (now < impl_->due[i] && impl_->due[i] - now <= kRounds[i].every) continue;
    const auto left = impl_->RunRound(kRounds[i]);
    impl_->NoteRound(i, left);
    if (!left) failed.push_back(left.error().message);
    if (left && *left) {
      more = true;
    } else {
      impl_->due[i] = now + kRounds[i].every;
    }
  }
  const auto sent = impl_->outbox.SendDue(impl_->sockets.write, stop);
  if (!sent) failed.push_back(ErrorOf("the outbox", sent.error()).message);
  if (!failed.empty()) return base::Fail(base::ErrorCode::kInternal, "{}", base::Join(failed, "; "));
  return more;
}

void Service::EndStreams() {
  impl_->streams.End();
}

void Service::Impl::Complain(const base::Error& error, const std::function<void(const base::Error&)>& complain) {
  constexpr std::chrono::minutes kAgain{10};
  const base::Time now = clock.Now();
  if (error.message == complaint && now >= complained && now - complained < kAgain) return;
  complaint = error.message;
  complained = now;
  complain(error);
}

void Service::Impl::TellOfLog(const std::function<void(const base::Error&)>& complain) {
  const std::string problem = writer->log_problem();
  if (problem.empty() == !log_fails) return;
  log_fails = !problem.empty();
  complain({.code = base::ErrorCode::kUnavailable,
            .message = log_fails ? "the database's log cannot be written back, so it grows: " + problem
                                 : "the database's log is written back again"});
}

base::Status Service::StartServices(std::function<void(const base::Error&)> complain) {
  const auto run = [this, complain = std::move(complain)](const std::stop_token& stop) {
    constexpr std::chrono::milliseconds kPause{1000}, kWay{100};
    while (!stop.stop_requested()) {
      const auto more = RunServices(stop);
      if (!more) impl_->Complain(more.error(), complain);
      if (more) impl_->complaint.clear();
      impl_->TellOfLog(complain);
      // Short rounds between requests write more than long ones after them.
      const bool waits = std::exchange(impl_->gave_way, false);
      if (more && *more && !waits) continue;
      if (!impl_->clock.SleepFor(more && *more ? kWay : kPause, stop)) return;
    }
  };
  try {
    impl_->services = std::jthread(run);
    const std::lock_guard guard(impl_->rounds_mutex);
    impl_->services_run = true;
  } catch (const std::system_error& error) {
    return base::Fail(base::ErrorCode::kUnavailable, "the background services cannot be started: {}", error.what());
  }
  return {};
}

http::Response Service::RefusalOf(int status, std::string_view detail) {
  base::JsonWriter json;
  json.BeginObject().Key("exception_message").String(detail).EndObject();
  return ToResponse({.status = status, .body = json.Take()});
}

}  // namespace tidemill::orchestrator
