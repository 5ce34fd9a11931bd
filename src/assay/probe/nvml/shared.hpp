// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <array>
#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "assay/probe/nvml/lane.hpp"
#include "assay/probe/nvml/process_list.hpp"
#include "assay/probe/nvml/readings.hpp"
#include "assay/probe/nvml/sampler.hpp"
#include "assay/probe/nvml/sweep.hpp"
#include "assay/probe/nvml/watch.hpp"

namespace assay::probe::nvml {

// A sample that the device's fast lane took for the window that ended with `tick`.
struct Published {
  std::int64_t tick = 0;
  sample::Sample sample;
};

// What the slow lane found last, for the fast lane to put beside its own readings.
struct Shelf {
  struct Item {
    Entry entry;
    std::int64_t read_ns = 0;
    std::int64_t good_until_ns = 0;  // after that the reading is stale
  };
  std::vector<Item> items;  // at most one a metric
  BufferReader::Shares shares;
  std::int64_t shares_read_ns = 0;
  std::int64_t shares_good_until_ns = 0;
  Seconds sampling_period{0};  // of GPU-Util, by the driver's own buffer; 0 = not known
  // Replaces what is there of the same metric.
  void put(const Entry& entry, std::int64_t read, std::int64_t good_until) {
    const auto it =
        std::ranges::find(items, entry.id, [](const Item& item) { return item.entry.id; });
    if (it == items.end()) items.push_back({entry, read, good_until});
    else *it = {entry, read, good_until};
  }

  // What the fast lane remembered of a group when it left it to the slow one.
  std::optional<Carry> carry;
};

// One device, between its two lanes and the caller. Fields without an atomic or a mutex of their
// own belong to Shared::mutex.
struct Slot {
  explicit Slot(int at) : index(at) {}

  const int index;
  InFlight fast;
  InFlight slow;
  std::array<std::atomic<bool>, kFastGroups.size()> demoted{};  // to the slow lane, too slow here

  sample::DeviceFacts facts;
  Device device = nullptr;      // null while the device can't be opened
  std::int64_t generation = 0;  // counts the times it was opened
  std::int64_t attach_ns = 0;   // the driver's part of the first time
  bool opened = false;          // tried once: facts are as good as they get
  bool baseline = false;        // first sample taken: the first window runs
  std::deque<Published> queue;
  std::int64_t published = 0;

  std::mutex shelf_mutex;
  Shelf shelf;

  std::unique_ptr<Lane> fast_lane;
  std::unique_ptr<Lane> slow_lane;
  Sweep* slow_sweep = nullptr;  // waits for the baseline
};

// Everything that outlives the caller as long as a thread runs. Threads hold it by shared_ptr.
struct Shared {
  std::shared_ptr<Nvml> nvml;
  std::shared_ptr<Clock> clock;
  ProcessReader::Names names = ProcessReader::Names::host_first;
  std::int64_t period_ns = 0;
  std::int64_t deadline_ns = 0;
  std::int64_t slow_period_ns = 0;

  std::mutex mutex;
  std::condition_variable to_caller;  // a sweep has published what was due, or a thread ended
  std::condition_variable to_patrol;  // stop
  bool stop = false;
  std::optional<std::int64_t> epoch_ns;  // tick k of the grid is at epoch + k * period
  std::int64_t cut_tick = 0;             // the window that the caller ended before its time ...
  std::int64_t cut_ns = 0;               // ... and when; 0: none
  bool woken = false;                    // the caller, by wake()
  int running = 0;                       // threads
  std::vector<std::unique_ptr<Slot>> slots;
  std::vector<std::unique_ptr<Sweep>> sweeps;
  std::vector<sample::Event> events;

  // When the window that ends with `tick` is over: on the grid, or where it was cut. With the mutex
  // held and the epoch set.
  [[nodiscard]] std::int64_t due_ns(std::int64_t tick) const {
    const std::int64_t grid = *epoch_ns + tick * period_ns;
    return cut_ns != 0 && tick == cut_tick ? std::min(grid, cut_ns) : grid;
  }

  // Adds an event. Takes the mutex.
  void note(int device, std::string kind, std::string text);
  // The epoch is set, or stop: everybody looks again. With the mutex held.
  void wake_all();
};

inline constexpr std::size_t kBacklog = 8;       // windows kept for a caller who comes late
inline constexpr std::size_t kMostEvents = 256;  // kept until the caller takes them

// The two lanes of a device. Shared outlives them.
std::unique_ptr<Lane> make_fast_lane(Shared& shared, Slot& slot);
std::unique_ptr<Lane> make_slow_lane(Shared& shared, Slot& slot);

// "device 3 (NVIDIA H100 80GB HBM3)", for sentences.
std::string label(const sample::DeviceFacts& facts);

}  // namespace assay::probe::nvml
