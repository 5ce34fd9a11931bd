// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cmath>
#include <cstdint>
#include <optional>
#include <string_view>

#include "assay/metric/metric.hpp"
#include "assay/units/units.hpp"

namespace assay::sample {

using metric::Source;

// measured:  a device's own counter over the window.
// derived:   arithmetic on measured values, no assumption.
// estimated: needs an assumption, which the reason names.
// unknown:   no value; the reason says why. Never 0.
// stale:     the last value known; its source has not answered since (reason: timeout, ...).
// invalid:   the device gave a value that can't be (over 100 %, say); kept for the eye, never used.
enum class State : std::uint8_t { measured, derived, estimated, unknown, stale, invalid };

// Why there is no sound value. Each has one sentence that says what it means and what to do.
enum class Reason : std::uint8_t {
  none,
  not_read,       // nobody asked for it
  not_supported,  // the device or driver does not offer it
  no_gpm,         // hardware counters by GPM need Hopper or newer
  no_permission,
  driver_not_loaded,
  device_lost,
  reset_required,
  timeout,            // the call has not come back within its deadline
  no_new_data,        // counters not refreshed since the sample before
  first_sample,       // a difference needs two samples
  not_finite,         // the driver answered NaN: it has no value
  out_of_range,       // over 100 %, negative: the counters can't be trusted here
  version_refused,    // the driver takes no struct version that assay knows
  driver_error,       // NVML said "unknown error" or the like
  missing_input,      // computed from something that is itself unknown
  no_roof,            // no peak known for this chip
  no_price,           // no price known for this chip
  no_workload,        // only the workload can say (tokens, FLOPs)
  recording_damaged,  // the recording had it, but its bytes are broken
  between_rounds,     // read now and then only; this is the last round's value
  sampled,            // a shorter period stands for the whole window
};
inline constexpr std::size_t kReasonCount = 22;

std::string_view to_string(State state);    // "measured", ...
std::string_view to_string(Reason reason);  // "no-gpm", ...: the stable word
std::string_view sentence(Reason reason);   // for people: what and what to do; "" for none
std::optional<State> parse_state(std::string_view word);
std::optional<Reason> parse_reason(std::string_view word);

// A value or the reason that there is none, with where it came from and over how long. Value
// semantics, 40 bytes or less, no allocation. T is a unit type of units.hpp, or double where the
// metric's unit is known from elsewhere (Sample's table).
template <typename T>
class Reading {
 public:
  constexpr Reading() = default;  // unknown, not_read

  static constexpr Reading measured(T value, Source source, Seconds window = Seconds(0)) {
    return Reading(value, State::measured, Reason::none, source, window);
  }
  static constexpr Reading derived(T value, Source source, Seconds window = Seconds(0)) {
    return Reading(value, State::derived, Reason::none, source, window);
  }
  static constexpr Reading estimated(T value, Reason assumption, Source source,
                                     Seconds window = Seconds(0)) {
    return Reading(value, State::estimated, assumption, source, window);
  }
  static constexpr Reading unknown(Reason reason, Source source = Source::none,
                                   Seconds window = Seconds(0)) {
    return Reading(std::nullopt, State::unknown, reason, source, window);
  }
  static constexpr Reading stale(std::optional<T> last, Reason reason, Source source,
                                 Seconds window = Seconds(0)) {
    return Reading(last, State::stale, reason, source, window);
  }
  static constexpr Reading invalid(T raw, Reason reason, Source source,
                                   Seconds window = Seconds(0)) {
    return Reading(raw, State::invalid, reason, source, window);
  }
  // Any state with its parts: for the store, which has to give back what it was given.
  static constexpr Reading restored(std::optional<T> raw, State state, Reason reason, Source source,
                                    Seconds window) {
    return Reading(raw, state, reason, source, window);
  }

  // The value, only if it may be computed with: measured, derived or estimated.
  [[nodiscard]] constexpr std::optional<T> value() const { return usable() ? raw_ : std::nullopt; }
  // What there is to show, stale and invalid included.
  [[nodiscard]] constexpr std::optional<T> raw() const { return raw_; }
  [[nodiscard]] constexpr bool usable() const {
    return raw_.has_value() && state_ <= State::estimated;
  }
  [[nodiscard]] constexpr State state() const { return state_; }
  [[nodiscard]] constexpr Reason reason() const { return reason_; }
  [[nodiscard]] constexpr Source source() const { return source_; }
  [[nodiscard]] constexpr Seconds window() const { return window_; }

  friend constexpr bool operator==(const Reading&, const Reading&) = default;

 private:
  constexpr Reading(std::optional<T> raw, State state, Reason reason, Source source, Seconds window)
      : raw_(raw), window_(window), state_(state), reason_(reason), source_(source) {}

  std::optional<T> raw_;
  Seconds window_{0};
  State state_ = State::unknown;
  Reason reason_ = Reason::not_read;
  Source source_ = Source::none;
};

}  // namespace assay::sample
