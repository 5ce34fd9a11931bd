// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "assay/roofline/cut_check.hpp"
#include "assay/roofline/operators.hpp"
#include "assay/roofline/placement.hpp"

namespace assay::roofline {
namespace {

using model::FeedForward;
using model::GroupedAttention;
using model::LatentAttention;
using model::LinearAttention;
using model::Part;

constexpr double kActivationBytes = 2;  // between operators everything is 16 bits wide

// Kernels of a layer beyond those of grouped attention and one feed-forward, one after another:
// latent attention has two norms, the two products into and out of the latent space, a second query
// product and the joining of split contexts more; an indexer its products, scores and selection;
// linear attention its convolution, gates, normalization and two-part recurrence; shared experts
// beside routed ones two products and a gate.
constexpr double kLatent = 6;
constexpr double kIndex = 6;
constexpr double kLinear = 4;
constexpr double kShared = 3;

double product(int a, int b) { return static_cast<double>(a) * b; }

// How fast one chip reads what, by its datasheet: where things lie decides.
struct Rates {
  double weights = 0;
  double cache = 0;    // of the tier where it begins
  double buffers = 0;  // between operators
};

// Goes through the layers and writes down what each costs one chip.
class Cutter {
 public:
  Cutter(const model::Model& model, const ChipRoof& roof, Parallel parallel, Rates rates,
         const EngineProfile& engine)
      : model_(model),
        roof_(roof),
        parallel_(parallel),
        rates_(rates),
        engine_(engine.overheads),
        packed_(engine.packed),
        tensor_(parallel.tensor) {}

  Result<Operators> run() {
    for (const model::LayerGroup& group : model_.layers) {
      count_ = group.count;
      out_.layers += count_;
      std::visit([&](const auto& mixer) { cut(mixer); }, group.layer.mixer);
      const bool routed = group.layer.experts.has_value();
      if (group.layer.dense.intermediate > 0)
        feed_forward(group.layer.dense, routed ? Part::shared_experts : Part::dense_ffn);
      if (routed && group.layer.dense.intermediate > 0) out_.more_kernels += count_ * kShared;
      if (routed) cut(*group.layer.experts);
      out_.elementwise_s +=
          count_ * kActivationBytes * model_.hidden * roof_.curves.elementwise_passes / moving();
      all_reduces(routed);
    }
    vocabulary();
    stages();
    if (failed_) return *failed_;
    return std::move(out_);
  }

 private:
  [[nodiscard]] double reached() const {
    return std::min(1.0, roof_.curves.bandwidth_fraction * engine_.bandwidth_factor);
  }
  [[nodiscard]] double streaming() const { return rates_.weights * reached(); }
  [[nodiscard]] double moving() const { return rates_.buffers * reached(); }
  // Both DRAM and the vector units let weights through, as memory and arithmetic of an operator do.
  [[nodiscard]] double unpacking() const {
    const double units = roof_.sm_clocks * engine_.unpack_bytes_per_clock;
    if (units <= 0) return streaming();
    return 1 / Overlap{1 / streaming(), 1 / units}.seconds();
  }
  [[nodiscard]] model::Storage storage(Part part) const {
    return model::storage(model_.quantization, part);
  }

  // Seconds of one operation on operands of this dtype.
  double flop_seconds(Dtype operands, double fraction_of_16 = 0) {
    // Weights of 4 bits beside wider activations are widened first; chips that multiply fp4 take
    // fp8 activations then (OCP MX formats), others the activations' own.
    const ChipRoof::Product found = roof_.product(operands);
    if (found.peak.value() <= 0 && !failed_)
      failed_ = Error{ErrorCode::not_supported,
                      fmt::format("{} multiplies nothing of {} bits nor of 8 by its catalog entry; "
                                  "take another chip or add the peak with its source",
                                  roof_.chip, bits(operands))};
    const double own = roof_.curves.compute_fraction(found.dtype) * engine_.compute_factor *
                       (bits(found.dtype) < 16 ? engine_.narrow_compute_factor : 1);
    const double fraction = fraction_of_16 > 0 ? fraction_of_16 : std::min(own, 1.0);
    return 1 / (std::max(found.peak.value(), 1.0) * fraction);
  }

  // The same of a product with these weights.
  double flop_seconds(const model::Storage& stored, Dtype operands) {
    const double units = roof_.sm_clocks * packed_.ops_per_clock;
    const double int8 = roof_.peak[static_cast<std::size_t>(Dtype::int8)].value();
    const bool weights_alone = stored.bits_per_weight < 16 && bits(operands) >= 16;
    if (weights_alone && units > 0 && int8 > 0) return 1 / std::min(units, int8);
    return flop_seconds(operands) / widening(stored, operands);
  }

