// SPDX-License-Identifier: Apache-2.0
#include "assay/roofline/step_model.hpp"

#include <algorithm>
#include <cmath>

namespace assay::roofline {
namespace {

// What bounds an operator where arithmetic does not.
enum class Traffic { weights, kv };

// Whether serving runs of models so built are in the fit: of latent and linear attention none are.
bool of_a_measured_kind(const model::Model& model) {
  return std::ranges::all_of(model.layers, [](const model::LayerGroup& group) {
    return std::holds_alternative<model::GroupedAttention>(group.layer.mixer);
  });
}

// Context at which a windowed or linear model's cache is counted per token.
constexpr double kLongContext = 8192;

}  // namespace

model::Model as_served(model::Model model, const EngineProfile& engine) {
  model::Quantization& stored = model.quantization;
  if (engine.cache_follows_weights && bits(stored.weights) == 8 && bits(model.kv) == 16)
    model.kv = Dtype::fp8;
  const bool leaves_some = stored.bits_per_weight < 8 && !stored.attention;
  if (leaves_some && engine.packed.rest_bits > 0) stored.rest_bits = engine.packed.rest_bits;
  return model;
}

Result<StepModel> StepModel::make(const model::Model& asked, const ChipRoof& roof,
                                  Parallel parallel, const EngineProfile& engine) {
  StepModel out;
  const model::Model model = as_served(asked, engine);
  TRY_ASSIGN(out.operators_, operators(model, roof, parallel, engine));
  out.engine_ = engine;
  Scheduling& scheduling = out.engine_.scheduling;
  if (roof.capacity().value() < scheduling.small_below_bytes) {
    scheduling.token_budget = scheduling.small_token_budget;
    scheduling.max_sequences = scheduling.small_max_sequences;
  }
  out.parallel_ = parallel;
  // The chip is not all: no run over several hosts is in any fit, nor any of other engines.
  const bool measured =
      engine.measured && of_a_measured_kind(model) && !out.operators_.across_hosts;
  out.provenance_ = measured ? roof.provenance : std::max(roof.provenance, Provenance::transferred);
  out.spreads_ = measured ? roof.spreads : roof.transferred_spreads;
  out.curves_ = roof.curves;
  out.tdp_ = roof.tdp;
  const EngineOverheads& over = engine.overheads;
  const bool narrow = out.operators_.narrow;
  const double kernels =
      (over.kernels_per_layer + (narrow ? over.narrow_kernels : 0)) * out.operators_.layers +
      over.expert_kernels * out.operators_.expert_layers + out.operators_.more_kernels;
  out.kernels_s_ = roof.curves.kernel_floor_us * 1e-6 * kernels;
  out.launches_s_ = over.launch_us * 1e-6 * kernels * roof.host_factor;
  out.curves_.link_floor_us *= over.collective_factor;
  out.host_s_ = over.step_us * 1e-6 * roof.host_factor;
  out.sequence_s_ = over.sequence_us * 1e-6 * roof.host_factor;
  out.prompt_s_ = over.prompt_us * 1e-6 * roof.host_factor;
  out.measure(model, roof);
  return out;
}

void StepModel::measure(const model::Model& model, const ChipRoof& roof) {
  const Scheduling& scheduling = engine_.scheduling;
  const double copies = parallel_.data;
  const double weights = operators_.chip_bytes;
  memory_.per_chip = Placement(roof, scheduling, Bytes(weights));
  memory_.kv = model.kv;
  const double room = memory_.per_chip.room().value();
  const double stages_chips = parallel_.chips();
  // Copies of attention hold different sequences; tensor ranks hold parts of (or the same) tokens.
  const double per_token = operators_.cache_bytes + operators_.state_bytes / kLongContext;
  memory_.weights_per_chip = Bytes(weights);
  memory_.kv_per_token = Bytes(model::kv_bytes_per_token(model));
  memory_.room_for_kv = Bytes(room * stages_chips);
  memory_.missing_per_chip = Bytes(std::max(0.0, -room));
  if (room > 0 && per_token > 0) memory_.kv_tokens = copies * room / per_token;
}

Bytes StepModel::kv_bytes(double context) const {
  const double chips = parallel_.tensor * parallel_.pipeline;
  return Bytes(chips * (operators_.cache_bytes * context +
                        operators_.state_bytes * std::min(1.0, context / kLongContext)));
}

Bytes StepModel::kv_bytes_per_chip(double sequences, double context) const {
  const double here = sequences / parallel_.data;
  return Bytes(here * (operators_.cache_bytes * context +
                       operators_.state_bytes * std::min(1.0, context / kLongContext)));
}

// All stages' batches lie in memory at once, and a pass over one of them meets every tier alike.
double StepModel::cache_slowdown(const StepShape& part) const {
  if (memory_.per_chip.tiers().size() <= 1) return 1;
  const double copies = static_cast<double>(parallel_.pipeline) * parallel_.data;
  const Bytes decoding = kv_bytes_per_chip(part.decode_sequences * copies, part.decode_context);
  double context = part.prefill_context;
  if (part.prefill_sequences > 0) context += part.prefill_tokens / part.prefill_sequences;
  const Bytes starting = kv_bytes_per_chip(part.prefill_sequences * copies, context);
  return memory_.per_chip.cache_slowdown((decoding + starting).value());
}

// Copies of attention share the sequences; stages work on as many batches at once.
StepModel::Part StepModel::mean_part(const StepShape& shape) const {
  const double stages = parallel_.pipeline;
  const double parts = parallel_.data * stages;
  Part out{shape, (shape.decode_sequences + shape.prefill_tokens) / stages};
  out.copy.decode_sequences /= parts;
  out.copy.prefill_tokens /= parts;
  out.copy.prefill_sequences /= parts;
  return out;
}

// Whoever decodes has a whole sequence: with fewer of them than copies or stages the rest are idle.
StepModel::Part StepModel::busiest_part(const StepShape& shape) const {
  const double stages = parallel_.pipeline;
  const double least = shape.decode_sequences > 0 ? 1 : 0;
  Part out = mean_part(shape);
  out.copy.decode_sequences = std::max(out.copy.decode_sequences, least);
  out.stage_tokens =
      std::max(shape.decode_sequences / stages, least) + shape.prefill_tokens / stages;
  return out;
}

template <typename Visit>
void StepModel::each_operator(const Part& of, Visit visit) const {
  const StepShape& part = of.copy;
  const double tokens = part.decode_sequences + part.prefill_tokens;
  for (const MatrixOp& op : operators_.dense) visit(op.count, op.at(tokens), Traffic::weights);
  visit(1.0, operators_.vocabulary.at(part.decode_sequences + part.prefill_sequences),
        Traffic::weights);
  for (const ExpertOp& op : operators_.experts)
    visit(op.count, op.at(of.stage_tokens), Traffic::weights);
  const double slowdown = cache_slowdown(part);
  const auto look_back = [&](double count, Overlap op) {
    op.memory *= slowdown;
    visit(count, op, Traffic::kv);
  };
  for (const AttentionOp& op : operators_.attention) {
    if (part.decode_sequences > 0)
      look_back(op.count, op.decode(part.decode_sequences, part.decode_context));
    if (part.prefill_tokens > 0)
      look_back(op.count,
                op.prefill(part.prefill_tokens, part.prefill_context, part.prefill_sequences));
  }
  visit(1.0, Overlap{.memory = tokens * operators_.elementwise_s}, Traffic::weights);
}

StepTime StepModel::step(const StepShape& shape) const {
  double parts[3] = {};  // weights, kv, compute
  const Part busiest = busiest_part(shape);
  each_operator(busiest, [&](double count, const Overlap& op, Traffic traffic) {
    const double seconds = count * op.seconds();
    parts[op.compute > op.memory ? 2 : static_cast<int>(traffic)] += seconds;
  });
  double links = 0;
  const double tokens = busiest.stage_tokens;
  const bool one_shot = tokens / parallel_.data <= engine_.one_shot_tokens;
  for (const CollectiveOp& op : operators_.collectives) {
    const double bytes = op.bytes * tokens;
    links += op.count * (one_shot && op.wire.hosts <= 1
                             ? one_shot_seconds(curves_, op.wire.link, op.wire.ranks, bytes)
                             : all_reduce_seconds(curves_, op.wire, bytes));
  }
  for (const StageOp& op : operators_.stages)
    links += op.count * send_seconds(curves_, op.wire, operators_.stage_bytes * tokens);
  double overhead = kernels_s_ + host_s_ + sequence_s_ * shape.decode_sequences;
  if (shape.prefill_tokens > 0) {
    const double device = parts[0] + parts[1] + parts[2] + links + kernels_s_;
    overhead +=
        Overlap{device, launches_s_}.seconds() - device + prompt_s_ * shape.prefill_sequences;
  }
  return {Seconds(parts[0]), Seconds(parts[1]), Seconds(parts[2]), Seconds(links),
          Seconds(overhead)};
}

StepEnergy StepModel::energy(const StepShape& shape, const StepTime& time) const {
  double memory = 0;
  double compute = 0;
  each_operator(mean_part(shape), [&](double count, const Overlap& op, Traffic) {
    memory += count * op.memory;
    compute += count * op.compute;  // padded tiles too: the units multiply what is empty
  });
  // Every stage and copy does its part; a pipeline's stages are busy with other batches meanwhile.
  const Watts all = tdp_ * parallel_.chips();
  const double most = time.total().value();
  memory = std::min(memory, most) * curves_.bandwidth_fraction * curves_.dram_power;
  compute = std::min(compute, most) * curves_.compute_fraction_16 * curves_.arithmetic_power;
  // The board holds itself to its TDP by its clock.
  const double working = memory + compute;
  const double allowed = std::max(0.0, 1 - curves_.idle_power) * most;
  const double held = working > allowed ? allowed / working : 1;
  return {all * Seconds(memory * held), all * Seconds(compute * held),
          all * time.total() * curves_.idle_power};
}

}  // namespace assay::roofline
