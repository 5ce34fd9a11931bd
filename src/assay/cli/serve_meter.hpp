// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <mutex>
#include <optional>

#include "assay/base/result.hpp"
#include "assay/cli/engine_watch.hpp"
#include "assay/cli/knowledge.hpp"
#include "assay/cli/meter.hpp"
#include "assay/probe/owner/owners.hpp"
#include "assay/serve/meter.hpp"

namespace assay::cli {

// The devices of this machine, or a simulated one's, and what the catalog and the user's config say
// of them, for the daemon.
class ServeMeter : public serve::Meter {
 public:
  static Result<std::unique_ptr<ServeMeter>> open(const CommonOptions& options, Seconds period);

  [[nodiscard]] std::vector<sample::DeviceFacts> devices() const override { return devices_; }
  [[nodiscard]] sample::Origin origin() const override { return meter_.origin(); }
  std::optional<sample::Snapshot> next() override;
  std::vector<sample::Event> take_events() override { return meter_->take_events(); }
  appraise::AppraisedSnapshot appraise(sample::Snapshot snapshot) override;
  void wake() override { meter_->wake(); }
  std::vector<sample::Owner> holders(const appraise::AppraisedSnapshot& snapshot) override;

  // Lays this serving engine beside the devices of each window from now on. Before the daemon runs.
  void watch(EngineWatch engine) { engine_.emplace(std::move(engine)); }

  // Reads config, prices and chips again; on failure the old ones stay. From any thread.
  Status reload();
  // Of the catalog and the config, at the last load.
  [[nodiscard]] std::vector<std::string> warnings() const;

 private:
  ServeMeter(cli::Meter meter, CommonOptions options)
      : meter_(std::move(meter)), options_(std::move(options)) {}

  mutable cli::Meter meter_;
  CommonOptions options_;
  std::vector<sample::DeviceFacts> devices_;
  mutable std::mutex mutex_;  // of knowledge_
  std::shared_ptr<const Knowledge> knowledge_;
  std::optional<EngineWatch> engine_;
  std::mutex owners_mutex_;
  probe::owner::Owners owners_;
};

}  // namespace assay::cli
