// SPDX-License-Identifier: Apache-2.0
#include "assay/format/headline.hpp"

#include <fmt/format.h>

#include <array>
#include <cstdint>
#include <optional>

#include "assay/format/format.hpp"

namespace assay::format {

namespace {

constexpr Seconds kLongestPeriod{1};  // of the driver's GPU-Util
constexpr double kMostOf = 0.5;       // of a window, to speak for it

// A figure of the driver's own, and not windows made into one, that is of the end of a longer
// window.
bool only_of_the_end(const sample::Reading<Ratio>& gpu_util, Seconds window) {
  return window > kLongestPeriod * 1.5 && gpu_util.state() != sample::State::derived &&
         gpu_util.window() < window * kMostOf;
}

}  // namespace

sample::Reading<Ratio> gpu_util_said(const sample::Sample& sample) {
  using metric::Id;
  const auto last = sample.get<Id::gpu_util>();
  if (!only_of_the_end(last, sample.window)) return last;
  const auto mean = sample.get<Id::gpu_util_samples>();
  const bool of_this = mean.usable() && mean.window() >= sample.window * kMostOf &&
                       mean.window() <= sample.window * 1.5;
  return of_this ? mean : last;
}

std::string headline(const sample::Reading<Ratio>& gpu_util, Seconds window,
                     const sample::Reading<Ratio>& sm_active, const ladder::SpeedOfLight& sol) {
  const auto says = gpu_util.value();
  std::string text = says ? fmt::format("nvidia-smi says {}", percent(*says))
                          : std::string("nvidia-smi has no figure");
  if (says && only_of_the_end(gpu_util, window))
    text += fmt::format(" at the end of these {:.0f} s", window.value());
  else if (says && gpu_util.state() != sample::State::derived && gpu_util.window() > kLongestPeriod)
    text += " on average";
  if (!sm_active.value())
    return text + fmt::format("; what share of the SMs had work is unknown: {}.",
                              sample::sentence(sm_active.reason()));
  text += fmt::format("; really {} of the SMs had work", percent(*sm_active.value()));
  if (!sol.value.value())
    return text + fmt::format("; how hard they worked is unknown: {}.",
                              sample::sentence(sol.value.reason()));
  if (sol.limiter == ladder::Limiter::none) return text + ", and no pipe was used.";
  return text + fmt::format(", and the busiest part ({}) ran at {} of its speed of light.",
                            ladder::describe(sol.limiter), percent(*sol.value.value()));
}

std::string throttle_words(const sample::Reading<Count>& reasons) {
  struct Bit {
    std::uint64_t mask;
    std::string_view word;
  };
  static constexpr std::array<Bit, 7> kBits = {{{0x2, "application clocks"},
                                                {0x4, "power cap"},
                                                {0x8, "hardware slowdown"},
                                                {0x10, "sync boost"},
                                                {0x20, "thermal"},
                                                {0x40, "hardware thermal"},
                                                {0x80, "power brake"}}};
  const auto bits = reasons.value();
  if (!bits) return "";
  std::string text;
  for (const Bit& bit : kBits)
    if ((static_cast<std::uint64_t>(bits->value()) & bit.mask) != 0)
      text += fmt::format("{}{}", text.empty() ? "" : ", ", bit.word);
  return text;
}

std::vector<std::string> beside_ladder(const sample::Sample& sample) {
  using metric::Id;
  std::vector<std::string> items;
  if (const auto words = throttle_words(sample.get<Id::throttle_reasons>()); !words.empty())
    items.push_back("throttled by " + words);
  const auto add = [&](std::string_view label, Id id, std::optional<Id> of = std::nullopt) {
    const auto value = sample.at_id(id).value();
    if (!value) return;
    const metric::Unit unit = metric::def(id).unit;
    const auto whole = of ? sample.at_id(*of).value() : std::nullopt;
    items.push_back(fmt::format("{} {}{}", label, quantity(unit, *value),
                                whole ? " of " + quantity(unit, *whole) : ""));
  };
  add("power", Id::power, Id::power_limit);
  add("SM clock", Id::sm_clock, Id::sm_clock_max);
  add("memory", Id::memory_used, Id::memory_total);
  add("temperature", Id::temperature);
  add("occupancy", Id::sm_occupancy);
  add("PCIe in", Id::pcie_rx);
  add("PCIe out", Id::pcie_tx);
  return items;
}

}  // namespace assay::format
