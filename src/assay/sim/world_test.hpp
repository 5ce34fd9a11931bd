// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <gtest/gtest.h>

#include <cstdint>
#include <string>
#include <string_view>

#include "assay/base/check.hpp"
#include "assay/catalog/embedded.hpp"
#include "assay/sim/world.hpp"

namespace assay::sim {

inline constexpr std::int64_t kMs = 1'000'000;
inline constexpr std::int64_t kSecond = 1'000 * kMs;

inline const catalog::Catalog& chips() {
  static const catalog::Catalog kChips = *catalog::embedded();
  return kChips;
}

inline World world_of(std::string_view text) {
  const Result<Scenario> scenario = parse_scenario("test.toml", text, chips());
  if (!scenario) ADD_FAILURE() << scenario.error().message;
  return World::make(*scenario);
}

// One H100 with one process of one stream; `kernels` and `ops` as in a file.
inline std::string one_stream(std::string_view kernels, std::string_view ops,
                              std::string_view rest = "") {
  return "description = \"test\"\n" + std::string(kernels) +
         "\n[[device]]\nchip = \"h100-sxm5-80gb\"\n[[device.process]]\nname = \"p\"\n"
         "[[device.process.stream]]\nname = \"s\"\nop = [" +
         std::string(ops) + "]\n" + std::string(rest);
}

// Of the first device from `from` to `to`.
inline Shares shares_between(World& world, std::int64_t from, std::int64_t to,
                             std::size_t device = 0) {
  Device& at = world.device(device);
  at.advance_to(from);
  const Integrals before = at.integrals();
  at.advance_to(to);
  const auto found = shares(at.integrals() - before, at.facts().capacity);
  CHECK(found.has_value());
  return *found;
}

}  // namespace assay::sim
