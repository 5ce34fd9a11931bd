// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "assay/probe/nvml/codes.hpp"
#include "assay/sample/sample.hpp"

namespace assay::probe::nvml {

// Readings on their way from a lane to a sample.
struct Entry {
  metric::Id id;
  sample::Reading<double> reading;
};

class Entries {
 public:
  void add(metric::Id id, const sample::Reading<double>& reading) {
    list_.push_back({id, reading});
  }

  // A measured value in the metric's own unit.
  template <metric::Id id>
  void measured(metric::Value<id> value, Seconds window = Seconds(0)) {
    add(id, sample::Reading<double>::measured(value.value(), sample::Source::nvml, window));
  }
  template <metric::Id id>
  void derived(metric::Value<id> value, Seconds window = Seconds(0)) {
    add(id, sample::Reading<double>::derived(value.value(), sample::Source::nvml, window));
  }
  template <metric::Id id>
  void unknown(sample::Reason reason) {
    add(id, sample::Reading<double>::unknown(reason, sample::Source::nvml));
  }
  // The value if the call went well, else the reason that its code gives.
  template <metric::Id id>
  void put(abi::Return code, metric::Value<id> value, Seconds window = Seconds(0)) {
    if (code == abi::Return::success) measured<id>(value, window);
    else unknown<id>(reason_of(code));
  }
  // A share in whole per cent, as NVML's own utilization calls give it.
  template <metric::Id id>
  void put_percent(abi::Return code, unsigned percent) {
    if (code == abi::Return::success && percent > 100)
      add(id, sample::Reading<double>::invalid(Ratio::percent(percent).value(),
                                               sample::Reason::out_of_range, sample::Source::nvml));
    else put<id>(code, Ratio::percent(percent));
  }

  [[nodiscard]] const std::vector<Entry>& list() const { return list_; }
  void clear() { list_.clear(); }
  void write_to(sample::Sample& sample) const {
    for (const Entry& entry : list_) sample.at_id(entry.id) = entry.reading;
  }

 private:
  std::vector<Entry> list_;
};

}  // namespace assay::probe::nvml
