// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <map>
#include <optional>
#include <string_view>
#include <vector>

#include "assay/appraise/appraisal.hpp"

namespace assay::report {

// The parts of a device's capacity in the order that they are stacked, from the bottom.
inline constexpr std::array<std::string_view, 8> kParts = {"useful",   "engaged",     "overwork",
                                                           "stalled",  "empty_sms",   "idle_held",
                                                           "not_held", "unattributed"};
std::string_view title_of(std::size_t part);  // for people

// A stretch of time of one device: what its capacity went to on average, and the cause that
// accounted for most of it. Without a window in it: seconds 0.
struct Bucket {
  double seconds = 0;
  std::array<double, kParts.size()> share{};  // sums to 1 where seconds > 0
  std::map<causes::Cause, double> causes;     // seconds as the first finding
  [[nodiscard]] std::optional<causes::Cause> cause() const;
};

struct Band {
  int device = 0;
  std::vector<Bucket> buckets;
  std::map<causes::Cause, double> causes;  // seconds, over the whole
  double lost_usd = 0;                     // known losses x price x time
  double paid_usd = 0;
  double seconds = 0;  // of all windows, those without the device too: they are unattributed
  [[nodiscard]] double share_of(std::size_t part) const;  // mean over the whole
  bool sm_active_raised = false;                          // to the speed of light, in a window
  bool floor =
      false;  // a part was not placed, a price not known, the device gone: at least so much
};

// Puts windows into `count` buckets of equal length over begin..end. A window counts for each
// bucket that it overlaps, by the length of the overlap.
class BandGatherer {
 public:
  BandGatherer(sample::WallTime begin, sample::WallTime end, std::size_t count);
  void add(const appraise::AppraisedSnapshot& snapshot);
  [[nodiscard]] const std::vector<Band>& bands() const { return bands_; }  // by device index

 private:
  Band& band_of(int device);
  void spread(Band& band, const appraise::Appraisal& device);

  double begin_;
  double length_;
  std::size_t count_;
  std::vector<Band> bands_;
};

}  // namespace assay::report
