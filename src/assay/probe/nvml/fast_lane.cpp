// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <span>

#include "assay/probe/nvml/facts.hpp"
#include "assay/probe/nvml/gpm.hpp"
#include "assay/probe/nvml/process_list.hpp"
#include "assay/probe/nvml/shared.hpp"

namespace assay::probe::nvml {
namespace {

using sample::Reason;
using sample::Sample;

constexpr std::int64_t kSlowCall = 1'000'000;              // 1 ms: not for the hot path
constexpr std::int64_t kDemotedGoodFor = 120'000'000'000;  // two rounds of the slow lane
constexpr std::int64_t kPresent = 2'000'000'000;  // or two windows: older is not of this window
constexpr int kStrikes = 3;                       // rounds in a row until a group is demoted
constexpr std::int64_t kProcessesEvery = 1'000'000'000;  // 53 us a list: once a second will do

// What stays as it is: as true minutes later. All else that the slow lane reads is of the moment at
// which it was read; counts of errors too, for it is the next one that matters.
bool lasts(metric::Id id) {
  using metric::Id;
  constexpr std::array kLasting = {Id::power_limit,  Id::sm_clock_max,    Id::memory_clock_max,
                                   Id::memory_total, Id::memory_reserved, Id::pcie_gen,
                                   Id::pcie_width};
  return std::ranges::find(kLasting, id) != kLasting.end();
}

Sample lost_sample(const Line::Trouble& trouble, const sample::DeviceFacts& facts) {
  Sample sample;
  const Reason reason = reason_of(trouble.code);
  sample.presence = sample::Presence::lost;
  sample.trouble = error_of(trouble.code, trouble.call, label(facts)).message;
  for (auto& reading : sample.readings)
    reading = sample::Reading<double>::unknown(reason, sample::Source::nvml);
  sample.processes_reason = reason;
  return sample;
}

// Samples on the grid, publishes, and nothing else.
class FastLane final : public Lane {
 public:
  FastLane(Shared& shared, Slot& slot)
      : shared_(shared),
        slot_(slot),
        line_(*shared.nvml, *shared.clock, slot.fast),
        reader_(shared.names) {
    facts_.index = slot_.index;
  }

  // Once the device was opened, on the grid; or a little later where the sample before was late:
  // GPM's counters must have been refreshed in between, and a few ms of shift do less harm than a
  // window without data. A window that was cut waits for the refresh in any case.
  [[nodiscard]] std::int64_t due_ns() const override {
    if (!slot_.opened) return kAtOnce;
    if (!shared_.epoch_ns) return kNotYet;
    const std::int64_t due = shared_.due_ns(tick_);
    const std::int64_t refreshed =
        last_ns_ + static_cast<std::int64_t>(kShortestWindow.value() * 1e9);
    const bool cut = due < *shared_.epoch_ns + tick_ * shared_.period_ns;
    const bool late = refreshed > due && (cut || refreshed < due + shared_.period_ns / 10);
    return tick_ > 0 && late ? refreshed : due;
  }

  void step() override {
    if (!tried_) return begin();
    sample();
    tick_ = next_after(tick_);
  }

  void close() override { gpm_.release(line_); }

 private:
  bool open() {
    line_.clear_trouble();
    const std::int64_t began = shared_.clock->now_ns();
    const Return code = open_device(line_, slot_.index, facts_.uuid);
    const std::int64_t took = shared_.clock->now_ns() - began;
    if (code != Return::success) {
      // Whatever refuses the device itself is trouble of the device, not of one reading.
      if (!line_.trouble()) line_.set_trouble(Call::device_by_index, code);
      return false;
    }
    if (facts_.uuid.empty()) facts_ = read_facts(line_, slot_.index);
    const std::lock_guard lock(shared_.mutex);
    slot_.facts = facts_;
    slot_.device = line_.device();
    opened_ns_ = shared_.clock->now_ns();
    if (slot_.generation++ == 0) slot_.attach_ns = took;
    open_ = !line_.trouble();
    return open_;
  }

  void begin() {
    tried_ = true;
    open();
    const std::lock_guard lock(shared_.mutex);
    slot_.opened = true;
  }

  // The next tick; after a long absence the one of now, late, rather than none.
  std::int64_t next_after(std::int64_t tick) const {
    const std::int64_t passed = shared_.clock->now_ns() - *shared_.epoch_ns;
    return std::max(tick + 1, passed / shared_.period_ns);
  }

  void sample() {
    const std::int64_t now = shared_.clock->now_ns();
    Sample sample = take();
    sample.at = shared_.clock->wall();
    sample.window = Seconds(tick_ == 0 ? 0.0 : static_cast<double>(now - last_ns_) * 1e-9);
    last_ns_ = now;
    report_presence(sample);
    const std::lock_guard lock(shared_.mutex);
    if (!slot_.baseline) slot_.slow_sweep->wake.notify_all();
    slot_.baseline = true;
    if (tick_ == 0) return;
    slot_.queue.push_back({tick_, std::move(sample)});
    if (slot_.queue.size() > kBacklog) slot_.queue.pop_front();
    ++slot_.published;
  }

  Sample take() {
    if (!open_ && !open()) return lost();
    line_.clear_trouble();
    entries_.clear();
    gpm_.read(line_, facts_.cc_major, entries_);
    for (std::size_t i = 0; i < kFastGroups.size() && !line_.trouble(); ++i)
      if (!slot_.demoted[i].load(std::memory_order_acquire)) read_group(i);
    if (!line_.trouble()) read_processes();
    if (line_.trouble()) return lost();

    Sample sample;
    entries_.write_to(sample);
    sample.processes = processes_.processes;
    sample.processes_reason = processes_.reason;
    add_shelf(sample);
    return sample;
  }

