// SPDX-License-Identifier: Apache-2.0
#include "assay/sample/unattributed.hpp"

#include <algorithm>

namespace assay::sample {
namespace {

// What the driver rounds: shares to whole percents, memory to pages.
constexpr double kShareRounding = 0.01;
constexpr double kPage = 4096;

// What is left of a device's figure.
class Rest {
 public:
  explicit Rest(const Reading<double>& device) : device_(device), stale_(!device.usable()) {}

  template <typename T>
  void take(const Reading<T>& share) {
    if (!share.raw() || share.state() == State::invalid) return;
    taken_ += share.raw()->value();
    stale_ = stale_ || !share.usable();
  }

  template <typename T, typename Make>
  [[nodiscard]] Reading<T> left(double rounding, Reason assumption, Make make) const {
    const auto whole = device_.raw();
    const Seconds window = device_.window();
    if (!whole) return Reading<T>::unknown(device_.reason(), Source::computed, window);
    if (device_.state() == State::invalid)
      return Reading<T>::unknown(Reason::missing_input, Source::computed, window);
    const double rest = *whole - taken_;
    if (rest < -rounding)
      return Reading<T>::invalid(make(rest), Reason::out_of_range, Source::computed, window);
    const T value = make(std::max(rest, 0.0));
    if (stale_) return Reading<T>::stale(value, Reason::between_rounds, Source::computed, window);
    if (assumption == Reason::none) return Reading<T>::derived(value, Source::computed, window);
    return Reading<T>::estimated(value, assumption, Source::computed, window);
  }

 private:
  const Reading<double>& device_;
  double taken_ = 0;
  bool stale_;
};

}  // namespace

Unattributed unattributed(const Sample& sample) {
  if (sample.processes_reason != Reason::none)
    return {Reading<Bytes>::unknown(sample.processes_reason, Source::computed),
            Reading<Ratio>::unknown(sample.processes_reason, Source::computed)};
  Rest memory(sample.at_id(metric::Id::memory_used));
  Rest time(sample.at_id(metric::Id::gpu_util_samples));
  for (const Process& process : sample.processes) {
    memory.take(process.memory);
    time.take(process.time_share);
  }
  const double processes = static_cast<double>(sample.processes.size());
  return {memory.left<Bytes>(kPage * processes, Reason::none, [](double x) { return Bytes(x); }),
          time.left<Ratio>(kShareRounding * (processes + 1), Reason::sampled,
                           [](double x) { return Ratio::fraction(x); })};
}

}  // namespace assay::sample
