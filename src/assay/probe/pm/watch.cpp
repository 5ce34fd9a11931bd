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
// Counter data that is used again: some 1,000 ticks with all channels, of which a stream at 100 us
// needs 160 at a time. The rest is for when the fetching thread is kept waiting: up to 0.1 s.
constexpr std::size_t kDataBytes = 48 << 20;
constexpr std::size_t kFewest = 64;
constexpr std::size_t kMost = 16384;
// Ticks that a fetch of a stream waits for. It takes 0.75 ms however few it brings (one H200: CUPTI
// asks the device how far it is, and tells it what was read); with too many, counter data leaves
// the processor's cache between fetching and evaluation.
constexpr std::size_t kTicksAtOnce = 128;
constexpr Seconds kLongestPause{50e-3};
// More ticks at a time than these say that fetching falls behind: it no longer evaluates then.
constexpr std::size_t kInTime = kTicksAtOnce * 3 / 2;
// While all of them wait for their evaluation, so does the fetching, and the device's buffer fills.
constexpr std::size_t kData = 3;

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

Seconds Microscope::Watch::pause() const {
  const Seconds ticks = session_.setup().interval * static_cast<double>(kTicksAtOnce);
  return std::min(ticks, kLongestPause);
}

Status Microscope::Watch::check_room() {
  constexpr double kCountable = 4e9;  // CUPTI counts them in 32 bits
  const double ticks = std::min(length_.value() / session_.setup().interval.value(), kCountable);
  TRY_ASSIGN(const std::size_t bytes, session_.data_bytes(static_cast<std::uint32_t>(ticks)));
  if (static_cast<double>(bytes) <= kMostBytes) return {};
  return Error{
      ErrorCode::invalid_argument,
      fmt::format("a burst of {:.0f} ticks would take {:.1f} GiB of memory; look for a shorter "
                  "time, with a longer --interval, at fewer --channels, or without --burst",
                  ticks, static_cast<double>(bytes) / kGiB)};
}

Status Microscope::Watch::start(std::size_t buffer_bytes, int threads) {
  buffer_bytes_ = buffer_bytes;
  TRY_ASSIGN(evaluators_, session_.evaluators(threads));
  TRY(session_.configure(buffer_bytes));
  if (many_) TRY(make_many());
  started_ = monotonic_now();
  return session_.start();
}

// Before the start: touching that much memory for the first time takes longer than it takes ticks
// to fill it.
Status Microscope::Watch::make_many() {
  TRY_ASSIGN(const std::size_t one, session_.data_bytes(1));
  TRY_ASSIGN(const std::size_t two, session_.data_bytes(2));
  const std::size_t tick_bytes = std::max<std::size_t>(1, two - one);
  const auto capacity =
      static_cast<std::uint32_t>(std::clamp(kDataBytes / tick_bytes, kFewest, kMost));
  TRY_ASSIGN(RawBytes fresh, session_.make_data(capacity));
  blank_ = std::make_shared<const BlankData>(std::move(fresh), capacity, tick_bytes);
  for (std::size_t i = 0; i < kData; ++i) evaluators_->lend(std::make_shared<CounterData>(blank_));
  return {};
}

Status Microscope::Watch::stop() {
  TRY(session_.stop());
  stopped_ = monotonic_now();
  return {};
}

// The device takes no more once its buffer has run over: begin again. What it missed is a gap.
Status Microscope::Watch::restart() {
  session_.let_go();
  TRY(session_.hold());
  TRY(session_.configure(buffer_bytes_));
  stale_ = true;
  begun_.clear();
  beheaded_ = false;
  return session_.start();
}

Result<std::shared_ptr<CounterData>> Microscope::Watch::room() {
  if (blank_ != nullptr) return evaluators_->returned();
  // Ticks that the device may hold, at most.
  const double until = stopped_ > 0 ? stopped_ : monotonic_now();
  const double ticks = (until - started_) / session_.setup().interval.value() * 1.02 + kSpare;
  const auto capacity = static_cast<std::uint32_t>(ticks);
  TRY_ASSIGN(RawBytes bytes, session_.make_data(capacity));
  return std::make_shared<CounterData>(std::move(bytes));
}