  // What a product's operands are held in. Where the chip does not multiply the activations' own
  // type, weights alone stay packed and are widened on the way: to 16 bits, fp4 not to fp8 either.
  Dtype operands(const model::Storage& stored) const {
    const bool fp4 = roof_.peak[static_cast<std::size_t>(Dtype::fp4)].value() > 0;
    if (stored.weights == Dtype::fp4 && stored.activations == Dtype::bf16 && fp4) return Dtype::fp8;
    if (stored.activations == Dtype::fp4 && !fp4 && roof_.multiplies_16()) return Dtype::bf16;
    if (bits(stored.activations) >= 16) return stored.activations;
    const Dtype found = roof_.product(stored.activations).dtype;
    return bits(found) >= 16 ? found : stored.activations;
  }

  void quantized(const model::Storage& stored, Dtype wide) {
    if (bits(stored.activations) < 16 && bits(wide) < 16) out_.narrow = true;
  }

  // What widening leaves of the speed.
  [[nodiscard]] double widening(const model::Storage& stored, Dtype wide) const {
    return stored.bits_per_weight < 8 && bits(wide) >= 16 ? engine_.widening_factor : 1;
  }

  void matrix(double in, double out, Part part, double copies = 1) {
    const model::Storage stored = storage(part);
    const double bytes = in * out * stored.bits_per_weight / 8;
    out_.chip_bytes += count_ * copies * bytes / parallel_.pipeline;
    const Dtype wide = operands(stored);
    const bool packed = stored.bits_per_weight < 8;
    quantized(stored, wide);
    out_.dense.push_back({count_ * copies, bytes / (packed ? unpacking() : streaming()),
                          (in * bits(wide) / 8 + out * kActivationBytes) / moving(),
                          2 * in * out * flop_seconds(stored, wide), roof_.curves.tile_rows,
                          packed_.vector_rows});
  }

  void feed_forward(const FeedForward& ffn, Part part) {
    const double width = std::ceil(ffn.intermediate / tensor_);
    matrix(model_.hidden, width * (ffn.gated ? 2 : 1), part);
    matrix(width, model_.hidden, part);
    out_.elementwise_s += count_ * kActivationBytes * 3 * width / moving();
  }

  void cache(double bytes_per_token, double bound) {
    if (std::isinf(bound)) out_.cache_bytes += count_ * bytes_per_token / parallel_.pipeline;
    else out_.state_bytes += count_ * bytes_per_token * bound / parallel_.pipeline;
  }

  [[nodiscard]] double reading() const {
    const double narrow = bits(model_.kv) < 16 ? engine_.narrow_cache_factor : 1;
    return rates_.cache * std::min(1.0, roof_.curves.attention_bandwidth_fraction *
                                            engine_.attention_factor * narrow);
  }
  double attention_flop_seconds() {
    return flop_seconds(Dtype::bf16, roof_.curves.attention_compute_fraction);
  }

  void cut(const GroupedAttention& a) {
    const double heads = std::ceil(a.heads / tensor_);
    const double kv_heads = std::max(1.0, a.kv_heads / tensor_);
    const double kv_width = kv_heads * (a.key_dim + (a.shared_kv ? 0 : a.value_dim));
    matrix(model_.hidden, heads * a.key_dim * (a.output_gate ? 2 : 1) + kv_width, Part::attention);
    matrix(heads * a.value_dim, model_.hidden, Part::attention);
    const double token = kv_heads * (a.key_dim + a.value_dim) * bits(model_.kv) / 8;
    AttentionOp op;
    op.count = count_;
    if (a.window) op.bound = *a.window;
    op.cache_s = token / reading();
    op.decode_flop_s = op.prefill_flop_s =
        2 * heads * (a.key_dim + a.value_dim) * attention_flop_seconds();
    out_.attention.push_back(op);
    cache(token, op.bound);
    out_.elementwise_s += count_ * kActivationBytes * 2 * (heads * a.key_dim + kv_width) / moving();
  }

