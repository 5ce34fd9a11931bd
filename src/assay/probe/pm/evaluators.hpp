// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <condition_variable>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <span>
#include <thread>
#include <vector>

#include "assay/base/result.hpp"
#include "assay/probe/pm/counter_data.hpp"
#include "assay/probe/pm/host.hpp"
#include "assay/probe/pm/metric_set.hpp"
#include "assay/sample/timeline.hpp"

namespace assay::probe::pm {

// When a tick was, on the device's clock, and its place in the counter data.
struct TickTime {
  std::int64_t begin_ns = 0;
  std::int64_t end_ns = 0;
  std::size_t place = 0;
};

// Ticks of one counter data, `populated` of which hold something. Several may share counter data
// that is used once; that which is used again comes back when its batch is done.
struct Batch {
  std::shared_ptr<CounterData> data;
  std::size_t populated = 0;
  std::vector<TickTime> times;
};

// Turns raw counters into ticks, on the thread that fetches them or apart from it: where fetching
// and evaluating take longer together than the ticks, the fetching must not wait. A thread for each
// host but the first, which is the caller's; ticks come out in the order in which batches went in.
// To be used from one thread.
class Evaluators {
 public:
  Evaluators(std::vector<Host> hosts, std::vector<Column> columns);
  Evaluators(const Evaluators&) = delete;
  Evaluators& operator=(const Evaluators&) = delete;
  ~Evaluators();

  void submit(Batch batch);
  // On the caller's thread, in whose processor's cache the counters are still.
  void evaluate_here(Batch batch);
  // Counter data to be used again and again: it comes back from returned() when its batch is done,
  // as new. returned() waits for one.
  void lend(std::shared_ptr<CounterData> data);
  std::shared_ptr<CounterData> returned();

  using Take = std::function<void(std::span<const sample::Tick>)>;
  // Gives out what is done; with `all`, waits for the rest. The first error of any batch.
  Status give_out(const Take& take, bool all);

 private:
  struct Job {
    Batch batch;
    bool begun = false;
    bool done = false;
    std::vector<sample::Tick> ticks;
    Status status;
  };
  void work(Host& host);
  void finish(Host& host, Job& job) const;
  void evaluate(Host& host, Job& job) const;
  void give_back(std::shared_ptr<CounterData> data);
  Job* next_job();

  std::vector<Host> hosts_;
  std::vector<Column> columns_;
  std::vector<const char*> names_;
  std::mutex mutex_;
  std::condition_variable changed_;
  bool over_ = false;
  std::deque<Job> jobs_;  // in the order of submission; a job stays where it is
  std::vector<std::shared_ptr<CounterData>> returned_;
  std::vector<std::thread> threads_;
};

}  // namespace assay::probe::pm
