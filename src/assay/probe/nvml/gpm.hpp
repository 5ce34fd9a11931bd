// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <vector>

#include "assay/probe/nvml/entries.hpp"
#include "assay/probe/nvml/gpm_table.hpp"
#include "assay/probe/nvml/line.hpp"

namespace assay::probe::nvml {

// GPM counters of one device, window by window: each read() takes a sample and gives every GPM
// metric over the time since the sample before. Writes one entry for each row of gpm_rows(), so
// that nothing stays "not read". Which metrics the driver offers is found out with the first
// window. For the device's own thread only.
class GpmReader {
 public:
  // cc_major: of the device, 0 = unknown; tells "this chip has no GPM" from "this driver is old".
  void read(Line& line, int cc_major, Entries& out);
  // Gives the samples back. Before destruction, and when a device came back from the dead.
  void release(Line& line);

 private:
  Return ensure_ready(Line& line);
  void all(sample::Reason reason, Seconds window, Entries& out) const;
  void metrics(Line& line, Seconds window, Entries& out);
  struct Pair {
    abi::GpmSampleHandle earlier;
    abi::GpmSampleHandle later;
  };
  void discover_early(Line& line);
  Return discover(Line& line, Pair pair);
  // Asks for answers_[first, first + count) over the two samples.
  Return ask(Line& line, Pair pair, std::size_t first, std::size_t count);

  std::optional<Return> support_;  // success = supported; nothing = not asked yet
  std::array<abi::GpmSampleHandle, 2> samples_{};
  std::size_t next_ = 0;                  // where the next sample goes; the other is the last one
  std::optional<std::int64_t> taken_ns_;  // when the last sample was taken
  std::optional<std::int64_t> dear_asked_ns_;  // when the metric that costs much was asked for last
  bool discovered_ = false;
  std::vector<const GpmRow*> offered_;  // parallel to answers_
  std::vector<abi::GpmMetric> answers_;
};

}  // namespace assay::probe::nvml
