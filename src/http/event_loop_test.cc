// SPDX-License-Identifier: Apache-2.0
#include "event_loop.h"

#include <array>
#include <chrono>
#include <functional>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>

#include <gtest/gtest.h>
#include <sys/socket.h>
#include <unistd.h>

#include "stream_socket.h"

namespace tidemill::http {
namespace {

constexpr std::chrono::milliseconds kSeldom = std::chrono::hours(1);

// Two ends; the loop watches the first and does `on_ready` with what it tells.
class WatchedPair final : public Watched {
 public:
  explicit WatchedPair(EventLoop& loop) {
    std::array<int, 2> ends{};
    EXPECT_EQ(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, ends.data()), 0);
    near = std::make_unique<StreamSocket>(base::Descriptor(ends[0]));
    far = std::make_unique<base::Descriptor>(ends[1]);
    EXPECT_TRUE(loop.Watch(ends[0], *this));
  }
  void OnReady(const Readiness& ready) override {
    near->Tell(ready);
    on_ready(ready);
  }
  void Send(std::string_view text) const {
    EXPECT_EQ(::write(far->get(), text.data(), text.size()), static_cast<ssize_t>(text.size()));
  }
  std::string Read(std::size_t most) const {
    std::string buffer(most, '\0');
    std::size_t count = 0;
    last = near->Read(buffer, count);
    return buffer.substr(0, count);
  }

  std::unique_ptr<StreamSocket> near;
  std::unique_ptr<base::Descriptor> far;
  std::function<void(const Readiness&)> on_ready = [](const Readiness&) {};
  mutable StreamSocket::Outcome last = StreamSocket::Outcome::kDone;
};

TEST(EventLoop, DoesJobsInTheirOrderWhateverOneThrows) {
  EventLoop loop(kSeldom, [] {});
  std::string done;
  loop.Post([&] { done += "a"; });
  loop.Post([&] { throw std::runtime_error("no memory"); });
  loop.Post([&] {
    done += "b";
    loop.Post([&] {
      done += "d";
      loop.Stop();
    });
  });
  loop.Post([&] { done += "c"; });
  loop.Run();
  EXPECT_EQ(done, "abcd");
}

TEST(EventLoop, Ticks) {
  int ticks = 0;
  EventLoop* running = nullptr;
  EventLoop loop(std::chrono::milliseconds(5), [&] {
    if (++ticks == 3) running->Stop();
  });
  running = &loop;
  loop.Run();
  EXPECT_EQ(ticks, 3);
}

TEST(EventLoop, TellsOfInputOnceAndOfTheEnd) {
  EventLoop loop(kSeldom, [] {});
  WatchedPair pair(loop);
  std::string seen;
  pair.on_ready = [&](const Readiness& ready) {
    if (!ready.input) return;  // at first there is only room
    seen += ready.ended ? "end " : "input ";
    if (ready.ended) return loop.Stop();
    // Nobody reads; it is not told again, so the jobs come and the loop sleeps in between.
    loop.Post([&] { loop.Post([&] { pair.far.reset(); }); });
  };
  pair.Send("a");
  loop.Run();
  EXPECT_EQ(seen, "input end ");
}

TEST(StreamSocket, KnowsWithoutAskingThatThereIsNoMore) {
  EventLoop loop(kSeldom, [] {});
  WatchedPair pair(loop);
  pair.on_ready = [&](const Readiness& ready) {
    if (ready.input) loop.Stop();
  };
  EXPECT_FALSE(pair.near->may_read());
  pair.Send("abc");
  loop.Run();
  EXPECT_EQ(pair.Read(2), "ab");
  EXPECT_TRUE(pair.near->may_read());
  EXPECT_EQ(pair.Read(2), "c");
  EXPECT_FALSE(pair.near->may_read());
}

TEST(StreamSocket, ReadsOnToTheEndThatItWasToldOf) {
  EventLoop loop(kSeldom, [] {});
  WatchedPair pair(loop);
  pair.on_ready = [&](const Readiness& ready) {
    if (ready.ended) loop.Stop();
  };
  pair.Send("abc");
  pair.far.reset();
  loop.Run();
  EXPECT_EQ(pair.Read(100), "abc");
  EXPECT_TRUE(pair.near->may_read());
  EXPECT_EQ(pair.Read(100), "");
  EXPECT_EQ(pair.last, StreamSocket::Outcome::kClosed);
}

TEST(StreamSocket, SaysWhereThereIsNoRoom) {
  EventLoop loop(kSeldom, [] {});
  WatchedPair pair(loop);
  const std::string much(100'000, 'x');
  const std::array<std::string_view, 2> pieces = {much, much};
  std::size_t sent = 0;
  std::size_t count = 0;
  while (pair.near->Send(pieces, false, count) == StreamSocket::Outcome::kDone) sent += count;
  std::size_t got = 0;
  bool had_room = false;
  pair.on_ready = [&](const Readiness& ready) {
    if (!ready.output || got == 0) return;
    had_room = pair.near->Send(pieces, false, count) == StreamSocket::Outcome::kDone;
    loop.Stop();
  };
  loop.Post([&] {
    std::string buffer(much.size(), '\0');
    for (ssize_t size = 1; size > 0;) {
      size = ::read(pair.far->get(), buffer.data(), buffer.size());
      if (size > 0) got += static_cast<std::size_t>(size);
    }
  });
  loop.Run();
  EXPECT_EQ(got, sent);
  EXPECT_TRUE(had_room);
}

}  // namespace
}  // namespace tidemill::http
