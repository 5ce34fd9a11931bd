// SPDX-License-Identifier: Apache-2.0
#include "assay/probe/nvml/sampler.hpp"

#include <algorithm>
#include <chrono>

#include <fmt/format.h>

#include "assay/probe/nvml/init.hpp"
#include "assay/probe/nvml/late.hpp"
#include "assay/probe/nvml/self_cost.hpp"
#include "assay/probe/nvml/shared.hpp"

namespace assay::probe::nvml {
namespace {

using sample::Presence;
using sample::Sample;
using sample::Snapshot;

// A device that hangs delays those that share its thread by a budget or so, once: well under the
// deadline, yet longer than a busy host keeps a thread waiting.
constexpr std::int64_t kBudgets = 8;                // to a deadline
constexpr std::chrono::milliseconds kGoodbye{100};  // for threads that are not in a hanging call

std::int64_t to_ns(Seconds t) { return static_cast<std::int64_t>(t.value() * 1e9); }
Seconds to_seconds(std::int64_t ns) { return Seconds(static_cast<double>(ns) * 1e-9); }

Status check(const SamplerOptions& options) {
  // Half a nanosecond of slack: 0.1 is not a sum of powers of two.
  if (!(options.period.value() >= kShortestWindow.value() - 5e-10))
    return Error{
        ErrorCode::invalid_argument,
        fmt::format("a window of {:g} ms is shorter than the {:g} ms in which the hardware "
                    "counters are refreshed; ask for {:g} ms or more",
                    options.period.value() * 1e3, kShortestWindow.value() * 1e3,
                    kShortestWindow.value() * 1e3)};
  if (!(options.period.value() <= 86400.0))
    return Error{ErrorCode::invalid_argument,
                 fmt::format("a window of {:g} s is longer than a day; ask for a shorter one",
                             options.period.value())};
  if (options.threads == 0)
    return Error{ErrorCode::invalid_argument, "no thread to read a device with; give 1 or more"};
  if (!(options.deadline > Seconds(0)) || !(options.slow_period > Seconds(0)))
    return Error{ErrorCode::invalid_argument,
                 "a deadline or slow period of zero or less leaves no time to read a device; give "
                 "seconds"};
  return {};
}

// `count` sweeps or fewer, so that each lane has one; the devices are dealt out in turn.
void deal(Shared& shared, std::size_t count, std::unique_ptr<Lane> Slot::* lane) {
  const std::size_t first = shared.sweeps.size();
  count = std::min(count, shared.slots.size());
  for (std::size_t i = 0; i < count; ++i) shared.sweeps.push_back(std::make_unique<Sweep>());
  for (std::size_t i = 0; i < shared.slots.size(); ++i) {
    Slot& slot = *shared.slots[i];
    Sweep& sweep = *shared.sweeps[first + i % count];
    sweep.lanes.push_back((slot.*lane).get());
    if (lane == &Slot::slow_lane) slot.slow_sweep = &sweep;
  }
}

}  // namespace

struct Sampler::Impl {
  std::shared_ptr<Shared> shared = std::make_shared<Shared>();
  Seconds init_time{0};
  Bytes nvml_rss{0};
  sample::Origin origin{sample::OriginKind::device, host_name()};
  std::int64_t tick = 1;  // the next window's
  std::int64_t samples = 0;
  std::int64_t lost = 0;
  std::vector<sample::DeviceFacts> facts;
  std::vector<std::optional<Sample>> last;  // by device: its last good sample
  std::vector<bool> late;                   // by device: was stale in the last snapshot

  // Waits, with the lock held, until ready() or the clock says until_ns.
  template <typename F>
  void wait(std::unique_lock<std::mutex>& lock, std::int64_t until_ns, F ready) {
    while (!ready() && shared->clock->now_ns() < until_ns)
      shared->clock->wait_until(shared->to_caller, lock, until_ns);
  }

  template <typename F>
  [[nodiscard]] bool each_slot(F f) const {
    return std::ranges::all_of(shared->slots, [&](const auto& slot) { return f(*slot); });
  }

