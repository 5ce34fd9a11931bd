// SPDX-License-Identifier: Apache-2.0
#include "assay/probe/nvml/late.hpp"

#include <utility>

namespace assay::probe::nvml {
namespace {

using sample::Reading;
using sample::Reason;

template <typename T>
Reading<T> stale(const Reading<T>& reading) {
  if (!reading.usable()) return reading;
  return Reading<T>::stale(reading.raw(), Reason::timeout, reading.source(), reading.window());
}

}  // namespace

sample::Sample make_stale(const sample::Sample& last, sample::WallTime at, Seconds window,
                          std::string trouble) {
  sample::Sample out = last;
  out.at = at;
  out.window = window;
  out.presence = sample::Presence::stale;
  out.trouble = std::move(trouble);
  for (Reading<double>& reading : out.readings) reading = stale(reading);
  for (sample::Process& process : out.processes) {
    process.memory = stale(process.memory);
    process.time_share = stale(process.time_share);
  }
  out.processes_reason = Reason::timeout;
  return out;
}

sample::Sample never_answered(sample::WallTime at, Seconds window, std::string trouble) {
  sample::Sample out;
  for (Reading<double>& reading : out.readings)
    reading = Reading<double>::unknown(Reason::timeout, sample::Source::nvml);
  return make_stale(out, at, window, std::move(trouble));
}

}  // namespace assay::probe::nvml
