// SPDX-License-Identifier: Apache-2.0
#include "assay/calibrate/harness.hpp"

#include <algorithm>
#include <array>

namespace assay::calibrate {
namespace {

// Scripts of github.com/SemiAnalysisAI/InferenceX (benchmarks/), those that run what the other
// fields say; an empty or zero field says nothing.
struct Script {
  std::string_view backend;
  std::array<std::string_view, 2> in_model;  // parts of the model's name
  std::string_view system;                   // how the chip's name begins
  std::string_view precision;
  double length = 0;     // of prompt and answer both
  int tensor_under = 0;  // tensor parallelism below this
  int concurrency_from = 0;
  // What they set.
  bool gathers = false;
  int polls_every = 1;
  std::optional<Dtype> cache = {};
};

constexpr std::array kScripts{
    // 70b_fp8_h200_trt and its kin on B200: batch_wait_max_tokens_ratio, batch_wait_timeout_iters.
    Script{.backend = "trtllm",
           .in_model = {"Llama", "70B"},
           .length = 1024,
           .tensor_under = 8,
           .gathers = true},
    // dsr1_fp4_b200 and dsr1_fp8_b200: --scheduler-recv-interval 10, and 30 from 16 clients up.
    Script{.backend = "sglang", .in_model = {"DeepSeek-R1"}, .system = "b200", .polls_every = 10},
    Script{.backend = "sglang",
           .in_model = {"DeepSeek-R1"},
           .system = "b200",
           .concurrency_from = 16,
           .polls_every = 30},
    // 70b_fp8_h100 and its kin: kv-cache-dtype: fp8, as in vLLM's recipe Llama3.3_Hopper.yaml.
    Script{.backend = "vllm", .precision = "fp8", .cache = Dtype::fp8},
};

bool runs(const Script& script, const ServingRow& row) {
  const auto named = [&](std::string_view part) {
    return row.model.find(part) != std::string::npos;
  };
  const bool lengths =
      script.length == 0 || (row.prompt == script.length && row.output == script.length);
  const bool layout = script.tensor_under == 0 || row.parallel.tensor < script.tensor_under;
  return row.backend == script.backend && std::ranges::all_of(script.in_model, named) &&
         row.system.starts_with(script.system) &&
         (script.precision.empty() || row.precision == script.precision) && lengths && layout &&
         row.concurrency >= script.concurrency_from;
}

}  // namespace

void set_by_script(ServingRow& row) {
  for (const Script& script : kScripts) {
    if (!runs(script, row)) continue;
    row.gathers = row.gathers || script.gathers;
    row.polls_every = std::max(row.polls_every, script.polls_every);
    if (!row.cache) row.cache = script.cache;
  }
}

}  // namespace assay::calibrate
