// SPDX-License-Identifier: Apache-2.0
#include "tidemill/orchestrator/service.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <filesystem>
#include <mutex>
#include <optional>
#include <stop_token>
#include <thread>
#include <utility>

#include <fcntl.h>
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
#include "gate.h"
#include "routes.h"
#include "scheduling.h"
#include "sockets.h"
#include "streams.h"
#include "tidemill_embedded/migration_1.h"
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
  bool known = false;
  for (const Route& route : Routes()) {
    auto values = Match(route.pattern, path);
    if (!values) continue;
    if (route.method == method) return Found{&route, *std::move(values)};
    known = true;
  }
  return known ? Refuse(405, "Method Not Allowed") : Refuse(404, "Not Found");
}

// What seals the blocks: the digest of what the operator gave, else a key of its own in a file that only its owner
// reads.
base::Result<std::string> LoadSecretKey(const ServiceOptions& options) {
  if (!options.secret_key.empty()) {
    const base::Sha256Digest digest = base::Sha256(options.secret_key);
    return std::string(digest.begin(), digest.end());
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

}  // namespace

struct Service::Impl {
  Impl(ServiceOptions given, const base::Clock& used_clock, std::function<std::uint64_t()> source)
      : options(std::move(given)), clock(used_clock), drawn(std::move(source)), readers(File()) {}

  std::string File() const { return options.folder + "/orchestrator.db"; }
  base::Status MakeAgentPool();
  Outcome<http::Response> Dispatch(const http::Request& request);
  Outcome<Answer> Read(const std::function<Outcome<Answer>(db::Connection&)>& handle);
  Outcome<Answer> Write(const std::function<Outcome<Answer>(Call&)>& handle);

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
  std::jthread services;  // ends first
};

Service::Service(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Service::~Service() = default;

base::Result<std::unique_ptr<Service>> Service::Open(ServiceOptions options, const base::Clock& clock,
                                                     std::function<std::uint64_t()> random) {
  std::error_code error;
  std::filesystem::create_directories(options.folder, error);
  if (error) return base::FailAt(base::ErrorCode::kForbidden, options.folder, "cannot be made: {}", error.message());
  auto impl = std::make_unique<Impl>(std::move(options), clock, std::move(random));
  TIDEMILL_ASSIGN(auto lock, Lock(impl->options.folder));
  impl->lock.emplace(std::move(lock));
  TIDEMILL_ASSIGN(impl->secret_key, LoadSecretKey(impl->options));
  TIDEMILL_ASSIGN(auto connection, db::Connection::Open(impl->File(), db::OpenMode::kReadWrite));
  const std::array<std::string_view, 1> migrations{embedded::migration_1()};
  TIDEMILL_CHECK(db::Migrate(*connection, migrations));
  impl->writer = std::make_unique<db::Writer>(std::move(connection));
  TIDEMILL_CHECK(impl->MakeAgentPool());
  return std::unique_ptr<Service>(new Service(std::move(impl)));
}

// Agents of 2.11 expect their pool and its queue to be there.
base::Status Service::Impl::MakeAgentPool() {
  const json::value nothing;
  return writer->Run([&](db::Connection& connection) {
    Call call{.db = connection, .now = clock.Now(), .random = random, .body = nothing};
    return FindQueue(call, std::string(kAgentPool), "default").has_value();
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
    answer = handle(call);
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
  if (path != "/health" && path != "/ready" && !AuthorizesLater(request, path))
    TIDEMILL_CHECK(CheckPassword(request, options.auth_string));
  TIDEMILL_CHECK(CheckApiVersion(request));
  if (auto socket = OpenSocket(request, path, sockets)) return *std::move(socket);
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

base::Result<bool> Service::RunServices() {
  constexpr std::int64_t kDeployments = 20;  // of each at once, so that requests pass in between
  constexpr std::int64_t kRuns = 100;
  static const json::value kNothing;
  Outcome<bool> more = false;
  const base::Status status = impl_->writer->Run([&](db::Connection& connection) {
    Call call{.db = connection, .now = impl_->clock.Now(), .random = impl_->random, .body = kNothing};
    more = PlanDueRuns(call, kDeployments);
    if (!more) return false;
    const Outcome<bool> late = MarkLateRuns(call, kRuns);
    if (!late) return false;
    more = *more || *late;
    return true;
  });
  if (!status) return tl::unexpected(status.error());
  if (!more)
    return base::Fail(base::ErrorCode::kInternal, "a round of the services failed: {}", more.error().answer.body);
  return *more;
}

void Service::StartServices() {
  impl_->services = std::jthread([this](const std::stop_token& stop) {
    constexpr std::chrono::seconds kPause{5};
    while (!stop.stop_requested()) {
      const auto more = RunServices();
      if ((!more || !*more) && !impl_->clock.SleepFor(kPause, stop)) return;
    }
  });
}

http::Response Service::RefusalOf(int status, std::string_view detail) {
  base::JsonWriter json;
  json.BeginObject().Key("exception_message").String(detail).EndObject();
  return ToResponse({.status = status, .body = json.Take()});
}

}  // namespace tidemill::orchestrator
