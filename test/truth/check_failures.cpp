// SPDX-License-Identifier: Apache-2.0
#include <array>

#include "assay/probe/nvml/codes.hpp"
#include "truth/check.hpp"

namespace assay::test {
namespace {

using metric::Id;
using sample::Presence;
using sample::Reason;

struct CallRow {
  Call call;
  std::uint32_t which;
  Id metric;
};

// What is missing where a call of the fast lane fails.
constexpr std::array kRows{
    CallRow{Call::utilization, 0, Id::gpu_util},
    CallRow{Call::utilization, 0, Id::memory_util},
    CallRow{Call::power, 0, Id::power},
    CallRow{Call::energy, 0, Id::energy},
    CallRow{Call::energy, 0, Id::power_mean},
    CallRow{Call::throttle_reasons, 0, Id::throttle_reasons},
    CallRow{Call::temperature, 0, Id::temperature},
    CallRow{Call::gpm_sample_get, 0, Id::sm_active},
    CallRow{Call::gpm_sample_get, 0, Id::dram_util},
};

bool is_opening(Call call) { return call == Call::device_by_index || call == Call::device_by_uuid; }

// Fails an older library's way to be asked, for which there is another way.
bool has_other_way(const CallEntry& call) {
  return call.call == Call::device_by_uuid && call.code == Return::function_not_found;
}

}  // namespace

void check_failed_calls(const Case& at, Verdict& verdict) {
  const CallEntry* trouble = nullptr;
  for (const CallEntry& call : at.calls) {
    if (!call.fast || call.at_ns != at.at_ns || call.code == Return::success) continue;
    const bool refused = is_opening(call.call) && !has_other_way(call);
    // Giving samples back is done once the device is known to be gone.
    if (trouble == nullptr && (refused || probe::nvml::is_device_trouble(call.code)))
      trouble = &call;
  }
  const bool lost = at.sample.presence == Presence::lost;
  if (trouble != nullptr) {
    const Reason reason = probe::nvml::reason_of(trouble->code);
    verdict.require(lost, fmt::format("{} answered {} and the device is not lost",
                                      probe::nvml::to_string(trouble->call),
                                      probe::nvml::info(trouble->code).name));
    verdict.require(!lost || at.sample.at_id(Id::power).reason() == reason,
                    "a lost device gives another reason");
    return;
  }
  verdict.require(!lost, "the device is lost and no call said so");
  for (const CallEntry& call : at.calls) {
    if (!call.fast || call.at_ns != at.at_ns || call.code == Return::success) continue;
    for (const CallRow& row : kRows) {
      if (row.call != call.call) continue;
      const auto& reading = at.sample.at_id(row.metric);
      verdict.require(!reading.usable(), fmt::format("{} is given though its call failed",
                                                     metric::to_string(row.metric)));
      const bool gpm = call.call == Call::gpm_sample_get;
      verdict.require(
          gpm || reading.reason() == probe::nvml::reason_of(call.code),
          fmt::format("{} is missing for {} after {}", metric::to_string(row.metric),
                      sample::to_string(reading.reason()), probe::nvml::info(call.code).name));
    }
  }
}

void check_hanging(const Case& at, Call call, const sample::Sample* before, Verdict& verdict) {
  const sample::Sample& sample = at.sample;
  check_states(at, verdict);
  verdict.require(sample.presence == Presence::stale, "a device that hangs is not stale");
  verdict.require(
      sample.trouble.find(probe::nvml::to_string(call)) != std::string::npos &&
          sample.trouble.find("has not returned") != std::string::npos,
      fmt::format("{} hangs and is not named: {}", probe::nvml::to_string(call), sample.trouble));
  verdict.require(sample.processes_reason == Reason::timeout,
                  "the processes of a device that hangs are not missing for a timeout");
  if (before == nullptr || before->presence == Presence::lost) return;
  for (const metric::Def& def : metric::all()) {
    const auto& was = before->at_id(def.id);
    const auto& is = sample.at_id(def.id);
    verdict.require(is.raw() == was.raw(), fmt::format("{} changes while it hangs", def.name));
    verdict.require(!was.usable() || is.reason() == Reason::timeout,
                    fmt::format("{} is stale for {}", def.name, sample::to_string(is.reason())));
  }
}

}  // namespace assay::test
