// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <string_view>

#include "assay/base/check.hpp"
#include "assay/sim/world.hpp"

// What must hold of any bytes at all, for the unit test's mutations and for libFuzzer alike.
namespace assay::sim {

// An error is one line, "x.toml:<line>: ...", that cannot drive a terminal. What is accepted runs,
// and its first moments make sense.
inline void fuzz_scenario(std::string_view text, const catalog::Catalog& catalog) {
  const Result<Scenario> parsed = parse_scenario("x.toml", text, catalog);
  if (!parsed) {
    const std::string_view message = parsed.error().message;
    CHECK(parsed.error().code == ErrorCode::invalid_argument);
    CHECK(message.starts_with("x.toml:") && message[7] >= '1' && message[7] <= '9');
    CHECK(std::ranges::none_of(message, [](char c) {
      const auto byte = static_cast<std::uint8_t>(c);
      return byte < 0x20 || byte == 0x7f;
    }));
    return;
  }
  constexpr std::int64_t kStep = 10'000;  // ns
  World world = World::make(*parsed);
  Device& device = world.device(0);
  for (int i = 1; i <= 3; ++i) {
    device.advance_to(i * kStep);
    const Integrals done = device.integrals();
    CHECK(done.present_ns <= device.now_ns() && done.busy_ns <= done.present_ns);
    CHECK(std::isfinite(done.energy_j) && done.energy_j >= 0);
    CHECK(std::isfinite(device.moment().temperature.value()));
  }
}

}  // namespace assay::sim
