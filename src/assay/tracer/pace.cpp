// SPDX-License-Identifier: Apache-2.0
#include "assay/tracer/pace.hpp"

#include <pthread.h>

#include <cerrno>
#include <csignal>
#include <cstdint>
#include <cstdlib>
#include <ctime>

#include "assay/tracer/devices.hpp"
#include "assay/tracer/session.hpp"

namespace assay::tracer {
namespace {

constexpr std::uint32_t kFlushMs = 250;
constexpr std::uint32_t kExitWaitMs = 2000;
constexpr std::size_t kStackBytes = 262144;

// What the thread and the exit handler tell each other.
struct Signal {
  pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
  pthread_cond_t changed;
  bool stop = false;
  bool stopped = false;
};
Signal signal_;

timespec in(std::uint32_t milliseconds) {
  timespec at{};
  clock_gettime(CLOCK_MONOTONIC, &at);
  const std::int64_t ns = at.tv_nsec + std::int64_t{milliseconds} * 1'000'000;
  at.tv_sec += static_cast<time_t>(ns / 1'000'000'000);
  at.tv_nsec = static_cast<long>(ns % 1'000'000'000);
  return at;
}

// Until the flag is set or the time is up; true if it is set.
bool wait_for(const bool& flag, std::uint32_t milliseconds) {
  const timespec until = in(milliseconds);
  pthread_mutex_lock(&signal_.mutex);
  int code = 0;
  while (!flag && code != ETIMEDOUT)
    code = pthread_cond_timedwait(&signal_.changed, &signal_.mutex, &until);
  const bool set = flag;
  pthread_mutex_unlock(&signal_.mutex);
  return set;
}

void set(bool& flag) {
  pthread_mutex_lock(&signal_.mutex);
  flag = true;
  pthread_cond_broadcast(&signal_.changed);
  pthread_mutex_unlock(&signal_.mutex);
}

bool reader_has_gone() { return session().page->reader_gone.load(std::memory_order_acquire) != 0; }

// True once the driver was up and its devices have been written.
bool write_devices_once() {
  static bool written = false;
  written = written || write_devices(session());
  return written;
}

// The driver calls the tracer in the middle of its own start: soon after it can be asked.
void await_driver() {
  constexpr std::uint32_t kOftenMs = 10;
  constexpr int kTries = 50;
  for (int i = 0; i < kTries && !wait_for(signal_.stop, kOftenMs); ++i)
    if (write_devices_once()) return;
}

void trace_always() {
  while (!wait_for(signal_.stop, kFlushMs)) {
    if (reader_has_gone()) return;
    write_devices_once();
    session().cupti.flush_all(0);
  }
}

// The pauses vary from half to one and a half of their mean, so that no rhythm of the job's falls
// in with them.
std::uint32_t pause_ms(std::uint32_t mean, std::uint64_t& state) {
  state ^= state << 13;
  state ^= state >> 7;
  state ^= state << 17;
  return mean / 2 + static_cast<std::uint32_t>(state % (mean + 1));
}

// Tracing is off before and after. A burst's time is that in which all kinds were on.
void trace_in_bursts(const Plan& plan) {
  std::uint64_t state = cupti_now() | 1;
  for (bool stop = false; !stop && !reader_has_gone();) {
    enable_all();
    const std::uint64_t opened = cupti_now();
    mark_burst(opened, 0);
    stop = wait_for(signal_.stop, plan.burst_ms);
    const std::uint64_t closed = cupti_now();
    disable_all();
    mark_burst(opened, closed);
    write_devices_once();
    stop = stop || wait_for(signal_.stop, pause_ms(plan.every_ms - plan.burst_ms, state));
    // What was still running when the burst closed is done by now.
    if (!stop) session().cupti.flush_all(0);
  }
}

void say_if_nothing_came(Session& mine) {
  if (mine.walked.load() == 0 && mine.buffers.out() > 0)
    add_trouble(
        "CUPTI handed nothing over: another profiler took its place in this process, or "
        "nothing ran on the device");
}

void* pace(void*) {
  Session& mine = session();
  await_driver();
  if (mine.plan.burst_ms == 0) trace_always();
  else trace_in_bursts(mine.plan);
  write_devices_once();
  if (reader_has_gone()) {
    disable_all();
    mine.open.store(false);
  } else {
    mine.cupti.flush_all(abi::kFlushForced);
    say_if_nothing_came(mine);
    mine.page->ended.store(cupti_now(), std::memory_order_release);
    mine.page->state.store(static_cast<std::uint32_t>(trace_ring::State::ended),
                           std::memory_order_release);
  }
  set(signal_.stopped);
  return nullptr;
}

void at_exit() {
  if (!session().is_ours()) return;
  set(signal_.stop);
  wait_for(signal_.stopped, kExitWaitMs);
}

}  // namespace

void start_pace() {
  pthread_condattr_t monotonic;
  pthread_condattr_init(&monotonic);
  pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
  pthread_cond_init(&signal_.changed, &monotonic);
  pthread_condattr_destroy(&monotonic);

  pthread_attr_t attributes;
  pthread_attr_init(&attributes);
  pthread_attr_setstacksize(&attributes, kStackBytes);
  pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
  // The job's signals are for the job's threads.
  sigset_t all;
  sigset_t before;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &before);
  pthread_t thread;
  const int code = pthread_create(&thread, &attributes, pace, nullptr);
  pthread_sigmask(SIG_SETMASK, &before, nullptr);
  pthread_attr_destroy(&attributes);
  if (code == 0) std::atexit(at_exit);
  else add_trouble("no thread could be had for the trace: what CUPTI holds at the end is lost");
}

}  // namespace assay::tracer
