// SPDX-License-Identifier: Apache-2.0
// Finding out beforehand what an Engine will come to.
#include <algorithm>

#include "assay/sim/engine.hpp"

namespace assay::sim {
namespace {

constexpr int kEventsBetween = 200;  // of two states: some 10 us of work
constexpr int kMostEvents = 20'000;

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

std::size_t Engine::look_ahead(std::size_t most_states, Foresight foresight) {
  auto& states = ahead_.states;
  states.clear();
  Engine scout = *this;
  int since = 0;
  for (int events = 0; events < kMostEvents && states.size() < most_states; ++events) {
    const std::int64_t stop = scout.repetition_ ? scout.repetition_->end_ns() : scout.next_stop();
    if (stop >= kNever / 8) break;  // goes on like this for good
    scout.advance_to(stop);
    const bool far = ++since >= kEventsBetween && foresight == Foresight::all_the_way;
    if (!far && !scout.repetition_) continue;
    // Its marks are for the repetition that comes after it: with the next state, or in it.
    if (!states.empty()) states.back()->marks_.clear();
    states.push_back(std::make_unique<Engine>(scout));
    since = 0;
  }
  return states.size();
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
