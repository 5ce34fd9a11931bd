// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <chrono>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "assay/base/result.hpp"
#include "assay/cli/microscope_look.hpp"
#include "assay/sample/sample.hpp"

namespace assay::cli {

// Takes short looks at a job's devices with the microscope, and only where what is known so far
// leaves two causes that it alone can tell apart: it takes the device's counters from every other
// profiler meanwhile. The look is a process of its own (`assay scope --json`), so that nothing that
// CUPTI does there can harm the run. offer() and restarted() from one thread, the rest from
// another.
class Magnifier {
 public:
  using Clock = std::chrono::steady_clock;
  struct Options {
    // Prints a line of assay.scope/1 on stdout, or says on stderr why not; CUDA_VISIBLE_DEVICES
    // names the device.
    std::vector<std::string> command;
    std::function<bool(const std::string& uuid)> is_the_jobs;  // any thread
    std::chrono::milliseconds between{5'000};   // the first two looks at a device; then twice that
    std::chrono::milliseconds longest{10'000};  // then it is ended
  };
  // The looks that this very program takes.
  static std::vector<std::string> own_command();

  explicit Magnifier(Options options);
  ~Magnifier();  // ends a look under way
  Magnifier(const Magnifier&) = delete;
  Magnifier& operator=(const Magnifier&) = delete;

  // The device's windows of work so far, as one. Never waits.
  void offer(const sample::DeviceFacts& device, const sample::Sample& working);
  // A look began, went on or ended at that device since then: its other counters were begun anew,
  // and what they read over such a window is not so.
  [[nodiscard]] bool restarted(const std::string& uuid, Clock::time_point since) const;

  // Ends a look under way. Once.
  std::vector<MicroscopeLook> finish();
  // Why a look that was called for was refused; "" where none was. After finish().
  [[nodiscard]] const std::string& trouble() const { return trouble_; }

 private:
  struct Device {
    std::string uuid;
    Clock::time_point began;
    std::optional<Clock::time_point> ended;
    int begun = 0;
    double weight = 0, lanes = 0;  // lanes weighed by the instructions that used them
    double issue = 0;
    int looks = 0;
  };
  [[nodiscard]] Clock::duration pause_after(const Device& device) const;
  void look(std::size_t device);
  void take(std::size_t device, const causes::Magnified& seen);

  Options options_;
  std::atomic<bool> over_{false};
  std::atomic<bool> looking_{false};
  mutable std::mutex mutex_;  // devices_ and trouble_
  std::vector<Device> devices_;
  std::string trouble_;
  std::thread thread_;
};

}  // namespace assay::cli
