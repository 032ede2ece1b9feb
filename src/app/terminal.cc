// SPDX-License-Identifier: Apache-2.0
#include "terminal.h"

#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <memory>
#include <random>

#include <sys/ioctl.h>
#include <unistd.h>

namespace tidemill::app {
namespace {

std::size_t ColumnsOf(int descriptor) {
  winsize size{};
  return ::ioctl(descriptor, TIOCGWINSZ, &size) == 0 && size.ws_col > 0 ? size.ws_col : 80;
}

std::chrono::minutes UtcOffset() {
  const std::time_t now = std::time(nullptr);
  std::tm local{};
  return ::localtime_r(&now, &local) == nullptr ? std::chrono::minutes{0} : std::chrono::minutes{local.tm_gmtoff / 60};
}

}  // namespace

Screen ScreenOf(int descriptor) {
  const bool terminal = ::isatty(descriptor) == 1;
  const char* no_color = std::getenv("NO_COLOR");
  return {.terminal = terminal,
          .colour = terminal && (no_color == nullptr || *no_color == '\0'),
          .columns = ColumnsOf(descriptor)};
}

flow::TerminalOptions TerminalOptionsOf(bool quiet) {
  const Screen screen = ScreenOf(STDERR_FILENO);
  return {.write = flow::WriteTo(stderr),
          .live = screen.terminal,
          .times = screen.terminal,
          .colour = screen.colour,
          .quiet = quiet,
          .columns = screen.columns,
          .utc_offset = UtcOffset()};
}

std::function<double()> MakeRandom() {
  std::random_device seed;
  auto engine = std::make_shared<std::mt19937_64>((std::uint64_t{seed()} << 32U) | seed());
  return [engine] { return std::uniform_real_distribution<double>(0.0, 1.0)(*engine); };
}

}  // namespace tidemill::app