  void read_group(std::size_t i) {
    const std::int64_t began = shared_.clock->now_ns();
    const std::size_t before = entries_.list().size();
    kFastGroups[i](line_, carry_, entries_);
    const bool slow = shared_.clock->now_ns() - began > kSlowCall;
    strikes_[i] = slow ? strikes_[i] + 1 : 0;
    if (strikes_[i] >= kStrikes) demote(i, std::span(entries_.list()).subspan(before));
  }

  // Leaves a group to the slow lane. Until that comes to it, in a minute, these readings are the
  // last ones.
  void demote(std::size_t i, std::span<const Entry> readings) {
    const std::int64_t now = shared_.clock->now_ns();
    {
      const std::lock_guard lock(slot_.shelf_mutex);
      for (const Entry& entry : readings) slot_.shelf.put(entry, now, now + kDemotedGoodFor);
      slot_.shelf.carry = carry_;
    }
    slot_.demoted[i].store(true, std::memory_order_release);
  }

  void read_processes() {
    const std::int64_t now = shared_.clock->now_ns();
    // Half a period of slack, or ticks just under a second apart would list every other time.
    if (listed_ns_ && now - *listed_ns_ < kProcessesEvery - shared_.period_ns / 2) return;
    processes_ = reader_.read(line_);
    listed_ns_ = now;
  }

  void add_shelf(Sample& sample) const {
    const std::int64_t now = shared_.clock->now_ns();
    const std::int64_t present = now - std::max(kPresent, 2 * shared_.period_ns);
    // What is over a time of its own belongs to the window in which it was read, and to no other.
    const auto past = [&](std::int64_t read_ns, Seconds window) {
      return read_ns < (window > Seconds(0) ? last_ns_ : present);
    };
    const std::lock_guard lock(slot_.shelf_mutex);
    const Shelf& shelf = slot_.shelf;
    for (const Shelf::Item& item : shelf.items) {
      const sample::Reading<double>& reading = item.entry.reading;
      const Reason reason = reason_now(reading.reason(), item.read_ns);
      sample.at_id(item.entry.id) =
          reading.state() == sample::State::unknown
              ? sample::Reading<double>::unknown(reason, reading.source(), reading.window())
              : aged(reading, now > item.good_until_ns,
                     past(item.read_ns, reading.window()) && !lasts(item.entry.id));
    }
    const Reason shares_reason = reason_now(shelf.shares.reason, shelf.shares_read_ns);
    for (sample::Process& process : sample.processes) {
      const auto it = shelf.shares.by_pid.find(process.pid);
      process.time_share =
          it == shelf.shares.by_pid.end()
              ? sample::Reading<Ratio>::unknown(
                    shares_reason == Reason::none ? Reason::no_new_data : shares_reason,
                    sample::Source::nvml)
              : aged(it->second, now > shelf.shares_good_until_ns,
                     past(shelf.shares_read_ns, it->second.window()));
    }
    for (const metric::Id id : {metric::Id::gpu_util, metric::Id::memory_util})
      if (sample::Reading<double>& r = sample.at_id(id); r.state() == sample::State::measured)
        r = sample::Reading<double>::measured(*r.raw(), r.source(), shelf.sampling_period);
  }

  // Why a reading from the shelf is unknown now: a device that answers again is not gone any more,
  // and the slow lane has not come to it yet.
  [[nodiscard]] Reason reason_now(Reason reason, std::int64_t read_ns) const {
    const bool gone = reason == Reason::device_lost || reason == Reason::reset_required;
    return gone && read_ns < opened_ns_ ? Reason::no_new_data : reason;
  }

  // A reading from the shelf as it is worth now: late if the slow lane hangs, else past if it was
  // taken before this window began.
  template <typename T>
  static sample::Reading<T> aged(const sample::Reading<T>& r, bool late, bool past) {
    if (!r.usable() || (!late && !past)) return r;
    return sample::Reading<T>::stale(r.raw(), late ? Reason::timeout : Reason::between_rounds,
                                     r.source(), r.window());
  }

  // The device is in trouble: nothing of it can be believed until it was opened anew.
  Sample lost() {
    const Line::Trouble trouble = *line_.trouble();
    open_ = false;
    gpm_.release(line_);
    carry_ = Carry();
    listed_ns_.reset();
    return lost_sample(trouble, facts_);
  }

  void report_presence(const Sample& sample) {
    const bool lost = sample.presence == sample::Presence::lost;
    if (lost && !was_lost_) shared_.note(slot_.index, "device-lost", sample.trouble);
    if (!lost && was_lost_)
      shared_.note(slot_.index, "device-back", label(facts_) + " answers again");
    was_lost_ = lost;
  }

  Shared& shared_;
  Slot& slot_;
  Line line_;
  sample::DeviceFacts facts_;
  GpmReader gpm_;
  ProcessReader reader_;
  ProcessList processes_;
  std::optional<std::int64_t> listed_ns_;
  Carry carry_;
  Entries entries_;
  std::array<int, kFastGroups.size()> strikes_{};
  std::int64_t tick_ = 0;     // the next sample's
  std::int64_t last_ns_ = 0;  // when the one before was taken
  std::int64_t opened_ns_ = 0;
  bool tried_ = false;  // to open the device
  bool open_ = false;
  bool was_lost_ = false;
};

}  // namespace

std::unique_ptr<Lane> make_fast_lane(Shared& shared, Slot& slot) {
  return std::make_unique<FastLane>(shared, slot);
}

}  // namespace assay::probe::nvml
