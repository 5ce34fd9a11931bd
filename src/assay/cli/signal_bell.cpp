// SPDX-License-Identifier: Apache-2.0
#include "assay/cli/signal_bell.hpp"

#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <algorithm>
#include <cstdint>
#include <limits>
#include <utility>

#include "assay/base/check.hpp"
#include "assay/cli/stop_signal.hpp"

namespace assay::cli {
namespace {

std::chrono::nanoseconds nanoseconds(Seconds time) {
  return std::chrono::nanoseconds(static_cast<std::int64_t>(time.value() * 1e9));
}

}  // namespace

SignalBell::SignalBell(std::function<void()> wake, const Schedule& schedule)
    : wake_(std::move(wake)),
      every_(nanoseconds(schedule.every)),
      fd_(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {
  CHECK(fd_ >= 0);
  if (schedule.at > Seconds(0)) end_ = Clock::now() + nanoseconds(schedule.at);
  ring_on_signals(fd_);
  eventfd_write(fd_, 1);  // for what happened before anybody listened
  thread_ = std::thread([this] { listen(); });
}

SignalBell::~SignalBell() {
  ring_on_signals(-1);
  over_ = true;
  eventfd_write(fd_, 1);
  thread_.join();
  close(fd_);
}

Seconds SignalBell::time_left() const {
  if (!end_) return Seconds(std::numeric_limits<double>::infinity());
  return Seconds(std::chrono::duration<double>(*end_ - Clock::now()).count());
}

int SignalBell::milliseconds_to_next(Clock::time_point now) const {
  using std::chrono::ceil;
  using std::chrono::milliseconds;
  std::int64_t next = -1;
  if (every_ > Clock::duration::zero()) next = ceil<milliseconds>(every_).count();
  if (end_ && *end_ > now) {
    const std::int64_t left = ceil<milliseconds>(*end_ - now).count();
    next = next < 0 ? left : std::min(next, left);
  }
  return static_cast<int>(std::min<std::int64_t>(next, 1'000'000'000));
}

void SignalBell::listen() {
  while (!over_) {
    pollfd waited{fd_, POLLIN, 0};
    poll(&waited, 1, milliseconds_to_next(Clock::now()));
    eventfd_t count = 0;
    static_cast<void>(eventfd_read(fd_, &count));
    if (!over_) wake_();
  }
}

}  // namespace assay::cli
