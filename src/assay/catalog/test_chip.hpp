// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "assay/base/check.hpp"

namespace assay::catalog {

// The smallest sound chip file; tests break one thing in it at a time.
inline constexpr std::string_view kTestChip = R"(id = "toy"
name = "Toy 1"
vendor = "NVIDIA"
kind = "gpu"
nvml_names = ["NVIDIA Toy"]
compute_capability = "9.0"
unit = "SM"
units = {value = 10, source = "sheet"}
fp32_per_unit = {value = 128, source = "sheet"}
tdp_w = {value = 100, source = "sheet", confidence = "recalled"}
peak = [
  {dtype = "bf16", engine = "matrix", accumulator = "fp32", tera_ops = 40.96, clock_mhz = 1000, ops_per_clk = 4096, source = "sheet"},
  {dtype = "fp16", engine = "matrix", accumulator = "fp16", tera_ops = 80, source = "sheet"},
]

[[memory]]
technology = "HBM3"
capacity_gib = 80
usable_mib = {value = 81000, source = "smi"}
bandwidth_gb_s = 3350
source = "sheet"

[[link]]
role = "scale_up"
name = "NVLink"
one_way_gb_s = 450
lanes = 18
source = "sheet"

[price]
usd_per_hour = {low = 1, typical = 2.5, high = 4, source = "offers"}

[sources]
sheet = {title = "Datasheet", url = "https://example.com", date = "2024-01-31", confidence = "verified"}
smi = {title = "nvidia-smi", date = "2025", confidence = "verified"}
offers = {title = "median of offers", date = "2026-05", confidence = "partial"}
)";

// text with its one `from` replaced; a `from` that is not there is a bug of the test.
inline std::string edited(std::string_view text, std::string_view from, std::string_view to) {
  std::string out(text);
  const std::size_t at = out.find(from);
  CHECK(at != std::string::npos);
  return out.replace(at, from.size(), to);
}

}  // namespace assay::catalog
