// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "assay/base/result.hpp"
#include "assay/cli/magnifier.hpp"
#include "assay/cli/meter.hpp"
#include "assay/sample/merge.hpp"
#include "assay/sample/work_span.hpp"
#include "assay/store/recorder.hpp"
#include "assay/units/units.hpp"

namespace assay::cli {

// One device over the whole of a run.
struct DeviceRun {
  sample::DeviceSample merged;  // all windows as one
  sample::Sample working;       // those that say how the job works, as one
  // The board's mean over the windows; its own energy counter is dear to read, so the probe asks
  // for it once a minute only (docs/adr/004).
  std::optional<Watts> power;
};

// Samples the devices on a thread of its own while something else runs, window by window: keeps one
// merged sample a device, and gives each window to the recorder if there is one.
class DeviceLog {
 public:
  // All must outlive it; `recorder` and `magnifier` may be null, and are left alone after stop().
  DeviceLog(Meter& meter, store::Recorder* recorder, Magnifier* magnifier = nullptr);
  ~DeviceLog();
  DeviceLog(const DeviceLog&) = delete;
  DeviceLog& operator=(const DeviceLog&) = delete;

  // Ends the running window, and with it the log. Once.
  void stop();
  // The rest after stop().
  [[nodiscard]] std::vector<DeviceRun> devices() const;
  [[nodiscard]] const sample::SelfCost& self() const { return self_; }
  [[nodiscard]] sample::WallTime at() const { return at_; }
  [[nodiscard]] std::int64_t windows() const { return windows_; }
  [[nodiscard]] const Status& recorded() const { return recorded_; }

 private:
  struct Device {
    sample::DeviceFacts facts;
    sample::Merger merger;
    sample::WorkSpan work;
    Joules energy{0};
    Seconds with_power{0};
    int judged = 0;  // windows with work whose counters are known
  };
  void offer(Device& device, const sample::Sample& sample);
  void run();
  void take(sample::Snapshot snapshot);

  Meter& meter_;
  store::Recorder* recorder_;
  Magnifier* magnifier_;
  std::atomic<bool> over_{false};
  std::vector<Device> devices_;
  sample::SelfCost self_;
  sample::WallTime at_;
  std::int64_t windows_ = 0;
  Status recorded_;
  std::thread thread_;
};

}  // namespace assay::cli
