// SPDX-License-Identifier: Apache-2.0
#include "tidemill/worker/process.h"

#include <array>
#include <atomic>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <map>
#include <mutex>
#include <thread>

#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tidemill/base/descriptor.h"
#include "tidemill/base/text.h"

#include "line_cutter.h"

extern char** environ;

namespace tidemill::worker {
namespace {

using base::ErrorCode;
using base::Fail;
using base::Result;

using prefect::TextIn;
namespace json = prefect::json;

// The words of a command given as a text or a list; else what the entrypoint needs.
Result<std::vector<std::string>> CommandOf(const Job& job, const ProcessOptions& options) {
  const json::value* said = prefect::Find(job.variables, "command");
  if (said != nullptr && said->is_array()) {
    std::vector<std::string> words;
    for (const json::value& word : said->get_array()) words.push_back(prefect::AsText(word));
    if (!words.empty()) return words;
  } else if (said != nullptr && said->is_string()) {
    TIDEMILL_ASSIGN(auto words, SplitCommand(prefect::AsText(*said)));
    if (!words.empty()) return words;
  }
  const std::size_t colon = job.entrypoint.rfind(':');
  if (std::string_view(job.entrypoint).substr(0, colon).ends_with(".toml")) {
    return std::vector<std::string>{options.program, "flow-run", "execute", job.flow_run_id};
  }
  return std::vector<std::string>{options.python, "-m", "prefect.engine"};
}

// This process's environment with the job's over it.
std::vector<std::string> EnvironmentOf(const Job& job) {
  std::map<std::string, std::string> all;
  for (char** entry = environ; *entry != nullptr; ++entry) {
    const std::string_view text = *entry;
    const std::size_t equals = text.find('=');
    if (equals != std::string_view::npos) all[std::string(text.substr(0, equals))] = text.substr(equals + 1);
  }
  for (const auto& [name, value] : job.environment) all[name] = value;
  std::vector<std::string> out;
  out.reserve(all.size());
  for (const auto& [name, value] : all) out.push_back(name + "=" + value);
  return out;
}

std::vector<char*> Pointers(std::vector<std::string>& texts) {
  std::vector<char*> pointers;
  for (std::string& text : texts) pointers.push_back(text.data());
  pointers.push_back(nullptr);
  return pointers;
}

struct Pipe {
  base::Descriptor read, write;
};

Result<Pipe> OpenPipe() {
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) return Fail(ErrorCode::kInternal, "no pipe: {}", std::strerror(errno));
  return Pipe{.read = base::Descriptor(ends[0]), .write = base::Descriptor(ends[1])};
}

// posix_spawn's settings, freed at the end of their life.
class SpawnSettings {
 public:
  SpawnSettings(int output, const std::string& folder) {
    ::posix_spawn_file_actions_init(&actions_);
    ::posix_spawnattr_init(&attributes_);
    ::posix_spawn_file_actions_adddup2(&actions_, output, STDOUT_FILENO);
    ::posix_spawn_file_actions_adddup2(&actions_, output, STDERR_FILENO);
    ::posix_spawn_file_actions_addopen(&actions_, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    if (!folder.empty()) ::posix_spawn_file_actions_addchdir_np(&actions_, folder.c_str());
    // A group of its own, and signals as a fresh program has them: this one blocks those it waits for.
    sigset_t none;
    sigset_t defaults;
    sigemptyset(&none);
    sigemptyset(&defaults);
    for (const int number : {SIGINT, SIGTERM, SIGPIPE, SIGXFSZ}) sigaddset(&defaults, number);
    ::posix_spawnattr_setsigmask(&attributes_, &none);
    ::posix_spawnattr_setsigdefault(&attributes_, &defaults);
    ::posix_spawnattr_setpgroup(&attributes_, 0);
    ::posix_spawnattr_setflags(&attributes_, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
  }
  SpawnSettings(const SpawnSettings&) = delete;
  SpawnSettings& operator=(const SpawnSettings&) = delete;
  ~SpawnSettings() {
    ::posix_spawn_file_actions_destroy(&actions_);
    ::posix_spawnattr_destroy(&attributes_);
  }
  const posix_spawn_file_actions_t* actions() const { return &actions_; }
  const posix_spawnattr_t* attributes() const { return &attributes_; }

 private:
  posix_spawn_file_actions_t actions_{};
  posix_spawnattr_t attributes_{};
};

class Process final : public Execution {
 public:
  Process(pid_t pid, base::Descriptor output, std::string host, std::function<void(std::string_view)> say)
      : pid_(pid), output_(std::move(output)), host_(std::move(host)), say_(std::move(say)) {}
  ~Process() override {
    if (!ended_) {
      Signal(SIGKILL);
      ::waitpid(pid_, nullptr, 0);
    }
  }

  std::string identifier() const override { return fmt::format("{}:{}", host_, pid_); }

  // What it leaves behind in its group dies with it: a run that has ended has no more work.
  Result<int> Wait() override {
    ReadOutput();
    int status = 0;
    while (::waitpid(pid_, &status, 0) < 0) {
      if (errno != EINTR) return Fail(ErrorCode::kInternal, "process {} is gone: {}", pid_, std::strerror(errno));
    }
    const std::lock_guard lock(mutex_);
    ended_ = true;
    ::kill(-pid_, SIGKILL);
    return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
  }

  void Stop(std::chrono::milliseconds grace) override {
    Signal(SIGTERM);
    const std::lock_guard lock(mutex_);
    if (!kill_at_) kill_at_ = std::chrono::steady_clock::now() + grace;
  }

 private:
  void Signal(int number) {
    const std::lock_guard lock(mutex_);
    if (!ended_) ::kill(-pid_, number);
  }

  bool IsGone() const {
    siginfo_t info{};
    return ::waitid(P_PID, static_cast<id_t>(pid_), &info, WEXITED | WNOHANG | WNOWAIT) != 0 || info.si_pid == pid_;
  }

  // Until its end, or the process is gone while a child of its own still holds the pipe.
  void ReadOutput() {
    LineCutter lines(say_);
    std::array<char, 8192> buffer{};
    for (;;) {
      pollfd waiting{output_.get(), POLLIN, 0};
      const int ready = ::poll(&waiting, 1, 200);
      KillWhenDue();
      if (ready == 0 && IsGone()) return;
      if (ready <= 0) continue;
      const ssize_t got = ::read(output_.get(), buffer.data(), buffer.size());
      if (got == 0 || (got < 0 && errno != EINTR)) break;
      if (got > 0) lines.Add({buffer.data(), static_cast<std::size_t>(got)});
    }
    // The pipe is closed; the process may still live, and be told to end.
    while (!IsGone()) {
      ::poll(nullptr, 0, 50);
      KillWhenDue();
    }
  }

  void KillWhenDue() {
    bool due = false;
    {
      const std::lock_guard lock(mutex_);
      due = kill_at_ && std::chrono::steady_clock::now() >= *kill_at_;
    }
    if (due) Signal(SIGKILL);
  }

  const pid_t pid_;
  const base::Descriptor output_;
  const std::string host_;
  const std::function<void(std::string_view)> say_;
  std::mutex mutex_;
  bool ended_ = false;
  std::optional<std::chrono::steady_clock::time_point> kill_at_;
};

Result<std::unique_ptr<Execution>> StartProcess(const Job& job, const ProcessOptions& options) {
  TIDEMILL_ASSIGN(std::vector<std::string> words, CommandOf(job, options));
  if (words.front() == "tidemill") words.front() = options.program;  // this one, be it in the search path or not
  std::vector<std::string> variables = EnvironmentOf(job);
  TIDEMILL_ASSIGN(Pipe pipe, OpenPipe());
  const SpawnSettings settings(pipe.write.get(), TextIn(job.variables, "working_dir"));
  const std::vector<char*> argv = Pointers(words);
  const std::vector<char*> envp = Pointers(variables);
  pid_t pid = 0;
  const int error =
      ::posix_spawnp(&pid, argv.front(), settings.actions(), settings.attributes(), argv.data(), envp.data());
  if (error != 0) {
    return Fail(ErrorCode::kInvalid, "cannot start {}: {}", base::Quoted(words.front()), std::strerror(error));
  }
  return std::make_unique<Process>(pid, std::move(pipe.read), options.host, job.say);
}

}  // namespace

Starter StartsProcesses(ProcessOptions options) {
  return [options = std::move(options)](const Job& job, const std::stop_token&) { return StartProcess(job, options); };
}

}  // namespace tidemill::worker
