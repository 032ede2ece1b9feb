// SPDX-License-Identifier: Apache-2.0
#include "event_loop.h"

#include <array>
#include <cerrno>
#include <cstddef>
#include <exception>
#include <system_error>
#include <utility>

#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/timerfd.h>
#include <unistd.h>

namespace tidemill::http {
namespace {

constexpr std::size_t kMostEvents = 256;  // of one turn

int Checked(int descriptor) {
  if (descriptor < 0) throw std::system_error(errno, std::generic_category(), "no event loop");
  return descriptor;
}

template <typename Call>
void Guarded(Call&& call) {
  try {
    call();
  } catch (const std::exception&) {  // no memory: a connection's deadline ends what it was about
    return;
  }
}

}  // namespace

EventLoop::EventLoop(std::chrono::milliseconds tick, std::function<void()> on_tick)
    : epoll_(Checked(::epoll_create1(EPOLL_CLOEXEC))),
      wake_(Checked(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK))),
      timer_(Checked(::timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK))),
      on_tick_(std::move(on_tick)) {
  const timespec step{.tv_sec = tick.count() / 1000, .tv_nsec = tick.count() % 1000 * 1'000'000};
  const itimerspec every{.it_interval = step, .it_value = step};
  Checked(::timerfd_settime(timer_.get(), 0, &every, nullptr));
  if (!Control(EPOLL_CTL_ADD, wake_.get(), EPOLLIN | EPOLLET, &wake_)) Checked(-1);
  if (!Control(EPOLL_CTL_ADD, timer_.get(), EPOLLIN, &timer_)) Checked(-1);
}

bool EventLoop::Control(int operation, int descriptor, std::uint32_t events, void* data) {
  epoll_event event{};
  event.events = events;
  event.data.ptr = data;
  return ::epoll_ctl(epoll_.get(), operation, descriptor, &event) == 0;
}

// On the edges alone, so nothing is said again while a connection waits, and nothing is asked of the system between
// one request and the next.
constexpr std::uint32_t kEdges = EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLET;

bool EventLoop::Watch(int descriptor, Watched& watched) {
  return Control(EPOLL_CTL_ADD, descriptor, kEdges, &watched);
}

void EventLoop::Rewatch(int descriptor, Watched& watched) {
  Control(EPOLL_CTL_MOD, descriptor, kEdges, &watched);
}

// A process that is being started may hold a copy of the socket for a moment, so closing would not be enough.
void EventLoop::Forget(int descriptor) {
  Control(EPOLL_CTL_DEL, descriptor, 0, nullptr);
}

void EventLoop::Post(std::function<void()> job) {
  {
    const std::lock_guard lock(mutex_);
    jobs_.push_back(std::move(job));
    if (jobs_.size() > 1) return;  // the loop has been woken for the first
  }
  const std::uint64_t one = 1;
  [[maybe_unused]] const ssize_t written = ::write(wake_.get(), &one, sizeof one);  // each write is an edge of its own
}

void EventLoop::RunJobs() {
  std::vector<std::function<void()>> jobs;
  {
    const std::lock_guard lock(mutex_);
    jobs.swap(jobs_);
  }
  for (auto& job : jobs) {
    Guarded([&] {
      job();
      job = nullptr;
    });
  }
}

void EventLoop::Tick() {
  std::uint64_t ticks = 0;
  if (::read(timer_.get(), &ticks, sizeof ticks) > 0) Guarded(on_tick_);
}

void EventLoop::Serve(std::uint32_t events, void* data) {
  if (data == &wake_) return RunJobs();
  if (data == &timer_) return Tick();
  const bool ended = (events & (EPOLLRDHUP | EPOLLHUP | EPOLLERR)) != 0;
  const bool gone = (events & (EPOLLHUP | EPOLLERR)) != 0;
  const Readiness ready{
      .input = ended || (events & EPOLLIN) != 0, .output = gone || (events & EPOLLOUT) != 0, .ended = ended};
  Guarded([&] { static_cast<Watched*>(data)->OnReady(ready); });
}

void EventLoop::Run() {
  std::array<epoll_event, kMostEvents> events{};
  while (!stopped_) {
    const int count = ::epoll_wait(epoll_.get(), events.data(), static_cast<int>(events.size()), -1);
    ++turn_;
    for (int i = 0; i < count; ++i) {
      const epoll_event& event = events[static_cast<std::size_t>(i)];
      Serve(event.events, event.data.ptr);
    }
    if (on_turn_end_) on_turn_end_();
  }
}

}  // namespace tidemill::http