Status Microscope::Watch::fetch() {
  TRY_ASSIGN(auto data, room());
  data->begin_with(begun_);
  TRY_ASSIGN(Session::Fetched fetched, session_.fetch(*data));
  losses_.overflows += fetched.overflow ? 1 : 0;
  if (fetched.populated > 0) keep_what_is_begun(*data, fetched);
  std::erase_if(fetched.times, [this](const TickTime& time) { return !is_sound(time); });
  TRY(evaluate(std::move(data), fetched.populated, fetched.times));
  if (!fetched.overflow || stopped_ > 0) return {};
  // Where the device can't be started again, the look ends here, and the rest of the time is lost.
  if (Status again = restart(); !again) {
    losses_.ended = again.error().message;
    over_ = true;
  }
  return {};
}

// Where it can't be kept, the next tick's counters will be too low: that is left out then, and so
// counts as lost.
void Microscope::Watch::keep_what_is_begun(const CounterData& data, Session::Fetched& fetched) {
  const std::size_t completed = fetched.times.size();
  if (beheaded_ && completed > 0) fetched.times.erase(fetched.times.begin());
  begun_ = data.begun(completed, fetched.populated);
  beheaded_ = begun_.empty() && fetched.populated > completed;
}

// And keeps account. A tick that is not sound: the first after a start, which began when the
// counters were last used; where counter data was full nevertheless, CUPTI gives out ticks once
// more, the first of them with such a begin.
bool Microscope::Watch::is_sound(const TickTime& time) {
  const Seconds interval = session_.setup().interval;
  const bool repeated = first_ && time.end_ns <= last_.end_ns;
  const bool too_early =
      first_ && static_cast<double>(last_.end_ns - time.begin_ns) * 1e-9 > interval.value() / 2;
  if (std::exchange(stale_, false) || repeated || too_early) {
    ++losses_.discarded;
    return false;
  }
  if (is_late(time)) return false;
  if (first_) losses_.lost += gap_between(last_, time, interval);
  else first_ = time;
  last_ = time;
  return true;
}

// The device goes on until it is told to stop: the last fetch takes longer than a tick.
bool Microscope::Watch::is_late(const TickTime& time) const {
  if (!first_) return false;
  const double seen = static_cast<double>(time.end_ns - first_->begin_ns) * 1e-9;
  return seen > length_.value() + session_.setup().interval.value() / 2;
}

Status Microscope::Watch::evaluate(std::shared_ptr<CounterData> data, std::size_t populated,
                                   std::span<const TickTime> times) {
  if (data->again()) {
    Batch batch{std::move(data), populated, {times.begin(), times.end()}};
    if (populated <= kInTime) evaluators_->evaluate_here(std::move(batch));
    else evaluators_->submit(std::move(batch));
    return evaluators_->give_out(take_, false);
  }
  // What is used once can be shared.
  for (; !times.empty(); times = times.subspan(std::min(kPiece, times.size()))) {
    const auto part = times.first(std::min(kPiece, times.size()));
    evaluators_->submit({data, populated, {part.begin(), part.end()}});
  }
  return evaluators_->give_out(take_, false);
}

Result<sample::Losses> Microscope::Watch::end(bool early) {
  TRY(evaluators_->give_out(take_, true));
  if (early) return losses_;
  const Seconds interval = session_.setup().interval;
  const double seen = first_ ? static_cast<double>(last_.end_ns - first_->begin_ns) * 1e-9 : 0;
  const std::int64_t missing = std::llround((length_.value() - seen) / interval.value());
  if (missing > kAtTheEnds) losses_.lost += missing;
  return losses_;
}

}  // namespace assay::probe::pm
