// SPDX-License-Identifier: Apache-2.0
#include <chrono>
#include <mutex>
#include <thread>
#include <utility>

#include "assay/cli/engine_watch.hpp"
#include "assay/cli/knowledge.hpp"
#include "assay/cli/meter.hpp"
#include "assay/cli/top_sources.hpp"
#include "assay/probe/owner/owners.hpp"

namespace assay::cli {
namespace {

std::int64_t monotonic_ns() {
  return std::chrono::steady_clock::now().time_since_epoch() / std::chrono::nanoseconds(1);
}

class Live final : public TopSource {
 public:
  Live(Meter meter, Knowledge knowledge, std::optional<EngineWatch> engine, Seconds period,
       std::function<void()> ring)
      : meter_(std::move(meter)),
        knowledge_(std::move(knowledge)),
        engine_(std::move(engine)),
        period_(period),
        ring_(std::move(ring)),
        frames_(tui::frames_to_keep(meter_->devices().size())),
        thread_([this](const std::stop_token& stop) { sample(stop); }) {}
  ~Live() override {
    thread_.request_stop();
    meter_->wake();
  }
  Live(const Live&) = delete;
  Live& operator=(const Live&) = delete;

  [[nodiscard]] std::int64_t first() const override { return frames_.first(); }
  [[nodiscard]] std::int64_t last() const override { return frames_.last(); }
  const tui::Frame* at(std::int64_t number) override { return frames_.at(number); }
  [[nodiscard]] bool live() const override { return true; }
  [[nodiscard]] Seconds period() const override { return period_; }
  [[nodiscard]] std::string trouble() const override { return {}; }

  bool take_new() override {
    std::vector<tui::Frame> came;
    {
      const std::lock_guard lock(mutex_);
      came.swap(came_);
    }
    for (tui::Frame& frame : came) frames_.push(std::move(frame));
    return !came.empty();
  }

 private:
  void sample(const std::stop_token& stop) {
    tui::Frame previous;
    bool any = false;
    while (!stop.stop_requested()) {
      const auto snapshot = meter_->next_unless_woken();
      if (!snapshot) continue;
      appraise::AppraisedSnapshot appraised = knowledge_.appraise(*snapshot);
      if (engine_) engine_->enrich(appraised);
      tui::Frame frame = tui::frame_of(appraised, any ? &previous : nullptr);
      name_owners(frame);
      previous = frame;
      any = true;
      {
        const std::lock_guard lock(mutex_);
        came_.push_back(std::move(frame));
      }
      ring_();
    }
  }

  void name_owners(tui::Frame& frame) {
    if (frame.origin.kind != sample::OriginKind::device) {
      frame.processes_from = "simulated processes: whose they are is unknown";
      return;
    }
    for (tui::ProcessRow& row : frame.processes)
      row.owner = owners_.of(row.process.pid, monotonic_ns());
    owners_.forget_unused();
  }

  Meter meter_;
  Knowledge knowledge_;
  std::optional<EngineWatch> engine_;  // the thread's
  probe::owner::Owners owners_;        // the thread's
  Seconds period_;
  std::function<void()> ring_;
  tui::FrameRing frames_;
  std::mutex mutex_;
  std::vector<tui::Frame> came_;  // under mutex_
  std::jthread thread_;           // last: it uses all of the above
};

}  // namespace

Result<std::unique_ptr<TopSource>> live_source(const CommonOptions& options,
                                               const DecodeOptions& decode, Seconds period,
                                               std::function<void()> ring,
                                               std::vector<std::string>& warnings) {
  TRY_ASSIGN(std::optional<EngineWatch> engine, EngineWatch::open(decode, options));
  TRY_ASSIGN(Meter meter, Meter::open(options, period));
  meter.forget_library_file();
  TRY_ASSIGN(Knowledge knowledge, Knowledge::load(options, meter->devices()));
  warnings.assign(knowledge.warnings().begin(), knowledge.warnings().end());
  if (engine) engine->start(period);
  return std::unique_ptr<TopSource>(std::make_unique<Live>(
      std::move(meter), std::move(knowledge), std::move(engine), period, std::move(ring)));
}

}  // namespace assay::cli
