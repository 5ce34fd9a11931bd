// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string>

#include "assay/appraise/appraisal.hpp"
#include "assay/sample/owner.hpp"

namespace assay::wire {

struct PrometheusOptions {
  std::string node;         // host name, for the labels node and Hostname
  bool dcgm_names = false;  // the same figures by the names of NVIDIA's DCGM exporter, too
  // By device: whose the process is that holds most of it; empty where nobody asked.
  std::span<const sample::Owner> holders;
};

// Prometheus' text format 0.0.4: docs/metrics.md names the families. Base units in the names,
// counters end in _total. A value that is not known is no series; assay_reading_state says why.
// What is read now and then only keeps its last value, and a state. Every series of a device
// carries device, uuid, chip, node and origin ("device", "recording", "simulation"), and user,
// container, pod (or pod_uid) and slurm_job of its holder where they are known. DCGM's names keep
// DCGM's units and labels.
std::string prometheus_text(const appraise::AppraisedSnapshot& snapshot,
                            const PrometheusOptions& options);

// "assay_power_watts", "assay_energy_joules_total".
std::string prometheus_name(const metric::Def& def);

}  // namespace assay::wire
