// SPDX-License-Identifier: Apache-2.0
#include "assay/probe/pm/watch.hpp"

#include <fmt/format.h>
#include <time.h>

#include <algorithm>
#include <cmath>
#include <utility>

namespace assay::probe::pm {
namespace {

constexpr double kGiB = 1024.0 * 1024 * 1024;
constexpr double kMostBytes = 2 * kGiB;
// Counter data that is used again: some 250 ticks with all channels. Where the fetching thread was
// kept waiting for longer than that, larger one is made for one time, up to some 5,000 ticks.
constexpr std::size_t kDataBytes = 12 << 20;
constexpr double kMostLateBytes = 0.25 * kGiB;
constexpr std::size_t kFewest = 64;
constexpr std::size_t kMost = 8192;
// While all of them wait for their evaluation, so does the fetching, and the device's buffer fills.
constexpr int kMostData = 8;

// Ticks that may come beyond those that the clock tells.
constexpr std::uint32_t kSpare = 64;
// Of a burst: pieces that the evaluating threads share.
constexpr std::size_t kPiece = 256;
// Ticks that start and stop may cost.
constexpr std::int64_t kAtTheEnds = 4;

// Ticks that the hardware took between two that arrived.
std::int64_t gap_between(const TickTime& a, const TickTime& b, Seconds interval) {
  const double missing = static_cast<double>(b.begin_ns - a.end_ns) * 1e-9 / interval.value();
  return missing < 0.5 ? 0 : std::llround(missing);
}

}  // namespace

double monotonic_now() {
  timespec time{};
  clock_gettime(CLOCK_MONOTONIC, &time);
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) * 1e-9;
}

Status Microscope::Watch::check_room(Seconds length) {
  constexpr double kCountable = 4e9;  // CUPTI counts them in 32 bits
  const double ticks = std::min(length.value() / session_.setup().interval.value(), kCountable);
  TRY_ASSIGN(const std::size_t bytes, session_.data_bytes(static_cast<std::uint32_t>(ticks)));
  if (static_cast<double>(bytes) <= kMostBytes) return {};
  return Error{
      ErrorCode::invalid_argument,
      fmt::format("a burst of {:.0f} ticks would take {:.1f} GiB of memory; look for a shorter "
                  "time, with a longer --interval, at fewer --channels, or without --burst",
                  ticks, static_cast<double>(bytes) / kGiB)};
}

Status Microscope::Watch::reserve_for_many() {
  TRY_ASSIGN(const std::size_t one, session_.data_bytes(1));
  TRY_ASSIGN(const std::size_t two, session_.data_bytes(2));
  tick_bytes_ = std::max<std::size_t>(1, two - one);
  capacity_ = static_cast<std::uint32_t>(std::clamp(kDataBytes / tick_bytes_, kFewest, kMost));
  TRY_ASSIGN(CounterData::Bytes fresh, session_.make_data(capacity_));
  fresh_ = std::make_shared<const CounterData::Bytes>(std::move(fresh));
  return {};
}

Status Microscope::Watch::start(std::size_t buffer_bytes, int threads) {
  buffer_bytes_ = buffer_bytes;
  TRY_ASSIGN(evaluators_, session_.evaluators(threads));
  TRY(session_.configure(buffer_bytes));
  since_ = monotonic_now();
  return session_.start();
}

Status Microscope::Watch::stop() {
  TRY(session_.stop());
  stopped_ = monotonic_now();
  return {};
}

// The device takes no more once its buffer has run over: begin again. What it missed is a gap.
Status Microscope::Watch::restart() {
  TRY(session_.stop());
  TRY(session_.configure(buffer_bytes_));
  stale_ = true;
  return session_.start();
}

// Ticks that the device may hold by the time that it is asked, at most.
double Microscope::Watch::expected() const {
  const double until = stopped_ > 0 ? stopped_ : monotonic_now();
  const double ticks = (until - since_) / session_.setup().interval.value();
  return (stopped_ > 0 ? ticks * 1.02 : ticks * 1.3) + kSpare;
}

Result<std::shared_ptr<CounterData>> Microscope::Watch::room() {
  const double ticks = expected();
  const bool late = ticks > capacity_ && ticks * static_cast<double>(tick_bytes_) < kMostLateBytes;
  if (fresh_ == nullptr || late) {
    const auto capacity = static_cast<std::uint32_t>(ticks);
    TRY_ASSIGN(CounterData::Bytes bytes, session_.make_data(capacity));
    return std::make_shared<CounterData>(std::move(bytes), capacity);
  }
  if (auto data = evaluators_->returned(made_ == kMostData)) return data;
  ++made_;
  return std::make_shared<CounterData>(fresh_, capacity_, tick_bytes_);
}

Status Microscope::Watch::fetch() {
  TRY_ASSIGN(auto data, room());
  // What comes while it is fetched waits for the next time.
  since_ = monotonic_now();
  TRY_ASSIGN(Session::Fetched fetched, session_.fetch(*data));
  std::size_t first = 0;
  // The first tick began when the counters were last used, not when they were started.
  if (stale_ && !fetched.times.empty()) {
    fetched.times.erase(fetched.times.begin());
    first = 1;
    stale_ = false;
    ++losses_.discarded;
  }
  account(fetched);
  TRY(evaluate(std::move(data), first, fetched.times));
  return fetched.overflow && stopped_ == 0 ? restart() : Status{};
}

Status Microscope::Watch::evaluate(std::shared_ptr<CounterData> data, std::size_t first,
                                   std::span<const TickTime> times) {
  // Only what is used once can be shared: the last to be done makes it new again.
  const std::size_t piece = data->again() ? std::max<std::size_t>(1, times.size()) : kPiece;
  std::size_t at = 0;
  do {
    const auto part = times.subspan(at, std::min(piece, times.size() - at));
    evaluators_->submit({data, first + at, {part.begin(), part.end()}});
    at += part.size();
  } while (at < times.size());
  data.reset();
  return evaluators_->give_out(take_, false);
}

void Microscope::Watch::account(const Session::Fetched& fetched) {
  losses_.overflows += fetched.overflow ? 1 : 0;
  const Seconds interval = session_.setup().interval;
  for (const TickTime& time : fetched.times) {
    if (first_) losses_.lost += gap_between(last_, time, interval);
    else first_ = time;
    last_ = time;
  }
}

Result<sample::Losses> Microscope::Watch::end(Seconds length, bool early) {
  TRY(evaluators_->give_out(take_, true));
  if (early) return losses_;
  const Seconds interval = session_.setup().interval;
  const double seen = first_ ? static_cast<double>(last_.end_ns - first_->begin_ns) * 1e-9 : 0;
  const std::int64_t missing = std::llround((length.value() - seen) / interval.value());
  if (missing > kAtTheEnds) losses_.lost += missing;
  return losses_;
}

}  // namespace assay::probe::pm