  void stop();
  void add_attach_time();
  Snapshot finish_window(std::unique_lock<std::mutex>& lock);
  Status begin(std::size_t count, std::size_t threads);
  void catch_up(std::int64_t now_ns);
  [[nodiscard]] bool settled(std::size_t i, std::int64_t due_ns) const;
  sample::DeviceSample collect(std::size_t i, sample::WallTime at);
  [[nodiscard]] std::string trouble(std::size_t i) const;
};

void Sampler::Impl::stop() {
  std::unique_lock lock(shared->mutex);
  shared->stop = true;
  shared->wake_all();
  const auto until = std::chrono::steady_clock::now() + kGoodbye;
  while (shared->running > 0 &&
         shared->to_caller.wait_until(lock, until) == std::cv_status::no_timeout) {
  }
}

// Starts the threads, waits for the facts, sets the grid and waits for the first samples. A device
// that hangs costs the deadline, once.
Status Sampler::Impl::begin(std::size_t count, std::size_t threads) {
  for (std::size_t i = 0; i < count; ++i) {
    shared->slots.push_back(std::make_unique<Slot>(static_cast<int>(i)));
    shared->slots.back()->facts.index = static_cast<int>(i);
  }
  last.resize(count);
  late.resize(count, false);
  for (const auto& slot : shared->slots) {
    slot->fast_lane = make_fast_lane(*shared, *slot);
    slot->slow_lane = make_slow_lane(*shared, *slot);
  }
  deal(*shared, threads, &Slot::fast_lane);
  deal(*shared, threads, &Slot::slow_lane);
  const std::int64_t until = shared->clock->now_ns() + shared->deadline_ns;
  std::unique_lock lock(shared->mutex);
  for (const auto& sweep : shared->sweeps) TRY(start_sweep(shared, *sweep));
  if (count > threads) TRY(start_patrol(shared, shared->deadline_ns / kBudgets));
  wait(lock, until, [&] { return each_slot([](const Slot& slot) { return slot.opened; }); });
  shared->epoch_ns = shared->clock->now_ns();
  shared->wake_all();
  wait(lock, std::max(until, *shared->epoch_ns),
       [&] { return each_slot([](const Slot& slot) { return slot.baseline || !slot.opened; }); });
  for (const auto& slot : shared->slots) facts.push_back(slot->facts);
  return {};
}

// A GPU is initialized by the first call that asks for its handle, says NVML's manual of
// nvmlDeviceGetHandleByIndex_v2. Devices may be opened side by side: the longest counts.
void Sampler::Impl::add_attach_time() {
  const std::lock_guard lock(shared->mutex);
  std::int64_t longest = 0;
  for (const auto& slot : shared->slots) longest = std::max(longest, slot->attach_ns);
  init_time += to_seconds(longest);
}

// Windows whose samples are no longer kept are lost, and said to be.
void Sampler::Impl::catch_up(std::int64_t now_ns) {
  const std::int64_t newest = (now_ns - *shared->epoch_ns) / shared->period_ns;
  const std::int64_t oldest = newest - static_cast<std::int64_t>(kBacklog) + 1;
  if (tick >= oldest) return;
  lost += (oldest - tick) * static_cast<std::int64_t>(shared->slots.size());
  tick = oldest;
}

// Nothing to wait for: the device has published, or it was late before and is still in the call
// that made it so. With the mutex held.
bool Sampler::Impl::settled(std::size_t i, std::int64_t due_ns) const {
  const Slot& slot = *shared->slots[i];
  if (!slot.queue.empty() && slot.queue.back().tick >= tick) return true;
  const auto flight = slot.fast.now();
  return late[i] && flight && flight->since_ns < due_ns;
}

// Why a device is late, in one sentence. With the mutex held.
std::string Sampler::Impl::trouble(std::size_t i) const {
  const Slot& slot = *shared->slots[i];
  const auto flight = slot.fast.now();
  if (!flight)
    return fmt::format(
        "the sample of {} for this window came too late; a call that hung or an "
        "overloaded host held it up, look again",
        label(slot.facts));
  return fmt::format(
      "{} has not returned for {:.1f} s on {}; see `dmesg | grep Xid`, and reset the "
      "device if it stays",
      to_string(flight->call), to_seconds(shared->clock->now_ns() - flight->since_ns).value(),
      label(slot.facts));
}

// With the mutex held.
sample::DeviceSample Sampler::Impl::collect(std::size_t i, sample::WallTime at) {
  Slot& slot = *shared->slots[i];
  facts[i] = slot.facts;
  auto& queue = slot.queue;
  while (!queue.empty() && queue.front().tick < tick) queue.pop_front();
  if (!queue.empty() && queue.front().tick == tick) {
    Sample sample = std::move(queue.front().sample);
    queue.pop_front();
    late[i] = false;
    if (sample.presence == Presence::ok) last[i] = sample;
    ++samples;
    return {facts[i], std::move(sample)};
  }
  ++lost;
  const Seconds window = to_seconds(shared->period_ns);
  Sample sample = last[i] ? make_stale(*last[i], at, window, trouble(i))
                          : never_answered(at, window, trouble(i));
  if (!late[i]) {
    if (shared->events.size() < kMostEvents)
      shared->events.push_back({at, slot.index, "device-stale", sample.trouble});
    late[i] = true;
  }
  return {facts[i], std::move(sample)};
}

Result<std::unique_ptr<Sampler>> Sampler::start(std::shared_ptr<Nvml> nvml,
                                                const SamplerOptions& options) {
  TRY(check(options));
  auto impl = std::make_unique<Impl>();
  Shared& shared = *impl->shared;
  shared.nvml = std::move(nvml);
  shared.clock = options.clock ? options.clock : steady_clock();
  shared.period_ns = to_ns(options.period);
  shared.deadline_ns = to_ns(options.deadline);
  if (options.origin) impl->origin = *options.origin;
  if (impl->origin.kind == sample::OriginKind::simulation)
    shared.names = ProcessReader::Names::driver_only;
  shared.slow_period_ns = to_ns(options.slow_period);

  const Bytes before = process_rss();
  const std::int64_t began = shared.clock->now_ns();
  TRY_ASSIGN(const unsigned count,
             init_and_count(shared.nvml, shared.clock, options.init_deadline));
  impl->init_time = to_seconds(shared.clock->now_ns() - began);
  // From here the destructor stops what was started.
  std::unique_ptr<Sampler> sampler(new Sampler(std::move(impl)));
  TRY(sampler->impl_->begin(count, options.threads));
  sampler->impl_->add_attach_time();
  const Bytes added = process_rss() - before;
  sampler->impl_->nvml_rss = std::max(added, Bytes(0));
  return sampler;
}

Sampler::Sampler(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Sampler::~Sampler() { impl_->stop(); }

std::span<const sample::DeviceFacts> Sampler::devices() const { return impl_->facts; }
Seconds Sampler::init_time() const { return impl_->init_time; }
Bytes Sampler::nvml_rss() const { return impl_->nvml_rss; }

std::int64_t Sampler::published(std::size_t i) const {
  const std::lock_guard lock(impl_->shared->mutex);
  return impl_->shared->slots[i]->published;
}

// The snapshot of the window `tick`, which is over. Gives the lock back.
Snapshot Sampler::Impl::finish_window(std::unique_lock<std::mutex>& lock) {
  Snapshot snapshot;
  snapshot.origin = origin;
  const std::int64_t due = shared->due_ns(tick);
  // Up to the deadline for devices that are in time.
  wait(lock, due + shared->deadline_ns, [&] {
    for (std::size_t i = 0; i < shared->slots.size(); ++i)
      if (!settled(i, due)) return false;
    return true;
  });
  snapshot.at = shared->clock->wall();
  for (std::size_t i = 0; i < shared->slots.size(); ++i)
    snapshot.devices.push_back(collect(i, snapshot.at));
  ++tick;
  lock.unlock();
  snapshot.self = {process_cpu(), process_rss(), samples, lost};
  return snapshot;
}

Snapshot Sampler::next() {
  Impl& impl = *impl_;
  std::unique_lock lock(impl.shared->mutex);
  impl.catch_up(impl.shared->clock->now_ns());
  impl.wait(lock, impl.shared->due_ns(impl.tick), [] { return false; });
  return impl.finish_window(lock);
}

std::optional<Snapshot> Sampler::next_unless_woken() {
  Impl& impl = *impl_;
  std::unique_lock lock(impl.shared->mutex);
  impl.catch_up(impl.shared->clock->now_ns());
  const std::int64_t due = impl.shared->due_ns(impl.tick);
  impl.wait(lock, due, [&] { return impl.shared->woken; });
  if (impl.shared->clock->now_ns() < due) {
    impl.shared->woken = false;
    return std::nullopt;
  }
  return impl.finish_window(lock);
}

void Sampler::wake() {
  const std::lock_guard lock(impl_->shared->mutex);
  impl_->shared->woken = true;
  impl_->shared->to_caller.notify_all();
}

Snapshot Sampler::cut() {
  Impl& impl = *impl_;
  std::unique_lock lock(impl.shared->mutex);
  impl.shared->cut_tick = impl.tick;
  impl.shared->cut_ns = impl.shared->clock->now_ns();
  impl.shared->wake_all();
  return impl.finish_window(lock);
}

std::vector<sample::Event> Sampler::take_events() {
  const std::lock_guard lock(impl_->shared->mutex);
  return std::exchange(impl_->shared->events, {});
}

}  // namespace assay::probe::nvml
