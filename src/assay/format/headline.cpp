// SPDX-License-Identifier: Apache-2.0
#include "assay/format/headline.hpp"

#include <fmt/format.h>

#include <array>
#include <cstdint>

#include "assay/format/format.hpp"

namespace assay::format {

std::string headline(const sample::Reading<Ratio>& gpu_util,
                     const sample::Reading<Ratio>& sm_active, const ladder::SpeedOfLight& sol) {
  const auto says = gpu_util.value();
  std::string text = says ? fmt::format("nvidia-smi says {}", percent(*says))
                          : std::string("nvidia-smi has no figure");
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

}  // namespace assay::format
