// SPDX-License-Identifier: Apache-2.0
#include "assay/cli/plan_inputs.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <filesystem>

#include "assay/catalog/embedded.hpp"
#include "assay/cli/knowledge.hpp"
#include "assay/cli/named_chip.hpp"
#include "assay/cli/out.hpp"
#include "assay/cli/paths.hpp"
#include "assay/model/config_reader.hpp"
#include "assay/model/library.hpp"
#include "assay/model/precision.hpp"
#include "assay/roofline/chip_roof.hpp"

namespace assay::cli {
namespace {

Error wrong(std::string message) { return {ErrorCode::invalid_argument, std::move(message)}; }

Result<model::Model> model_of_file(const std::string& path) {
  TRY_ASSIGN(const std::string config, read_file(path));
  const std::filesystem::path beside =
      std::filesystem::path(path).parent_path() / "hf_quant_config.json";
  const auto quantization = read_file(beside.string());
  return model::read_config(path, config, quantization ? std::string_view(*quantization) : "");
}

// "uniform:0.8": the word and the number behind it.
struct Shape {
  std::string_view kind;
  double value = 0;
  bool has_value = false;
};
std::optional<Shape> shape_of(std::string_view text) {
  Shape shape{.kind = text.substr(0, text.find(':'))};
  if (shape.kind.size() == text.size()) return shape;
  const std::string_view number = text.substr(shape.kind.size() + 1);
  const auto [end, code] =
      std::from_chars(number.data(), number.data() + number.size(), shape.value);
  if (code != std::errc() || end != number.data() + number.size()) return {};
  shape.has_value = true;
  return shape;
}

Result<plan::Lengths> lengths(const std::string& text, double tokens) {
  const std::optional<Shape> shape = shape_of(text);
  if (shape && shape->kind == "fixed" && !shape->has_value) return plan::Lengths::fixed(tokens);
  if (shape && shape->kind == "uniform" && shape->has_value)
    return plan::Lengths::uniform(tokens, shape->value);
  if (shape && shape->kind == "lognormal" && shape->has_value)
    return plan::Lengths::lognormal(tokens, shape->value);
  return wrong(
      fmt::format("--lengths \"{}\" is no distribution; write fixed, uniform:0.8 (from 0.8 "
                  "of the length to all of it) or lognormal:0.6 (sigma)",
                  text));
}

}  // namespace

Result<model::Model> named_model(const std::string& name) {
  if (name.empty())
    return wrong(
        "--model is missing: give a model's name (llama-3.1-70b), its Hugging Face id or "
        "the path of a config.json");
  std::error_code code;
  if (std::filesystem::is_directory(name, code)) return model_of_file(name + "/config.json");
  // "meta-llama/…" is a name, "/models/…" and "./…" are paths.
  const bool is_path = name.ends_with(".json") || name.starts_with('/') || name.starts_with('.');
  if (is_path || std::filesystem::exists(name, code)) return model_of_file(name);
  TRY_ASSIGN(const model::Library library, model::embedded_library());
  auto found = library.find(name);
  if (!found) return wrong(found.error().message);
  return found;
}

Status check_positive(std::string_view flag, double value) {
  if (value > 0) return {};
  if (std::isnan(value)) return wrong(fmt::format("{} nan is no number; give one over 0", flag));
  return wrong(
      fmt::format("{} {:g} is not allowed: neither zero nor a negative number is; give one over 0",
                  flag, value));
}

Result<plan::Workload> workload(const PlanOptions& options) {
  const auto side = [&](const std::optional<double>& tokens,
                        std::string_view flag) -> Result<plan::Lengths> {
    if (!tokens)
      return wrong(fmt::format("{} is missing: give the tokens of a {}, e.g. {} 1024", flag,
                               flag == "--in" ? "prompt" : "answer", flag));
    TRY(check_positive(flag, *tokens));
    auto found = lengths(options.lengths, *tokens);
    if (!found) return found.error().within(flag);
    return found;
  };
  TRY_ASSIGN(const plan::Lengths prompt, side(options.in, "--in"));
  TRY_ASSIGN(const plan::Lengths output, side(options.out, "--out"));
  return plan::Workload{prompt, output};
}

std::string context_warning(const model::Model& model, const plan::Workload& workload) {
  const double tokens = workload.prompt.mean() + workload.output.mean();
  if (model.max_context <= 0 || tokens <= model.max_context) return "";
  return fmt::format(
      "{:.0f} tokens a request are more than the {} that {} was made for; it "
      "is reckoned on all the same, but don't trust such answers",
      tokens, model.max_context, model.name);
}

std::string reading_notes(const model::Model& model) {
  if (!model.source.ends_with("config.json)")) return "";
  return fmt::format("{}", fmt::join(model.notes, " "));
}

Result<Watts> parse_power(std::string_view text) {
  double number = 0;
  const auto [rest, code] = std::from_chars(text.data(), text.data() + text.size(), number);
  std::string_view unit = text.substr(static_cast<std::size_t>(rest - text.data()));
  while (unit.starts_with(' ')) unit.remove_prefix(1);
  const double factor = unit == "W" ? 1 : unit == "kW" ? 1e3 : unit == "MW" ? 1e6 : 0;
  const double watts = number * factor;
  if (code != std::errc() || !(watts > 0 && watts <= 1e12))
    return wrong(fmt::format("\"{}\" is no power; write it as 700W or 10kW", text));
  return Watts(watts);
}

Result<plan::Variant> variant(const model::Model& model, const std::string& precision) {
  TRY_ASSIGN(model::Model found, model::with_precision(model, precision));
  // What was asked for is not what is served where the checkpoint is narrower.
  const bool done = !precision.empty() && found.quantization.method == precision;
  const std::string label = done ? precision : std::string(to_string(found.quantization.weights));
  return plan::Variant{label, std::move(found)};
}

std::string narrower_note(const plan::Variant& variant, const std::string& asked) {
  if (asked.empty() || variant.precision == asked) return "";
  return fmt::format("{} is published in {} already, which is no wider than {}: it stays in {}",
                     variant.model.name, variant.precision, asked, variant.precision);
}

std::string precision_on(const roofline::ChipRoof& roof, const std::string& precision) {
  const bool halves = precision == "bf16" && roof.product(Dtype::bf16).dtype == Dtype::fp16;
  return halves ? "fp16" : precision;
}

Result<PlanCatalog> PlanCatalog::load(const CommonOptions& options) {
  PlanCatalog out;
  TRY_ASSIGN(catalog::Catalog embedded, catalog::embedded());
  TRY_ASSIGN(out.catalog_, with_user_chips(std::move(embedded), options));
  TRY_ASSIGN(out.config_, load_user_config());
  TRY(out.config_.check_chips(out.catalog_, config_dir() + "/config.toml"));
  TRY_ASSIGN(out.fits_, roofline::Fits::builtin());
  out.price_flag_ = options.price();
  // The price of "any device" is of the user's own; it says nothing of other chips.
  out.config_.default_price.reset();
  return out;
}

Result<PlannedChip> PlanCatalog::planned(const catalog::Chip& chip) const {
  TRY_ASSIGN(roofline::ChipRoof roof, roofline::chip_roof(chip, fits_));
  PlannedChip out{chip.id, chip.name, std::move(roof), {}, {}};
  const auto price = catalog::resolve_price(price_flag_, config_, "", &chip);
  out.roof.rental.reset();
  if (price) {
    out.roof.rental = price->per_hour;
    out.price_source = price->source;
    if (price->source.starts_with("catalog")) out.price_date = chip.source_of(*chip.rental).date;
  }
  return out;
}

Result<roofline::EngineProfile> PlanCatalog::engine(const std::string& name) const {
  auto found = fits_.engine(name);
  if (!found) return wrong(found.error().message);
  return found;
}

Result<PlannedChip> PlanCatalog::chip(const std::string& name) const {
  TRY_ASSIGN(const catalog::Chip* found, named_chip(catalog_, name));
  return planned(*found);
}

Result<PlanChips> PlanCatalog::chips(const std::vector<std::string>& names) const {
  PlanChips out;
  for (const std::string& name : names) {
    TRY_ASSIGN(const catalog::Chip* known, named_chip(catalog_, name));
    const bool twice = std::ranges::any_of(
        out.chips, [&](const PlannedChip& other) { return other.id == known->id; });
    if (twice) continue;
    auto found = planned(*known);
    if (found) out.chips.push_back(std::move(*found));
    else out.left_out.push_back(found.error());
  }
  if (!names.empty()) return out;
  for (const catalog::Chip& each : catalog_.all()) {
    auto found = planned(each);
    if (found) out.chips.push_back(std::move(*found));
    else out.left_out.push_back(found.error());
  }
  return out;
}

}  // namespace assay::cli
