// SPDX-License-Identifier: Apache-2.0
#include "assay/cli/look.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "assay/cli/device_view.hpp"
#include "assay/cli/engine_watch.hpp"
#include "assay/cli/exit_code.hpp"
#include "assay/cli/knowledge.hpp"
#include "assay/cli/meter.hpp"
#include "assay/cli/out.hpp"
#include "assay/wire/snapshot_json.hpp"

namespace assay::cli {

using appraise::Appraisal;
using appraise::AppraisedSnapshot;
using wire::snapshot_json;

int offer_what_works(const Error& error) {
  const int code = fail(error);
  if (code == kNothingToMeasure)
    complain(
        "       A recording of a real H100:  assay replay h100-lab\n"
        "       A simulated machine:         assay sim one-thread\n"
        "       What is missing here:        assay doctor");
  return code;
}

int look(const CommonOptions& options, const DecodeOptions& decode, Seconds window) {
  const bool told = decode.engine_url.empty() && !decode.model.empty();
  if (told && !decode.tokens_per_second)
    return fail(
        {ErrorCode::invalid_argument,
         "--model needs --tokens-per-second too, or --engine URL: what the engine reports"});
  if (decode.model.empty() && decode.engine_url.empty() && decode.engine != DecodeOptions().engine)
    return fail(
        {ErrorCode::invalid_argument,
         fmt::format("--engine {} is no URL (http://host:port); the name of an engine needs "
                     "--model, too",
                     decode.engine)});
  const auto bridge = told ? DecodeBridge::load(decode, options) : std::optional<DecodeBridge>();
  if (!bridge) return fail(bridge.error());
  auto engine = EngineWatch::open(decode, options);
  if (!engine) return fail(engine.error());
  auto meter = Meter::open(options, window);
  if (!meter) return offer_what_works(meter.error());
  meter->forget_library_file();  // before the window: a Ctrl-C in it ends this process at once
  const auto knowledge = Knowledge::load(options, (*meter)->devices());
  if (!knowledge) return fail(knowledge.error());
  for (const std::string& warning : knowledge->warnings()) complain("assay: " + warning);

  if (*engine) (*engine)->poll();  // the window lies between this and the next
  AppraisedSnapshot snapshot = knowledge->appraise((*meter)->next());
  if (*engine) {
    (*engine)->poll();
    (*engine)->enrich(snapshot);
  }
  if (*bridge)
    if (const Status laid = (**bridge).apply(snapshot, *decode.tokens_per_second); !laid)
      return fail(laid.error());
  put(options.json ? snapshot_json(snapshot) + "\n"
                   : snapshot_view(options.style(), snapshot) + meter->start_cost_line());
  const bool answered = std::ranges::any_of(snapshot.devices, [](const Appraisal& device) {
    return device.sample.presence == sample::Presence::ok;
  });
  return answered ? kOk : kFailed;
}

}  // namespace assay::cli
