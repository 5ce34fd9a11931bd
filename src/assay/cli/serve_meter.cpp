// SPDX-License-Identifier: Apache-2.0
#include "assay/cli/serve_meter.hpp"

#include <utility>

namespace assay::cli {

Result<std::unique_ptr<ServeMeter>> ServeMeter::open(const CommonOptions& options, Seconds period) {
  TRY_ASSIGN(cli::Meter meter, cli::Meter::open(options, period));
  meter.forget_library_file();
  std::unique_ptr<ServeMeter> serve(new ServeMeter(std::move(meter), options));
  serve->devices_.assign(serve->meter_->devices().begin(), serve->meter_->devices().end());
  TRY(serve->reload());
  for (sample::DeviceFacts& device : serve->devices_)
    if (const catalog::Chip* chip = serve->knowledge_->of(device).chip) device.chip = chip->id;
  return serve;
}

std::optional<sample::Snapshot> ServeMeter::next() { return meter_->next_unless_woken(); }

appraise::AppraisedSnapshot ServeMeter::appraise(sample::Snapshot snapshot) {
  std::shared_ptr<const Knowledge> knowledge;
  {
    const std::lock_guard lock(mutex_);
    knowledge = knowledge_;
  }
  appraise::AppraisedSnapshot appraised = knowledge->appraise(std::move(snapshot));
  // It lies in this knowledge's catalog, which a reload takes away.
  for (appraise::Appraisal& device : appraised.devices) device.board.chip = nullptr;
  return appraised;
}

Status ServeMeter::reload() {
  TRY_ASSIGN(Knowledge fresh, Knowledge::load(options_, devices_));
  auto shared = std::make_shared<const Knowledge>(std::move(fresh));
  const std::lock_guard lock(mutex_);
  knowledge_ = std::move(shared);
  return {};
}

std::vector<std::string> ServeMeter::warnings() const {
  const std::lock_guard lock(mutex_);
  return {knowledge_->warnings().begin(), knowledge_->warnings().end()};
}

}  // namespace assay::cli
