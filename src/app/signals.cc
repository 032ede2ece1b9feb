// SPDX-License-Identifier: Apache-2.0
#include "signals.h"

#include <array>
#include <csignal>
#include <cstdint>

#include <poll.h>
#include <sys/eventfd.h>
#include <sys/signalfd.h>
#include <unistd.h>

namespace tidemill::app {
namespace {

sigset_t Endings() {
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGINT);
  sigaddset(&set, SIGTERM);
  return set;
}

}  // namespace

SignalStop::SignalStop() {
  const sigset_t set = Endings();
  pthread_sigmask(SIG_BLOCK, &set, nullptr);
  std::signal(SIGPIPE, SIG_IGN);
  std::signal(SIGXFSZ, SIG_IGN);  // a file that may not grow is an error of its write
  signals_ = ::signalfd(-1, &set, SFD_CLOEXEC);
  wake_ = ::eventfd(0, EFD_CLOEXEC);
  listener_ = std::thread([this] { Listen(); });
}

SignalStop::~SignalStop() {
  const std::uint64_t one = 1;
  if (::write(wake_, &one, sizeof one) == sizeof one) listener_.join();
  ::close(signals_);
  ::close(wake_);
}

void SignalStop::Listen() {
  bool asked = false;
  for (;;) {
    std::array<pollfd, 2> waiting{{{signals_, POLLIN, 0}, {wake_, POLLIN, 0}}};
    if (::poll(waiting.data(), waiting.size(), -1) < 0) continue;
    if (waiting[1].revents != 0) return;
    signalfd_siginfo info{};
    if (::read(signals_, &info, sizeof info) != sizeof info) continue;
    if (asked) {
      const int number = static_cast<int>(info.ssi_signo);
      const sigset_t set = Endings();
      std::signal(number, SIG_DFL);
      pthread_sigmask(SIG_UNBLOCK, &set, nullptr);
      std::raise(number);
    }
    asked = true;
    stop_.request_stop();
  }
}

}  // namespace tidemill::app
