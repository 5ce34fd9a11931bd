// SPDX-License-Identifier: Apache-2.0
#include "assay/cli/engine_watch.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "assay/appraise/serving.hpp"

namespace assay::cli {

EngineWatch::EngineWatch(DecodeOptions options, CommonOptions common, scrape::Watch watch)
    : options_(std::move(options)), common_(std::move(common)), watch_(std::move(watch)) {}

Result<std::optional<EngineWatch>> EngineWatch::open(const DecodeOptions& options,
                                                     const CommonOptions& common) {
  if (options.engine_url.empty()) return std::optional<EngineWatch>();
  if (!options.model.empty()) TRY(DecodeBridge::load(options, common));  // a wrong name is told now
  TRY_ASSIGN(scrape::Watch watch, scrape::Watch::open(options.engine_url));
  return std::optional(EngineWatch(options, common, std::move(watch)));
}

Result<const DecodeBridge*> EngineWatch::bridge_for(const engine::Report& report) {
  DecodeOptions options = options_;
  options.engine = report.profile;
  if (options.model.empty()) {
    if (report.models.size() != 1)
      return Error{ErrorCode::not_supported,
                   fmt::format("{} names {} model; give it with --model", report.name,
                               report.models.empty() ? "no" : "more than one")};
    options.model = report.models.front();
  }
  const std::string wanted = options.model + '\n' + options.engine;
  if (!bridge_ || loaded_ != wanted) {
    bridge_ = DecodeBridge::load(options, common_);
    loaded_ = wanted;
  }
  if (!*bridge_) return bridge_->error();
  return &***bridge_;
}

Status EngineWatch::give_light(appraise::AppraisedSnapshot& snapshot) {
  const appraise::EngineBeside& engine = *snapshot.engine;
  const int devices = static_cast<int>(engine.devices.size());
  if (devices == 0) return Error{ErrorCode::not_found, "none of its devices answers here"};
  const int tensor = options_.tensor.value_or(devices);
  if (devices % tensor != 0)
    return Error{
        ErrorCode::invalid_argument,
        fmt::format("{} devices are no whole number of copies over {} (--tp)", devices, tensor)};
  TRY_ASSIGN(const plan::Decoding decoding, appraise::decoding_of(engine.report, devices / tensor));
  TRY_ASSIGN(const DecodeBridge* bridge, bridge_for(engine.report));
  return bridge->apply_on(snapshot, engine.devices, decoding, tensor);
}

void EngineWatch::enrich(appraise::AppraisedSnapshot& snapshot) {
  const auto on = appraise::engine_devices(snapshot, options_.engine_devices);
  appraise::set_engine(snapshot, watch_.latest(), on);
  if (!snapshot.engine->report.trouble.empty()) return;
  if (const Status lit = give_light(snapshot); !lit)
    snapshot.engine->no_light = lit.error().message;
}

}  // namespace assay::cli
