// SPDX-License-Identifier: Apache-2.0
#include "assay/roofline/engine_profile.hpp"

namespace assay::roofline {

std::string_view to_string(Mixing mixing) {
  switch (mixing) {
    case Mixing::chunked: return "chunked";
    case Mixing::whole_prompts: return "whole_prompts";
    case Mixing::prefill_first: return "prefill_first";
  }
  return "?";
}

const std::array<EngineConstant, kEngineConstants>& engine_constants() {
  using E = EngineOverheads;
  static constexpr std::array<EngineConstant, kEngineConstants> kTable = {{
      {"step_us", &E::step_us, 0, 50000},
      {"sequence_us", &E::sequence_us, 0, 1000},
      {"launch_us", &E::launch_us, 0, 1000},
      {"prompt_us", &E::prompt_us, 0, 100000},
      {"request_ms", &E::request_ms, 0, 2000},
      {"kernels_per_layer", &E::kernels_per_layer, 1, 200},
      {"expert_kernels", &E::expert_kernels, 0.1, 100},
      {"narrow_kernels", &E::narrow_kernels, 0.01, 50},
      {"collective_factor", &E::collective_factor, 0.05, 20},
      {"bandwidth_factor", &E::bandwidth_factor, 0.1, 1.5},
      {"attention_factor", &E::attention_factor, 0.2, 2},
      {"compute_factor", &E::compute_factor, 0.2, 2},
      {"narrow_compute_factor", &E::narrow_compute_factor, 0.2, 2},
      {"expert_factor", &E::expert_factor, 0.1, 2},
      {"router_evenness", &E::router_evenness, 0.1, 1},
      {"widening_factor", &E::widening_factor, 0.1, 1},
      {"unpack_bytes_per_clock", &E::unpack_bytes_per_clock, 0, 1000},
      {"narrow_cache_factor", &E::narrow_cache_factor, 0.2, 1},
  }};
  return kTable;
}

}  // namespace assay::roofline
