// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <unordered_map>
#include <vector>

#include "assay/probe/nvml/entries.hpp"
#include "assay/probe/nvml/line.hpp"

namespace assay::probe::nvml {

// The driver's own buffers of one device, each read for what is new since the last time. Times in
// them are the host's wall clock; they only ever serve to ask for what is newer, so that a step of
// that clock costs at most two rounds. For one thread at a time.
class BufferReader {
 public:
  // gpu_util_samples: the mean of the driver's GPU-Util samples since the call before. Its window
  // is the span of those samples: the driver keeps some 20 s of them, so that after a longer pause
  // they are of its end alone, and the mean is estimated (reason: sampled).
  void utilization(Line& line, Entries& out);

  // Share of time slices by pid since the call before; reason is none if the driver told. It gives
  // one mean a process over all that it still keeps, and does not tell how long that is. So a share
  // is measured where the samples of the same round reach back to the call before; else estimated,
  // over what those samples span (0 where they don't say, as of the first call). Call utilization()
  // before it.
  struct Shares {
    std::unordered_map<std::int64_t, sample::Reading<Ratio>> by_pid;
    sample::Reason reason = sample::Reason::not_read;
  };
  Shares process_shares(Line& line);

  // How far apart the driver's GPU-Util samples are, in the middle of those seen last: what one
  // GPU-Util is over. 0 until two samples have been seen in one round.
  [[nodiscard]] Seconds sampling_period() const { return sampling_period_; }

 private:
  struct Cursor {
    std::uint64_t newest_us = 0;        // 0: ask for everything, only to learn the newest
    std::optional<std::int64_t> at_ns;  // when it was read, monotonic
    int empty_rounds = 0;
    void advance(std::uint64_t to_us, std::int64_t now_ns);
    void nothing_new();
  };
  // The period, and from the begin of the oldest sample to the end of the newest; 0 without any.
  Seconds learn_span(std::vector<std::uint64_t> times_us);
  // The samples of this round are of all that time.
  [[nodiscard]] bool covers(Seconds asked) const;

  Seconds sampling_period_{0};
  std::optional<Seconds> covered_;  // by the samples of the last round; none: not known
  Cursor samples_at_;
  Cursor processes_at_;
  std::vector<abi::UtilizationSample> samples_;
  std::vector<abi::ProcessUtilization> processes_;
};

// Xid errors of one device through an NVML event set. For one thread at a time.
class XidWatch {
 public:
  // last_xid, and the Xids that came since the call before. Never waits for one.
  std::vector<std::uint64_t> read(Line& line, Entries& out);
  // Gives the event set back: before destruction, and when the device was opened anew.
  void release(Line& line);

 private:
  abi::EventSetHandle set_ = nullptr;
  std::optional<Return> refused_;  // why there is no event set; asked once
  std::optional<std::uint64_t> last_;
};

}  // namespace assay::probe::nvml
