// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <array>
#include <optional>
#include <string_view>

#include "assay/calibrate/held_out.hpp"
#include "assay/roofline/step_model.hpp"

namespace assay::calibrate {
namespace {

using roofline::StepModel;
using roofline::StepShape;

struct Columns {
  std::size_t model, hardware, prompt, batch, answer, peak, average, prompt_ms, token_ms, ranks;
};

Result<Columns> columns_of(const Table& table) {
  Columns at{};
  TRY_ASSIGN(at.model, table.need("model"));
  TRY_ASSIGN(at.hardware, table.need("hardware"));
  TRY_ASSIGN(at.prompt, table.need("prompt_size"));
  TRY_ASSIGN(at.batch, table.need("batch_size"));
  TRY_ASSIGN(at.answer, table.need("token_size"));
  TRY_ASSIGN(at.peak, table.need("peak_power"));
  TRY_ASSIGN(at.average, table.need("average_power"));
  TRY_ASSIGN(at.prompt_ms, table.need("prompt_time"));
  TRY_ASSIGN(at.token_ms, table.need("token_time"));
  TRY_ASSIGN(at.ranks, table.need("tensor_parallel"));
  return at;
}

// The table's words beside ours.
struct Name {
  std::string_view theirs;
  std::string_view ours;
};
constexpr std::array kBoards = {Name{"a100-80gb", "a100-sxm4-80gb"},
                                Name{"h100-80gb", "h100-sxm5-80gb"}};
constexpr std::array kModels = {Name{"llama2-70b", "llama-2-70b"}};

std::optional<std::string_view> ours(const auto& names, std::string_view theirs) {
  for (const Name& each : names)
    if (each.theirs == theirs) return each.ours;
  return std::nullopt;
}

// One phase of a row: a prompt's iteration or a token's.
void add_phase(const StepModel& model, const StepShape& shape, std::optional<double> ms,
               std::optional<double> part_of_tdp, const catalog::Chip& chip, std::string group,
               SplitwisePairs& out) {
  if (!ms || *ms <= 0) return;
  const double seconds = *ms * 1e-3;
  out.seconds.push_back({chip.id, group, seconds, model.step(shape).total().value()});
  if (!part_of_tdp || *part_of_tdp <= 0 || !chip.tdp) return;
  const roofline::StepTime measured{.overhead = Seconds(seconds)};
  const double joules = model.energy(shape, measured).total().value() / model.parallel().chips();
  out.watts.push_back(
      {chip.id, std::move(group), *part_of_tdp * chip.tdp->value.value(), joules / seconds});
}

}  // namespace

Result<SplitwisePairs> splitwise_pairs(const Table& table, const catalog::Catalog& chips,
                                       const ModelSource& models, const roofline::Fits& fits) {
  TRY_ASSIGN(const Columns at, columns_of(table));
  TRY_ASSIGN(const roofline::EngineProfile engine, fits.engine("vllm"));
  SplitwisePairs out;
  for (std::size_t row = 0; row < table.rows(); ++row) {
    const auto board = ours(kBoards, table.text(row, at.hardware));
    const auto name = ours(kModels, table.text(row, at.model));
    const catalog::Chip* chip = board ? chips.find(*board) : nullptr;
    const auto prompt = table.number(row, at.prompt);
    const auto batch = table.number(row, at.batch);
    const auto answer = table.number(row, at.answer);
    const auto ranks = table.number(row, at.ranks);
    if (!name || chip == nullptr || !prompt || !batch || !answer || !ranks) continue;
    if (!(*ranks >= 1 && *ranks <= 64)) continue;
    TRY_ASSIGN(const model::Model served, models(*name));
    TRY_ASSIGN(const roofline::ChipRoof roof, roofline::chip_roof(*chip, fits));
    TRY_ASSIGN(const StepModel step,
               StepModel::make(served, roof, {.tensor = static_cast<int>(*ranks)}, engine));
    if (step.memory().kv_tokens < *batch * (*prompt + *answer)) continue;
    add_phase(step, {.prefill_tokens = *prompt * *batch, .prefill_sequences = *batch},
              table.number(row, at.prompt_ms), table.number(row, at.peak), *chip,
              fmt::format("prompts, tp {:g}", *ranks), out);
    add_phase(step, {.decode_sequences = *batch, .decode_context = *prompt + *answer / 2},
              table.number(row, at.token_ms), table.number(row, at.average), *chip,
              fmt::format("tokens, tp {:g}", *ranks), out);
  }
  return out;
}

}  // namespace assay::calibrate
