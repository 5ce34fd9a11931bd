// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

// What the files of /proc/PID say, as pure functions of their text. None trusts the text: it may be
// cut off, and a process chooses its own command line and environment.
namespace assay::probe::owner {

// The real user's id from /proc/PID/status ("Uid:\t1000\t..."), proc(5).
std::optional<std::uint32_t> user_id(std::string_view status);

// /proc/PID/cmdline with its zero bytes as blanks, without those at the end.
std::string command_line(std::string_view cmdline);

// Field 22 of /proc/PID/stat, proc(5): when the process started, in ticks since boot. Empty where
// the text has no such field. A pid with another start time is another process.
std::string start_time(std::string_view stat);

struct Cgroup {
  std::string container;  // the first twelve hexadecimal digits of its id; empty: none
  std::string slurm_job;  // empty: none
  std::string pod_uid;    // empty: none
};
// /proc/PID/cgroup, versions 1 and 2, with the names that Docker, containerd, CRI-O and Podman give
// their groups ("docker-<64 digits>.scope", "/docker/<64 digits>", "cri-containerd-…", "crio-…",
// "libpod-…"), the kubelet's ("kubepods-burstable-pod<uid>.slice", "/kubepods/pod<uid>") and
// Slurm's cgroup plugin ("/slurm/uid_1000/job_42/step_0", "slurmstepd.scope/job_42").
Cgroup cgroup(std::string_view text);

// The value of a variable in /proc/PID/environ; none where it is not set.
std::optional<std::string> variable(std::string_view environ, std::string_view name);

}  // namespace assay::probe::owner
