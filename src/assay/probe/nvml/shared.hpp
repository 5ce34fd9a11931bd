// SPDX-License-Identifier: Apache-2.0
#pragma once

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

#include "assay/probe/nvml/readings.hpp"
#include "assay/probe/nvml/sampler.hpp"
#include "assay/probe/nvml/watch.hpp"

namespace assay::probe::nvml {

// A sample that the device's thread took for the window that ended with `tick`.
struct Published {
  std::int64_t tick = 0;
  sample::Sample sample;
};

// What the slow lane found last, for the device's thread to put beside its own readings.
struct Shelf {
  struct Item {
    Entry entry;
    std::int64_t read_ns = 0;
    std::int64_t good_until_ns = 0;  // after that the reading is stale
  };
  std::vector<Item> items;  // at most one a metric
  BufferReader::Shares shares;
  std::int64_t shares_good_until_ns = 0;
};

// One device, between its two threads and the caller. Fields without an atomic or a mutex of their
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
  bool opened = false;          // tried once: facts are as good as they get
  bool baseline = false;        // first sample taken: the first window runs
  std::deque<Published> queue;
  std::int64_t published = 0;

  std::mutex shelf_mutex;
  Shelf shelf;
};

// Everything that outlives the caller as long as a thread runs. Threads hold it by shared_ptr.
struct Shared {
  std::shared_ptr<Nvml> nvml;
  std::shared_ptr<Clock> clock;
  std::int64_t period_ns = 0;
  std::int64_t deadline_ns = 0;
  std::int64_t slow_period_ns = 0;

  std::mutex mutex;
  std::condition_variable to_caller;   // something was published, or a thread ended
  std::condition_variable to_threads;  // the epoch is set, a baseline was taken, or stop
  bool stop = false;
  std::optional<std::int64_t> epoch_ns;  // tick k of the grid is at epoch + k * period
  int running = 0;                       // threads
  std::vector<std::unique_ptr<Slot>> slots;
  std::vector<sample::Event> events;

  // Adds an event. Takes the mutex.
  void note(int device, std::string kind, std::string text);
};

inline constexpr std::size_t kBacklog = 8;       // windows kept for a caller who comes late
inline constexpr std::size_t kMostEvents = 256;  // kept until the caller takes them

// Bodies of the two threads of a device. Return once shared->stop is set.
void run_fast_lane(const std::shared_ptr<Shared>& shared, Slot& slot);
void run_slow_lane(const std::shared_ptr<Shared>& shared, Slot& slot);

// "device 3 (NVIDIA H100 80GB HBM3)", for sentences.
std::string label(const sample::DeviceFacts& facts);

}  // namespace assay::probe::nvml
