// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "assay/appraise/appraisal.hpp"
#include "assay/report/bands.hpp"
#include "assay/store/provenance.hpp"

namespace assay::report {

struct KernelLine {
  std::string name;  // for people
  std::int64_t launches = 0;
  double total_s = 0;
};

struct Report {
  std::string name;  // of the recording
  store::Provenance provenance;
  sample::Origin recorded;  // a device or a simulation
  sample::WallTime from;    // begin of the first window
  sample::WallTime to;
  std::int64_t windows = 0;
  std::vector<Band> bands;
  appraise::AppraisedSnapshot whole;  // all windows as one
  std::vector<sample::Event> events;
  std::vector<KernelLine> kernels;  // the longest first; empty: the run was not traced
  std::vector<std::string> notes;   // what is damaged or missing, a sentence each
  std::string made_by;              // version of the assay that draws it
};

// Beyond so many devices the page says how many more there are.
inline constexpr std::size_t kMostDevices = 64;

// The causes of all devices, the one that explains most of the time first, in seconds.
std::vector<std::pair<causes::Cause, double>> causes_by_time(const Report& report);

// The ladder of each device through time, with its causes below: a picture that stands alone.
std::string ladder_svg(const Report& report);

// One HTML page with that picture and all the rest: no script, no network, light and dark by what
// the reader prefers, and fit to be printed.
std::string page(const Report& report);

}  // namespace assay::report
