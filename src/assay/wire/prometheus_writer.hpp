// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "assay/appraise/appraisal.hpp"
#include "assay/wire/prometheus.hpp"

namespace assay::wire {

// Writes families one after another; the labels of a device are made once for all its series.
class PrometheusWriter {
 public:
  void family(std::string_view name, std::string_view type, std::string_view help);
  // One sample of the family begun last. `labels` is "{a=\"b\"" as labels_of makes it, `more` what
  // stands behind it ("rung=\"held\""). Nothing where there is no finite value; the family's head
  // is written with its first sample only.
  void sample(std::string_view labels, std::string_view more, std::optional<double> value);
  std::string take() { return std::move(text_); }

 private:
  std::string text_;
  std::string head_;  // until the first sample
  std::string name_;
};

using LabelTexts = std::vector<std::string>;  // by device

// A value for a series: what may be computed with, or the last round's of what is read now and then
// and changes slowly (energy, limits, health). A share of time or a rate was that of the round
// alone: later it has no value.
std::optional<double> exported(const sample::Sample& sample, metric::Id id);

// name="value", escaped.
std::string label_text(std::string_view name, std::string_view value);
// The labels of a device's holder that are known, each with a comma before it. `job` is what the
// batch system's job is called: slurm_job, and hpc_job among DCGM's names. A pod whose name nobody
// told is known by its uid: pod_uid.
std::string holder_labels(const PrometheusOptions& options, std::size_t device,
                          std::string_view job = "slurm_job");

// The serving engine beside the devices: assay_engine_*.
void write_engine(PrometheusWriter& out, const appraise::AppraisedSnapshot& snapshot,
                  const PrometheusOptions& options);
// The counter of the engine's busy cycles is dear and read now and then; in between GPU-Util, the
// driver's share of time with a kernel on that engine, stands for it under DCGM's name, with a
// state `estimated`.
bool gpu_util_stands_in(const sample::Sample& sample);
inline constexpr std::string_view kDcgmEngineActive = "DCGM_FI_PROF_GR_ENGINE_ACTIVE";
void write_dcgm(PrometheusWriter& out, const appraise::AppraisedSnapshot& snapshot,
                const PrometheusOptions& options);

}  // namespace assay::wire
