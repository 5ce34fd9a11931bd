// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "assay/appraise/appraisal.hpp"
#include "assay/tui/picture.hpp"

namespace assay::test {

// Eight devices that each do something else, `step` seconds after the start: busy, half busy, idle,
// one without counters, one lost, one stale, one that nobody holds, one with two tenants.
appraise::AppraisedSnapshot fleet(int step);

// A source with the fleet's windows 0 .. count-1.
class FleetSource final : public tui::Source {
 public:
  FleetSource(int count, bool live, sample::Origin origin = {sample::OriginKind::device, "node-7"});
  void grow();  // by one window
  [[nodiscard]] std::int64_t first() const override { return ring_.first(); }
  [[nodiscard]] std::int64_t last() const override { return ring_.last(); }
  const tui::Frame* at(std::int64_t number) override { return ring_.at(number); }
  [[nodiscard]] bool live() const override { return live_; }
  [[nodiscard]] Seconds period() const override { return Seconds(1); }
  [[nodiscard]] std::string trouble() const override { return {}; }

 private:
  tui::FrameRing ring_{100};
  bool live_;
  sample::Origin origin_;
  int grown_ = 0;
};

// The lines without their escape sequences.
std::vector<std::string> plain(const std::vector<std::string>& lines);
std::string joined(const std::vector<std::string>& lines);

}  // namespace assay::test
