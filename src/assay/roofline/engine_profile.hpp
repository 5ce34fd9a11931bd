// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "assay/units/units.hpp"

// What a serving engine does by itself, as data: data/engines/*.toml for what its documentation
// says, data/fits/engines.toml for what measurements say.
namespace assay::roofline {

// How prompts and running sequences share an iteration.
enum class Mixing {
  chunked,  // running sequences first, the rest of the token budget goes to (parts of) prompts
  whole_prompts,  // as chunked, but a prompt is never cut: it waits until the budget holds all of
                  // it
  prefill_first,  // prompts run by themselves, as many as the budget holds; running sequences wait
};
std::string_view to_string(Mixing mixing);

struct Scheduling {
  Mixing mixing = Mixing::chunked;
  double token_budget = 8192;   // tokens of one iteration, decode and prefill together
  double max_sequences = 1024;  // running at once, in one replica
  // On chips of less memory than this (bytes; 0: none) these two stand instead of those above.
  double small_below_bytes = 0;
  double small_token_budget = 2048;
  double small_max_sequences = 256;
  double memory_fraction = 0.9;  // of usable memory that weights, cache and buffers may fill
  double reserved_bytes = 3e9;   // of that, for activations and graphs, per large chip
  // A request is let in only when its whole answer has room too, so that nobody ever loses it.
  bool reserves_answers = false;
  // Of a chip of this capacity: engines that run on chips of little memory (SRAM) plan every buffer
  // of it, and spend no gigabytes on graphs.
  [[nodiscard]] double reserved_of(double capacity) const {
    constexpr double kLittle = 16e9;
    constexpr double kShare = 0.05;
    return capacity < kLittle ? std::min(reserved_bytes, kShare * capacity) : reserved_bytes;
  }
};

// Seconds that go by on the host or between kernels, whatever the chip's peaks; and how far its
// kernels fall short of the chip's curves.
struct EngineOverheads {
  double step_us = 300;    // scheduling, building inputs, sampling
  double sequence_us = 5;  // and per running sequence of the replica
  // Launching one kernel from the host, in iterations that hold prompts: those run from no captured
  // graph, so the device waits where all its kernels are shorter than their launches.
  double launch_us = 8;
  double prompt_us = 1000;        // and per prompt (or part of one) in it
  double request_ms = 10;         // HTTP, tokenizer: once, before the first token
  double kernels_per_layer = 12;  // one after another, of a layer in decode
  double expert_kernels = 4;      // more, of a layer with experts: scores, top-k, sort, gather, sum
  double narrow_kernels = 1;      // more, where activations are quantized before each product
  double collective_factor = 1;   // of the chip's link_floor_us: below 1 where fused with norms
  double bandwidth_factor = 1;    // of the chip's bandwidth_fraction, reading weights
  double attention_factor = 1;    // of the chip's attention_bandwidth_fraction
  double narrow_cache_factor = 1;    // and of that, where the cache is of 8 bits
  double compute_factor = 1;         // of the chip's compute fractions
  double narrow_compute_factor = 1;  // and of that, in products of 8 bits and fewer
  // And of that, where packed weights are widened to operands of 16 bits on the way (fp4 on chips
  // that do not multiply it, int4).
  double widening_factor = 1;
  // Tokens of one step choose alike: as many distinct experts are touched as by this share of them,
  // had they chosen evenly and by themselves.
  double router_evenness = 1;
  double expert_factor = 1;  // of the chip's expert_compute_fraction
  // Bytes of 4-bit weights that an SM unpacks in a clock, where that is done on its vector units
  // and not hidden: llama.cpp on large SMs. 0: no limit.
  double unpack_bytes_per_clock = 0;
};

// How products of packed weights run where no tensor unit multiplies them whole: facts of an
// engine's kernels, which no fit finds. 0: as ever.
struct PackedKernels {
  // Products of at most so many rows are matrix times vector: nothing is padded to tiles.
  double vector_rows = 0;
  // Operations of an SM in a clock in products of weights of 8 bits and fewer with wider
  // activations, which are packed to int8: scaling each block's sum on the vector units is the
  // limit, whatever the tensor units' peak. On chips that multiply int8.
  double ops_per_clock = 0;
  // Bits that the engine's files keep in embeddings, lm_head and what a checkpoint of fewer than 8
  // bits leaves in 16.
  double rest_bits = 0;
};

struct EngineConstant {
  std::string_view name;
  double EngineOverheads::* member;
  double least;
  double most;
};
inline constexpr std::size_t kEngineConstants = 18;
const std::array<EngineConstant, kEngineConstants>& engine_constants();

struct EngineProfile {
  std::string name;  // "vllm", "sglang", "trtllm", "llama.cpp"
  // The engine that this profile is of, where it stands for some versions of it alone: those that
  // begin so.
  std::string of;
  std::vector<std::string> versions;
  Scheduling scheduling;
  EngineOverheads overheads;
  PackedKernels packed;
  // Runs of it are in the fit; of others no figure is "calibrated".
  bool measured = false;
  // All-reduces of at most so many tokens take one step (one_shot_seconds), whatever their size.
  double one_shot_tokens = 0;
  // 8-bit checkpoints carry scales for an 8-bit cache, and the engine follows them.
  bool cache_follows_weights = false;
  // Time from the call until the first token that is not queueing or computing.
  [[nodiscard]] Seconds per_request() const { return milliseconds(overheads.request_ms); }
};

}  // namespace assay::roofline