  // Decode runs in the latent space (queries are moved into it), prefill on expanded heads.
  void cut(const LatentAttention& a) {
    out_.more_kernels += count_ * kLatent;
    const double heads = std::ceil(a.heads / tensor_);
    const double latent = a.kv_rank + a.rope_dim;
    const double query = heads * (a.nope_dim + a.rope_dim);
    matrix(model_.hidden, a.query_rank + latent + (a.query_rank > 0 ? 0 : query), Part::attention);
    if (a.query_rank > 0) matrix(a.query_rank, query, Part::attention);
    matrix(a.kv_rank, heads * (a.nope_dim + a.value_dim), Part::attention);
    matrix(heads * a.value_dim, model_.hidden, Part::attention);
    const double token = latent * bits(model_.kv) / 8;
    AttentionOp op;
    op.count = count_;
    if (a.index_heads > 0) op.bound = a.index_topk;
    op.cache_s = token / reading();
    op.decode_flop_s = 2 * heads * (latent + a.kv_rank) * attention_flop_seconds();
    op.prefill_flop_s =
        2 * heads * (a.nope_dim + a.rope_dim + a.value_dim) * attention_flop_seconds();
    out_.attention.push_back(op);
    cache(token, std::numeric_limits<double>::infinity());
    if (a.index_heads > 0) index(a);
  }

  // The indexer looks at every token, in fp8, and is copied to each chip.
  void index(const LatentAttention& a) {
    out_.more_kernels += count_ * kIndex;
    const double from = a.query_rank > 0 ? a.query_rank : model_.hidden;
    matrix(from, product(a.index_heads, a.index_dim), Part::attention);
    matrix(model_.hidden, a.index_dim + a.index_heads, Part::attention);
    constexpr double kKeyBytes = 1 + 4.0 / 128;  // fp8 with one fp32 scale per 128
    AttentionOp op;
    op.count = count_;
    op.cache_s = a.index_dim * kKeyBytes / reading();
    op.decode_flop_s = op.prefill_flop_s =
        2 * product(a.index_heads, a.index_dim) *
        flop_seconds(Dtype::fp8, roof_.curves.attention_compute_fraction);
    out_.attention.push_back(op);
    cache(a.index_dim * kKeyBytes, op.bound);
  }

  void cut(const LinearAttention& a) {
    out_.more_kernels += count_ * kLinear;
    const double keys = std::ceil(a.key_heads / tensor_);
    const double values = std::ceil(a.value_heads / tensor_);
    const double wide = 2 * keys * a.key_dim + values * a.value_dim;
    matrix(model_.hidden, wide + values * (a.value_dim + a.head_gates), Part::attention);
    matrix(values * a.value_dim, model_.hidden, Part::attention);
    const double state = values * a.value_dim * a.key_dim * bits(a.state) / 8 +
                         std::max(0, a.conv_kernel - 1) * wide * kActivationBytes;
    AttentionOp op;
    op.count = count_;
    op.bound = 0;
    op.state_s = 2 * state / reading();
    // Decay, delta and output each pass the state once: 6 operations an element.
    op.token_flop_s = 6 * values * a.value_dim * a.key_dim * attention_flop_seconds();
    out_.attention.push_back(op);
    out_.state_bytes += count_ * state / parallel_.pipeline;
    out_.elementwise_s += count_ * kActivationBytes * 2 * wide / moving();
  }

  void cut(const model::Experts& e) {
    const model::Storage stored = storage(Part::experts);
    const int chips = parallel_.tensor * parallel_.data;
    if (chips % parallel_.expert != 0 || e.count % parallel_.expert != 0) {
      failed_ = Error{ErrorCode::invalid_argument,
                      fmt::format("{} groups of experts can't be made of {} chips and {} experts; "
                                  "take a number that divides both",
                                  parallel_.expert, chips, e.count)};
      return;
    }
    const double cut_by = static_cast<double>(chips) / parallel_.expert;
    const double width = std::ceil(e.each.intermediate / cut_by);
    const double matrices = e.each.gated ? 3 : 2;
    const double elements = matrices * width * model_.hidden;
    const double bytes = elements * stored.bits_per_weight / 8;
    const double groups = parallel_.expert;
    const Dtype wide = operands(stored);
    quantized(stored, wide);
    ExpertOp op;
    op.count = count_;
    op.experts = e.count / groups;
    op.miss_log =
        engine_.router_evenness *
        (e.per_token < e.count ? std::log1p(-static_cast<double>(e.per_token) / e.count) : -1e9);
    op.expert_s = bytes / (rates_.weights * roof_.curves.expert_bandwidth_fraction);
    op.pairs = e.per_token / groups;
    op.pair_s = (2.0 * model_.hidden + matrices * width) * kActivationBytes / moving();
    op.flop_s = 2 * elements * flop_seconds(stored, wide) /
                std::min(1.0, roof_.curves.expert_compute_fraction * engine_.expert_factor);
    op.tile_rows = roof_.curves.expert_tile_rows;
    op.vector_rows = packed_.vector_rows;
    op.imbalance = 1 + roof_.curves.expert_imbalance * (1 - 1 / groups);
    out_.experts.push_back(op);
    out_.chip_bytes += count_ * op.experts * bytes / parallel_.pipeline;
    out_.expert_layers += count_;
    matrix(model_.hidden, e.count, Part::router);
  }

