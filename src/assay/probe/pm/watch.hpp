// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <optional>

#include "assay/probe/pm/session.hpp"

namespace assay::probe::pm {

// One look through the microscope: fetches, keeps account of what is missing, has the rest
// evaluated, and gives it out in order. Construct, start(), fetch() as often as needed, stop(), the
// last fetch, end(). One thread.
class Microscope::Watch {
 public:
  Watch(Session& session, const Take& take) : session_(session), take_(take) {}

  // invalid_argument where fetching so much at once would take too much memory.
  Status check_room(Seconds length);
  // For fetching often. To be called before start().
  Status reserve_for_many();
  Status start(std::size_t buffer_bytes, int threads);
  Status stop();
  // Fetches what came since the last time and gives out what is evaluated by now.
  Status fetch();
  // Waits for the evaluation; what came too late for `length` counts as lost, unless the look was
  // ended early.
  Result<sample::Losses> end(Seconds length, bool early);

 private:
  [[nodiscard]] double expected() const;
  Result<std::shared_ptr<CounterData>> room();
  Status restart();
  void account(const Session::Fetched& fetched);
  Status evaluate(std::shared_ptr<CounterData> data, std::size_t first,
                  std::span<const TickTime> times);

  Session& session_;
  const Take& take_;
  std::unique_ptr<Evaluators> evaluators_;
  std::size_t buffer_bytes_ = 0;

  // Of looks that fetch often: what new counter data looks like, and how many there are.
  std::shared_ptr<const CounterData::Bytes> fresh_;
  std::uint32_t capacity_ = 0;
  std::size_t tick_bytes_ = 0;
  int made_ = 0;

  double since_ = 0;    // monotonic seconds; what came before has been fetched
  double stopped_ = 0;  // 0: it runs
  bool stale_ = true;   // the next tick is the first since a start
  std::optional<TickTime> first_;
  TickTime last_;
  sample::Losses losses_;
};

// Monotonic seconds.
double monotonic_now();

}  // namespace assay::probe::pm
