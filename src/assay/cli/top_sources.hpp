// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "assay/base/result.hpp"
#include "assay/cli/decode_bridge.hpp"
#include "assay/cli/options.hpp"
#include "assay/tui/source.hpp"

namespace assay::cli {

// Where `assay top` has its windows from: a source that may need time of its own.
class TopSource : public tui::Source {
 public:
  // What has come since the last call becomes part of the source. True: there is more than before.
  virtual bool take_new() = 0;
};

// Live: a thread of its own samples, and calls `ring` (from that thread) after each window.
// `decode` may name an engine, which is asked once a window. Errors as Meter::open, Knowledge::load
// and EngineWatch::open. Warnings go to `warnings`.
Result<std::unique_ptr<TopSource>> live_source(const CommonOptions& options,
                                               const DecodeOptions& decode, Seconds period,
                                               std::function<void()> ring,
                                               std::vector<std::string>& warnings);

// A recording, read once from end to end to know its windows and its running loss, then window by
// window. Errors as Replay::open, and io.
Result<std::unique_ptr<TopSource>> recorded_source(const CommonOptions& options,
                                                   const std::string& file,
                                                   std::vector<std::string>& warnings);

}  // namespace assay::cli
