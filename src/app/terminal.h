// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>

#include "tidemill/flow/terminal_observer.h"

namespace tidemill::app {

// How the flows' progress goes to standard error: live and in colour on a terminal, plain lines otherwise.
flow::TerminalOptions TerminalOptionsOf(bool quiet);

// Draws from [0, 1); for ids and jitter.
std::function<double()> MakeRandom();

}  // namespace tidemill::app
