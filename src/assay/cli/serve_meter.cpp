// SPDX-License-Identifier: Apache-2.0
#include "assay/cli/serve_meter.hpp"

#include <algorithm>
#include <chrono>
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
  if (engine_) engine_->enrich(appraised);
  // It lies in this knowledge's catalog, which a reload takes away.
  for (appraise::Appraisal& device : appraised.devices) device.board.chip = nullptr;
  return appraised;
}

std::vector<sample::Owner> ServeMeter::holders(const appraise::AppraisedSnapshot& snapshot) {
  // A simulated pid is none of this machine's.
  if (snapshot.origin.kind != sample::OriginKind::device) return {};
  std::vector<sample::Owner> all;
  const std::lock_guard lock(owners_mutex_);
  const std::int64_t now = std::chrono::steady_clock::now().time_since_epoch().count();
  for (const appraise::Appraisal& device : snapshot.devices) {
    const auto& held_by = device.sample.processes;
    const auto most = std::ranges::max_element(held_by, {}, [](const sample::Process& process) {
      return process.memory.value().value_or(Bytes(0)).value();
    });
    all.push_back(most == held_by.end() ? sample::Owner() : owners_.of(most->pid, now));
  }
  owners_.forget_unused();
  return all;
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
