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
  // `length`: of the look; what comes later is left out. `many`: to be fetched often.
  Watch(Session& session, const Take& take, Seconds length, bool many)
      : session_(session), take_(take), length_(length), many_(many) {}

  // invalid_argument where fetching so much at once would take too much memory.
  Status check_room();
  Status start(std::size_t buffer_bytes, int threads);
  Status stop();
  // Fetches what came since the last time and gives out what is evaluated by now.
  Status fetch();
  // From a fetch of a stream to the next.
  [[nodiscard]] Seconds pause() const;
  // Waits for the evaluation; what is missing of the length counts as lost, unless the look was
  // ended early.
  Result<sample::Losses> end(bool early);

  // The device's buffer ran over, and sampling could not be begun again.
  [[nodiscard]] bool over() const { return over_; }

 private:
  Status make_many();
  Result<std::shared_ptr<CounterData>> room();
  Status restart();
  bool is_sound(const TickTime& time);
  [[nodiscard]] bool is_late(const TickTime& time) const;
  void keep_what_is_begun(const CounterData& data, Session::Fetched& fetched);
  Status evaluate(std::shared_ptr<CounterData> data, std::size_t populated,
                  std::span<const TickTime> times);

  Session& session_;
  const Take& take_;
  Seconds length_;
  bool many_;
  std::unique_ptr<Evaluators> evaluators_;
  std::size_t buffer_bytes_ = 0;
  std::shared_ptr<const BlankData> blank_;  // where counter data is used again
  RawBytes begun_;                          // the tick within which the last fetch ended
  bool beheaded_ = false;                   // that tick could not be kept

  double started_ = 0;  // monotonic seconds
  double stopped_ = 0;  // 0: it runs
  bool over_ = false;
  bool stale_ = true;  // the next tick is the first since a start
  std::optional<TickTime> first_;
  TickTime last_;
  sample::Losses losses_;
};

// Monotonic seconds.
double monotonic_now();

}  // namespace assay::probe::pm
