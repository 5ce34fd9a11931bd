// SPDX-License-Identifier: Apache-2.0
// links: assay_probe_owner
// The files of /proc/PID: a process chooses its own command line and environment.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "assay/probe/owner/parse.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  namespace owner = assay::probe::owner;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  static_cast<void>(owner::user_id(text));
  static_cast<void>(owner::start_time(text));
  static_cast<void>(owner::variable(text, "SLURM_JOB_ID"));
  if (owner::cgroup(text).container.size() > 12) __builtin_trap();
  if (owner::command_line(text).find('\0') != std::string_view::npos) __builtin_trap();
  return 0;
}
