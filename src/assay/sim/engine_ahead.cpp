// SPDX-License-Identifier: Apache-2.0
// Finding out beforehand what an Engine will come to.
#include <algorithm>

#include "assay/sim/engine.hpp"

namespace assay::sim {
namespace {

// Some 10 us of work between two states, and a bound on what they cost to find and to keep: a state
// holds some 50 KiB where something repeats.
constexpr int kEventsBetween = 200;
constexpr int kMostEvents = 20'000;
constexpr std::size_t kMostStates = 48;

}  // namespace

Ahead::Ahead() = default;
Ahead::Ahead(const Ahead&) : Ahead() {}
Ahead& Ahead::operator=(const Ahead& other) {
  if (this != &other) states.clear();
  return *this;
}
Ahead::Ahead(Ahead&&) noexcept = default;
Ahead& Ahead::operator=(Ahead&&) noexcept = default;
Ahead::~Ahead() = default;

std::int64_t Engine::next_stop() const { return std::min({work_.next_ns(), boundary_, thermal_}); }

void Engine::look_ahead() {
  ahead_.states.clear();
  Engine scout = *this;
  int since = 0;
  for (int events = 0; events < kMostEvents && ahead_.states.size() < kMostStates; ++events) {
    const std::int64_t stop = scout.repetition_ ? scout.repetition_->end_ns() : scout.next_stop();
    if (stop >= kNever / 8) return;  // goes on like this for good
    scout.advance_to(stop);
    if (++since < kEventsBetween && !scout.repetition_) continue;
    ahead_.states.push_back(std::make_unique<Engine>(scout));
    since = 0;
  }
}

// As far as what was found out beforehand leads.
void Engine::leap_to(std::int64_t ns) {
  std::unique_ptr<Engine> nearest;
  while (!ahead_.states.empty() && ahead_.states.front()->asked_ <= ns) {
    nearest = std::move(ahead_.states.front());
    ahead_.states.pop_front();
  }
  if (!nearest || nearest->asked_ <= asked_) return;
  Ahead rest = std::move(ahead_);
  *this = std::move(*nearest);
  ahead_ = std::move(rest);
}

}  // namespace assay::sim
