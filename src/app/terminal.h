// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <functional>

#include "tidemill/flow/terminal_observer.h"

namespace tidemill::app {

// What an open file shows.
struct Screen {
  bool terminal = false;
  bool colour = false;  // a terminal, and NO_COLOR is not set
  std::size_t columns = 80;
};
Screen ScreenOf(int descriptor);

// How the flows' progress goes to standard error: live and in colour on a terminal, plain lines otherwise.
flow::TerminalOptions TerminalOptionsOf(bool quiet);

// Draws from [0, 1); for ids and jitter.
std::function<double()> MakeRandom();

}  // namespace tidemill::app
