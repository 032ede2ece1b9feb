// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <stop_token>
#include <thread>

namespace tidemill::app {

// Turns SIGINT and SIGTERM into a stop request; the second one ends the process as the system would. Make one before
// any other thread is started, so that all of them leave these signals to it.
class SignalStop {
 public:
  SignalStop();
  SignalStop(const SignalStop&) = delete;
  SignalStop& operator=(const SignalStop&) = delete;
  ~SignalStop();

  std::stop_token token() const { return stop_.get_token(); }

 private:
  void Listen();

  std::stop_source stop_;
  int signals_ = -1;  // signalfd
  int wake_ = -1;     // eventfd, ends the listener
  std::thread listener_;
};

}  // namespace tidemill::app
