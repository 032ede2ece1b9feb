// SPDX-License-Identifier: Apache-2.0
#include "journal.h"

#include <atomic>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <mutex>
#include <sstream>

#include <poll.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "tidemill/base/descriptor.h"
#include "tidemill/base/text.h"

namespace tidemill::worker {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kProcess = "process";

std::string FirstLineOf(const std::string& file) {
  std::ifstream in(file);
  std::string line;
  std::getline(in, line);
  return line;
}

std::string BootId() {
  return FirstLineOf("/proc/sys/kernel/random/boot_id");
}

// The 22nd field of /proc/PID/stat; the name in parentheses before may hold blanks. Empty where there is no process.
std::string StartOf(pid_t pid) {
  const std::string line = FirstLineOf(fmt::format("/proc/{}/stat", pid));
  const std::size_t name_end = line.rfind(')');
  if (name_end == std::string::npos || name_end + 2 > line.size()) return {};
  const auto fields = base::Split(std::string_view(line).substr(name_end + 2), ' ');
  constexpr std::size_t kStartAfterName = 19;
  if (fields.size() <= kStartAfterName || fields[0] == "Z") return {};
  return std::string(fields[kStartAfterName]);
}

pid_t PidOf(const std::string& identifier) {
  const std::size_t colon = identifier.rfind(':');
  const auto pid = base::ParseInt(std::string_view(identifier).substr(colon == std::string::npos ? 0 : colon + 1));
  return pid && *pid > 1 && *pid < (1 << 30) ? static_cast<pid_t>(*pid) : 0;
}

// A process that another one started: its end can be seen, its exit code cannot.
class Adopted final : public Execution {
 public:
  Adopted(pid_t pid, int descriptor, std::string identifier)
      : pid_(pid), process_(descriptor), identifier_(std::move(identifier)) {}
  std::string identifier() const override { return identifier_; }
  base::Result<int> Wait() override {
    for (;;) {
      pollfd waiting{process_.get(), POLLIN, 0};
      if (::poll(&waiting, 1, 200) > 0) break;
      const std::lock_guard lock(mutex_);
      if (kill_at_ && std::chrono::steady_clock::now() >= *kill_at_) ::kill(-pid_, SIGKILL);
    }
    ended_ = true;
    return base::Fail(base::ErrorCode::kInternal, "its agent was not there when it ended");
  }
  void Stop(std::chrono::milliseconds grace) override {
    if (ended_) return;
    ::kill(-pid_, SIGTERM);
    const std::lock_guard lock(mutex_);
    if (!kill_at_) kill_at_ = std::chrono::steady_clock::now() + grace;
  }

 private:
  const pid_t pid_;
  const base::Descriptor process_;
  const std::string identifier_;
  std::mutex mutex_;
  std::atomic<bool> ended_ = false;
  std::optional<std::chrono::steady_clock::time_point> kill_at_;
};

std::unique_ptr<Execution> Adopt(const std::string& identifier, const std::string& start, const std::string& boot) {
  const pid_t pid = PidOf(identifier);
  if (pid == 0 || start.empty() || boot != BootId()) return nullptr;
  const int descriptor = static_cast<int>(::syscall(SYS_pidfd_open, pid, 0));
  if (descriptor < 0) return nullptr;
  auto process = std::make_unique<Adopted>(pid, descriptor, identifier);
  // Looked at with the descriptor in hand: from here on the number cannot become another's.
  return StartOf(pid) == start ? std::move(process) : nullptr;
}

}  // namespace

Journal::Journal(std::string folder) : folder_(std::move(folder)) {
  std::error_code ignored;
  if (!folder_.empty()) fs::create_directories(folder_, ignored);
}

void Journal::Note(const std::string& flow_run_id, const Place& place) const {
  const bool is_process = place.type == kProcess;
  const std::string start = is_process ? StartOf(PidOf(place.identifier)) : std::string();
  if (folder_.empty() || (is_process && start.empty())) return;  // it has ended already
  std::ofstream out(folder_ + "/" + flow_run_id);
  out << place.identifier << "\n" << start << "\n" << BootId() << "\n" << place.type << "\n" << place.pool << "\n";
}

void Journal::Forget(const std::string& flow_run_id) const {
  std::error_code ignored;
  if (!folder_.empty()) fs::remove(folder_ + "/" + flow_run_id, ignored);
}

std::vector<Journal::Entry> Journal::Read() const {
  std::vector<Entry> entries;
  std::error_code error;
  if (folder_.empty()) return entries;
  for (const auto& file : fs::directory_iterator(folder_, error)) {
    std::ifstream in(file.path());
    Entry entry;
    std::string start;
    std::string boot;
    std::getline(in, entry.place.identifier);
    std::getline(in, start);
    std::getline(in, boot);
    std::getline(in, entry.place.type);
    std::getline(in, entry.place.pool);
    entry.flow_run_id = file.path().filename().string();
    entry.process = Adopt(entry.place.identifier, start, boot);
    entries.push_back(std::move(entry));
  }
  return entries;
}

}  // namespace tidemill::worker
