// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "assay/base/check.hpp"

namespace assay::sim {

// A sound file with most of what there is; tests break one thing in it at a time.
inline constexpr std::string_view kTestScenario = R"(# a comment
description = "a toy"
seed = 42

[[kernel]]
name = "gemm"
grid = 264
block = 288
registers = 168
shared_kib = 200
total = { tensor_bf16_gflop = 1000, dram_read_mb = 100 }

[[kernel]]
name = "spin"
grid_per_sm = 2
block = 1024
endless = true
rate = { int = 0.08 }

[[device]]
chip = "h100-sxm5-80gb"
count = 3
stagger_us = 0.5
power_limit_w = 650
uuid = "GPU-01234567-89ab-cdef-0123-456789abcdef"

[[device.process]]
name = "worker"
pid = 77
start_s = 1.5
memory_mib = 1000
[[device.process.stream]]
name = "load"
op = [{ name = "in", copy = "h2d", mb = 64 }]
[[device.process.stream]]
name = "work"
jitter = 0.1
op = [{ kernel = "gemm", gap_us = 5, times = 2, after = ["load.in"] }]

[[device.process]]
name = "spinner"
stream = [{ name = "main", start_s = 2, op = [{ kernel = "spin" }] }]


[[device.event]]
at_s = 4
kind = "xid"
xid = 31

[[device.event]]
at_s = 2
kind = "lost"

[[device.event]]
at_s = 3
kind = "back"
)";

// kTestScenario with its one `from` replaced; a `from` that is not there is a bug of the test.
inline std::string edited_scenario(std::string_view from, std::string_view to) {
  std::string out(kTestScenario);
  const std::size_t at = out.find(from);
  CHECK(at != std::string::npos);
  return out.replace(at, from.size(), to);
}

}  // namespace assay::sim
