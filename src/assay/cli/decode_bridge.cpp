// SPDX-License-Identifier: Apache-2.0
#include "assay/cli/decode_bridge.hpp"

#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include <utility>

#include "assay/format/format.hpp"
#include "assay/ladder/rung.hpp"

namespace assay::cli {

using appraise::Appraisal;
using appraise::AppraisedSnapshot;
using appraise::DecodeComparison;
using appraise::set_useful;
using format::percent;

namespace {

using metric::Id;
using sample::Reading;

plan::SeenShares seen_by(const sample::Sample& sample) {
  const auto share = [&](Id id) -> std::optional<double> {
    const ladder::Rung rung = ladder::sound_ratio(sample, id);
    return rung.value() ? std::optional(rung.value()->value()) : std::nullopt;
  };
  return {.busy = share(Id::graphics_util), .dram = share(Id::dram_util)};
}

std::string milliseconds_text(Seconds time) { return fmt::format("{:.3g} ms", time.value() * 1e3); }

std::string_view meaning(std::string_view term) {
  if (term == "memory")
    return "more bytes are moved than this model, batch and context need: look at the cache's "
           "dtype, the true context, or copies";
  if (term == "waiting") return "the device stands idle between kernels: the host is late";
  return "kernels run slower than the fit expects of this chip: shapes, clocks, or other kernels";
}

Error contradiction(const DecodeComparison& comparison) {
  return {ErrorCode::invalid_argument,
          fmt::format(
              "{:.6g} tokens a second would take {} a step, and the speed of light is {}: the "
              "model, batch, context, --tp or the number of devices must be another",
              comparison.decoding.tokens_per_second, milliseconds_text(comparison.bridge.measured),
              milliseconds_text(comparison.bridge.best))};
}

}  // namespace

namespace {

void add_engine_devices(CLI::App& app, DecodeOptions& options) {
  app.add_option("--engine-devices", options.engine_devices,
                 "the devices that the engine runs on: 0,1 [all that are held]")
      ->delimiter(',')
      ->type_name("N,...");
}

CLI::Option* add_model(CLI::App& app, DecodeOptions& options, const char* help) {
  auto* model = app.add_option("--model", options.model, help)->type_name("MODEL");
  app.add_option("--dtype", options.dtype, "what weights are stored in [the model's own]")
      ->needs(model);
  return model;
}

void add_tensor(CLI::App& app, DecodeOptions& options, const char* help) {
  app.add_option("--tp", options.tensor, help)->check(CLI::PositiveNumber);
}

}  // namespace

void add_engine_options(CLI::App& app, std::optional<std::string>& url, DecodeOptions& options) {
  app.add_option("--engine", url,
                 "a serving engine (vLLM, SGLang, TGI, TensorRT-LLM, llama.cpp), whose metrics "
                 "stand beside the ladder")
      ->type_name("URL");
  add_engine_devices(app, options);
  add_model(app, options, "the model that it serves [as the engine calls it]");
  add_tensor(app, options,
             "devices that one copy of the model is spread over [all of the engine's]");
}

void add_decode_options(CLI::App& app, DecodeOptions& options, bool with_rate) {
  auto* model = add_model(app, options,
                          "the language model that decodes: its name or config.json; gives the "
                          "useful rung by the planner's roofline");
  const auto figure = [&](const char* flag, double& target, const char* help) {
    app.add_option(flag, target, help)->type_name("N")->needs(model);
  };
  figure("--batch", options.batch, "sequences that decode at once");
  figure("--context", options.context, "mean tokens of one of them");
  if (with_rate) {
    app.add_option("--tokens-per-second", options.tokens_per_second,
                   "tokens that the loop makes a second, as the engine reports it")
        ->type_name("N")
        ->needs(model);
    app.add_option_function<std::string>(
           "--engine",
           [&options](const std::string& text) {
             (text.find("://") == std::string::npos ? options.engine : options.engine_url) = text;
           },
           "URL of a serving engine (vLLM, SGLang, TGI, TensorRT-LLM, llama.cpp), whose metrics "
           "stand beside the ladder; or whose overheads to expect [torch]")
        ->type_name("URL|NAME");
    add_engine_devices(app, options);
  } else {
    app.add_option("--engine", options.engine, "whose overheads to expect [torch]")->needs(model);
  }
  add_tensor(
      app, options,
      "devices that one copy of the model is spread over [1; with an engine's URL all of its "
      "devices]");
}

DecodeBridge::DecodeBridge(DecodeOptions options, model::Model model, PlanCatalog catalog,
                           roofline::EngineProfile engine)
    : options_(std::move(options)),
      model_(std::move(model)),
      catalog_(std::move(catalog)),
      engine_(std::move(engine)) {}

Result<std::optional<DecodeBridge>> DecodeBridge::load(const DecodeOptions& options,
                                                       const CommonOptions& common) {
  if (options.model.empty()) return std::optional<DecodeBridge>();
  if (options.engine_url.empty() && (options.batch <= 0 || options.context < 0))
    return Error{
        ErrorCode::invalid_argument,
        "--model needs --batch (above zero) and --context: what decodes at once, and how long"};
  TRY_ASSIGN(model::Model model, named_model(options.model));
  TRY_ASSIGN(plan::Variant stored, variant(model, options.dtype));
  TRY_ASSIGN(PlanCatalog catalog, PlanCatalog::load(common));
  TRY_ASSIGN(roofline::EngineProfile engine, catalog.engine(options.engine));
  return std::optional(
      DecodeBridge(options, std::move(stored.model), std::move(catalog), std::move(engine)));
}

Status DecodeBridge::apply(AppraisedSnapshot& snapshot, double tokens_per_second) const {
  const plan::Decoding decoding{tokens_per_second, options_.batch, options_.context};
  for (Appraisal& device : snapshot.devices)
    if (device.sample.presence == sample::Presence::ok)
      TRY(apply_to(device, decoding, options_.tensor.value_or(1)));
  return {};
}

Status DecodeBridge::apply_on(AppraisedSnapshot& snapshot, std::span<const std::size_t> places,
                              const plan::Decoding& decoding, int tensor) const {
  for (const std::size_t place : places) TRY(apply_to(snapshot.devices[place], decoding, tensor));
  return {};
}

Status DecodeBridge::apply_to(Appraisal& device, const plan::Decoding& decoding, int tensor) const {
  if (device.board.chip == nullptr)
    return Error{
        ErrorCode::not_supported,
        "the catalog has no chip for " + device.facts.name +
            ", so its speed of light is unknown; describe it in a file (data/README.md) and "
            "name its folder with --data"};
  TRY_ASSIGN(const PlannedChip chip, catalog_.chip(device.board.chip->id));
  TRY_ASSIGN(const plan::Bridge bridge, plan::bridge(model_, chip.roof, {.tensor = tensor}, engine_,
                                                     decoding, seen_by(device.sample)));
  DecodeComparison comparison{model_.name, decoding, bridge};
  if (bridge.contradicts()) return contradiction(comparison);
  device.decode = std::move(comparison);
  set_useful(device,
             Reading<Ratio>::derived(bridge.useful, sample::Source::catalog, device.sample.window));
  return {};
}

std::string bridge_view(const Style& style, const DecodeComparison& comparison) {
  const plan::Bridge& b = comparison.bridge;
  const double over = b.measured / b.expected - 1;
  std::string text = fmt::format(
      "{}, batch {:g}, {:g} tokens each: a step takes {}, the speed of light is {} (useful {}), "
      "and "
      "{} is expected of this chip and engine ({}): {:+.0f} %.",
      printable(comparison.model), comparison.decoding.batch, comparison.decoding.context,
      milliseconds_text(b.measured), milliseconds_text(b.best), percent(b.useful),
      milliseconds_text(b.expected), roofline::to_string(b.provenance), over * 100);
  if (b.blame)
    text += fmt::format(" The difference is {}: {} a step against {}; {}.", b.blame->name,
                        milliseconds_text(*b.blame->measured), milliseconds_text(b.blame->expected),
                        meaning(b.blame->name));
  return wrap(text, style.width, 2) + "\n";
}

}  // namespace assay::cli
