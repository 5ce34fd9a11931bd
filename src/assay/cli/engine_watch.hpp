// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "assay/appraise/appraisal.hpp"
#include "assay/base/result.hpp"
#include "assay/cli/decode_bridge.hpp"
#include "assay/scrape/watch.hpp"

namespace assay::cli {

// The serving engine of --engine URL, beside the devices of each snapshot. For one look: poll()
// before and after its window. For what goes on: start(), and each snapshot gets what the engine
// said last. An engine in trouble keeps nothing else from being shown.
class EngineWatch {
 public:
  // Nothing where no URL was given. Errors: the URL, the model, the dtype or --tp is wrong.
  static Result<std::optional<EngineWatch>> open(const DecodeOptions& options,
                                                 const CommonOptions& common);

  void poll() { watch_.poll(); }
  void start(Seconds period) { watch_.start(period); }

  // Lays the latest report beside the snapshot's devices, and gives those that it runs on their
  // useful rung; where that can't be, the snapshot says why. One thread at a time.
  void enrich(appraise::AppraisedSnapshot& snapshot);

 private:
  EngineWatch(DecodeOptions options, CommonOptions common, scrape::Watch watch);
  Status give_light(appraise::AppraisedSnapshot& snapshot);
  Result<const DecodeBridge*> bridge_for(const engine::Report& report);

  DecodeOptions options_;
  CommonOptions common_;
  scrape::Watch watch_;
  std::string loaded_;  // the model and profile that bridge_ is of
  std::optional<Result<std::optional<DecodeBridge>>> bridge_;
};

}  // namespace assay::cli