  // One after attention, one after the feed-forward. With attention copied, the experts still lie
  // across all chips: gathering tokens before them and scattering after moves what an all-reduce
  // does.
  void all_reduces(bool routed) {
    const double bytes = model_.hidden * kActivationBytes;
    const int all = parallel_.tensor * parallel_.data;
    const bool across = routed && parallel_.data > 1;
    if (parallel_.tensor > 1)
      out_.collectives.push_back(
          {count_ * (across ? 1.0 : 2.0), wire(parallel_.tensor), bytes / parallel_.data});
    if (across) out_.collectives.push_back({count_, wire(all), bytes});
  }

  // Over as few hosts as hold so many ranks.
  Wire wire(int ranks) {
    const double hosts = std::ceil(static_cast<double>(ranks) / roof_.domain);
    Wire found{.ranks = static_cast<double>(ranks), .hosts = hosts};
    if (roof_.link) found.link = roof_.link->value();
    if (roof_.network) found.network = roof_.network->value();
    if (hosts > 1) out_.across_hosts = true;
    if ((hosts > 1 ? roof_.network : roof_.link) || failed_) return found;
    failed_ = Error{
        ErrorCode::not_supported,
        roof_.link ? fmt::format("the catalog knows no network of {}, only a link that joins {}, "
                                 "so a model can't be cut over {} of them; take {} at most, or "
                                 "add a scale_out link with its source",
                                 roof_.chip, roof_.domain, ranks, roof_.domain)
                   : fmt::format("the catalog knows no link of {}, so a model can't be cut over {} "
                                 "of them; take one chip",
                                 roof_.chip, ranks)};
    return found;
  }

  void vocabulary() {
    count_ = 1;
    const double width = std::ceil(model_.vocab / tensor_);
    matrix(model_.hidden, width, Part::lm_head);
    out_.vocabulary = out_.dense.back();
    out_.dense.pop_back();
    if (!model_.tied_embeddings)
      out_.chip_bytes +=
          width * model_.hidden * storage(Part::embedding).bits_per_weight / 8 / parallel_.pipeline;
  }

  void stages() {
    if (parallel_.pipeline <= 1) return;
    out_.stage_bytes = model_.hidden * kActivationBytes;
    const int each = parallel_.tensor * parallel_.data;
    const int on_a_host = std::max(1, roof_.domain / each);
    const double over = std::ceil(static_cast<double>(parallel_.pipeline) / on_a_host) - 1;
    const double inside = parallel_.pipeline - 1 - over;
    if (inside > 0) out_.stages.push_back({inside, wire(2)});
    if (over > 0) out_.stages.push_back({over, wire(roof_.domain + 1)});
  }

  const model::Model& model_;
  const ChipRoof& roof_;
  Parallel parallel_;
  Rates rates_;
  const EngineOverheads& engine_;
  const PackedKernels& packed_;
  double tensor_;
  double count_ = 0;
  Operators out_;
  std::optional<Error> failed_;
};

}  // namespace

Result<Operators> operators(const model::Model& model, const ChipRoof& roof, Parallel parallel,
                            const EngineProfile& engine) {
  TRY(check_cut(model, roof, parallel));
  // Where the weights lie decides how fast they are read, so chips of several tiers are cut twice.
  const double first = roof.tiers.front().bandwidth.value();
  const Rates one{first, first, first};
  if (roof.tiers.size() == 1) return Cutter(model, roof, parallel, one, engine).run();
  TRY_ASSIGN(const Operators once, Cutter(model, roof, parallel, one, engine).run());
  const Placement placed(roof, engine.scheduling, Bytes(once.chip_bytes));
  const Rates rates{placed.weights_bandwidth().value(), placed.cache_bandwidth().value(), first};
  return Cutter(model, roof, parallel, rates, engine).run();
}

}  // namespace assay::roofline
