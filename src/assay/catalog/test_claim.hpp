// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

namespace assay::catalog {

// The smallest sound claim file that uses every key; tests break one thing in it at a time.
inline constexpr std::string_view kTestClaim = R"(id = "toy-doubles"
statement = "Toy is twice as fast."
said_by = "Its maker"
chips = ["toy"]
baselines = ["Toy_0"]
workload = "dense bf16"
value = 2
unit = "ratio"
source = "ad"
verdict = "partly"
finding = "Of one dtype."
[[evidence]]
text = "By the catalog."
stance = "supports"
value = 2
unit = "ratio"
catalog = {measure = "peak", dtype = "bf16", of = "toy", over = "toy-0"}
[[evidence]]
text = "Measured."
stance = "against"
value = 1.25
unit = "ratio"
quotient = {of = 50, over = 40}
source = "run"
confidence = "partial"
[sources]
ad = {title = "Advert", date = "2025", confidence = "verified"}
run = {title = "A run", url = "https://example.com", date = "2025-06", confidence = "verified"}
)";

}  // namespace assay::catalog
