// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <thread>

namespace assay::cli {

// Holds SIGHUP, SIGINT and SIGTERM back from this thread and those that it starts from now on, so
// that ServeSignals alone gets them. Call it before any thread is started.
void hold_serve_signals();

// Waits for them on a thread of its own: SIGHUP calls `reload`, the others `stop`, once; a second
// one of these ends the program at once.
class ServeSignals {
 public:
  ServeSignals(std::function<void()> reload, std::function<void()> stop);
  ~ServeSignals();
  ServeSignals(const ServeSignals&) = delete;
  ServeSignals& operator=(const ServeSignals&) = delete;

 private:
  void wait();

  std::function<void()> reload_;
  std::function<void()> stop_;
  std::thread thread_;
};

}  // namespace assay::cli
