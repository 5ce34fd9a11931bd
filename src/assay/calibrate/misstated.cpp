// SPDX-License-Identifier: Apache-2.0
#include "assay/calibrate/misstated.hpp"

namespace assay::calibrate {
namespace {

// From pull request 227 until 310 merged (8 December 2025), InferenceX's script for gpt-oss on H100
// gave the client `--max-concurrency 512` in place of the sweep's value, but the engine
// `--max-num-seqs` and ten requests for each of its places as ever. Its sweep went from 4 to 64.
constexpr int kClients = 512;
constexpr std::string_view kMended = "2025-12-09";
constexpr int kSweep[] = {4, 8, 16, 32, 64};

}  // namespace

std::span<const int> places_of_misstated(const ServingRow& row, std::string_view measured) {
  const bool script =
      row.model == "openai/gpt-oss-120b" && row.system == "h100_sxm" && row.backend == "vllm";
  const bool then = !measured.empty() && measured < kMended;
  if (script && then && row.concurrency == kClients) return kSweep;
  return {};
}

std::string_view misstated_why() {
  return "it states 512 clients, which is what its script gave all runs of the sweep by mistake "
         "(InferenceX pull request 310, 2025-12-08): the engine had 4, 8, 16, 32 or 64 places and "
         "ten requests for each, all sent at once; predicted is the geometric mean of the five";
}

}  // namespace assay::calibrate
