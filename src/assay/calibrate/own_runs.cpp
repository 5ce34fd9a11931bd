// SPDX-License-Identifier: Apache-2.0
#include "assay/calibrate/own_runs.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <map>

#include "assay/model/precision.hpp"

namespace assay::calibrate {
namespace {

// What a group ran. Layers: of the run; 0 = all of the model's.
struct Group {
  std::string_view name;
  std::string_view model;
  std::string_view precision;
  int tensor;
};
constexpr std::array kGroups = {
    Group{"llama", "llama-3.1-8b", "", 1}, Group{"llama_fp8", "llama-3.1-8b", "fp8", 1},
    Group{"qwen_moe", "qwen3-30b-a3b", "", 1}, Group{"mixtral", "mixtral-8x7b", "", 1},
    Group{"llama_70b_slice", "llama-3.1-70b", "", 8}};
constexpr double kShortest = 256;  // prompt tokens

const Group* group_of(std::string_view name) {
  const auto found = std::ranges::find(kGroups, name, &Group::name);
  return found == kGroups.end() ? nullptr : &*found;
}

// The first `layers` of a model whose layers are all alike.
void keep_layers(model::Model& model, double layers) {
  if (layers < 1 || model.layers.size() != 1) return;
  model.layers.front().count = std::min(model.layers.front().count, static_cast<int>(layers));
}

struct Columns {
  std::size_t device, group, op, params, median_ms, watts;
};

Result<Columns> columns_of(const Table& table) {
  Columns at{};
  TRY_ASSIGN(at.device, table.need("device"));
  TRY_ASSIGN(at.group, table.need("group"));
  TRY_ASSIGN(at.op, table.need("op"));
  TRY_ASSIGN(at.params, table.need("params"));
  TRY_ASSIGN(at.median_ms, table.need("median_ms"));
  TRY_ASSIGN(at.watts, table.need("watts"));
  return at;
}

using Found = std::optional<OwnRun>;

// Nothing for a row of another kind.
Result<Found> run_of(const Table& table, std::size_t row, const Columns& at,
                     const catalog::Catalog& chips, const ModelSource& models) {
  const Group* group = group_of(table.text(row, at.group));
  const catalog::Chip* chip = chips.match_nvml_name(table.text(row, at.device));
  const auto ms = table.number(row, at.median_ms);
  const std::string& params = table.text(row, at.params);
  if (group == nullptr || chip == nullptr || !ms || parameter(params, "mode")) return Found();
  OwnRun run{.group = std::string(group->name), .chip = chip, .seconds = *ms * 1e-3};
  if (table.text(row, at.op) == "decode") {
    run.shape.decode_sequences = number_parameter(params, "batch").value_or(0);
    run.shape.decode_context = number_parameter(params, "context").value_or(0);
    run.label =
        fmt::format("decode {:g} x {:g}", run.shape.decode_sequences, run.shape.decode_context);
  } else {
    run.shape.prefill_tokens = number_parameter(params, "tokens").value_or(0);
    run.shape.prefill_sequences = 1;
    if (run.shape.prefill_tokens < kShortest) return Found();
    run.label = fmt::format("prefill {:g}", run.shape.prefill_tokens);
  }
  TRY_ASSIGN(run.model, models(group->model));
  TRY_ASSIGN(run.model, model::with_precision(std::move(run.model), group->precision));
  run.model.kv = Dtype::bf16;
  keep_layers(run.model, number_parameter(params, "layers").value_or(0));
  run.parallel.tensor = group->tensor;
  // Watts hold for the clock that they were taken at.
  if (number_parameter(params, "sustained_ms")) run.watts = table.number(row, at.watts);
  return Found(std::move(run));
}

}  // namespace

std::optional<std::string_view> parameter(std::string_view params, std::string_view key) {
  while (!params.empty()) {
    const std::size_t end = std::min(params.find(';'), params.size());
    const std::string_view one = params.substr(0, end);
    if (one.starts_with(key) && one.substr(key.size()).starts_with('='))
      return one.substr(key.size() + 1);
    params.remove_prefix(std::min(end + 1, params.size()));
  }
  return std::nullopt;
}

std::optional<double> number_parameter(std::string_view params, std::string_view key) {
  const auto text = parameter(params, key);
  double value = 0;
  if (!text) return std::nullopt;
  const auto [end, failed] = std::from_chars(text->data(), text->data() + text->size(), value);
  if (failed != std::errc{} || end != text->data() + text->size()) return std::nullopt;
  return value;
}

Result<std::vector<OwnRun>> own_runs(std::span<const Table> tables, const catalog::Catalog& chips,
                                     const ModelSource& models) {
  std::vector<OwnRun> out;
  std::map<std::string, std::size_t> seen;
  for (const Table& table : tables) {
    TRY_ASSIGN(const Columns at, columns_of(table));
    for (std::size_t row = 0; row < table.rows(); ++row) {
      TRY_ASSIGN(Found run, run_of(table, row, at, chips, models));
      if (!run) continue;
      const auto [place, is_new] =
          seen.emplace(fmt::format("{} {} {}", run->chip->id, run->group, run->label), out.size());
      if (is_new) out.push_back(std::move(*run));
      else if (run->seconds < out[place->second].seconds) out[place->second] = std::move(*run);
    }
  }
  return out;
}

Result<OwnPrediction> predict(const OwnRun& run, const roofline::Fits& fits) {
  TRY_ASSIGN(roofline::ChipRoof roof, roofline::chip_roof(*run.chip, fits));
  TRY_ASSIGN(const roofline::EngineProfile engine, fits.engine("torch"));
  // A slice ran without its collectives.
  roof.link = BytesPerSecond(1e18);
  roof.curves.link_floor_us = roof.curves.link_ramp_us = 0;
  TRY_ASSIGN(const roofline::StepModel model,
             roofline::StepModel::make(run.model, roof, run.parallel, engine));
  const roofline::StepTime time = model.step(run.shape);
  const Joules energy = model.energy(run.shape, time).total() / run.parallel.chips();
  return OwnPrediction{time.total().value(), (energy / time.total()).value()};
}

}  // namespace assay::calibrate
