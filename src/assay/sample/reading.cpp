// SPDX-License-Identifier: Apache-2.0
#include "assay/sample/reading.hpp"

#include <algorithm>
#include <array>

namespace assay::sample {
namespace {

constexpr std::array<std::string_view, 6> kStateWords = {"measured", "derived", "estimated",
                                                         "unknown",  "stale",   "invalid"};
struct ReasonText {
  std::string_view word;
  std::string_view sentence;
};

constexpr std::array<ReasonText, kReasonCount> kReasons = {{
    {"none", ""},
    {"not-read", "nobody asked the device for it"},
    {"not-supported", "this device or its driver does not offer it"},
    {"no-gpm",
     "hardware counters by NVML GPM need Hopper or newer; the microscope (CUPTI PM "
     "sampling, Turing and newer) would measure it"},
    {"no-permission", "the driver refused it to this user; run as root, or ask the administrator"},
    {"driver-not-loaded", "the NVIDIA driver is not loaded; check `lsmod | grep nvidia`"},
    {"device-lost",
     "the device fell off the bus; see `dmesg | grep Xid`, a reset or reboot is due"},
    {"reset-required", "the device needs a reset before it answers again"},
    {"timeout", "the driver has not answered within the deadline"},
    {"no-new-data", "the counters have not been refreshed since the sample before"},
    {"first-sample", "a rate needs two samples; the next one has it"},
    {"not-finite", "the driver has no value for this window"},
    {"out-of-range", "the device gave a value that can't be true; it is shown but never used"},
    {"version-refused", "the driver takes no struct version that assay knows; update one of them"},
    {"driver-error", "the driver answered with an error of its own"},
    {"missing-input", "it is computed from a value that is itself unknown"},
    {"no-roof", "no peak is known for this chip; `assay lab` measures it"},
    {"no-price", "no price is known for this chip; give one with --price"},
    {"no-workload", "only the workload knows: its tokens or FLOPs"},
    {"recording-damaged", "the recording is damaged here; the rest of it can be read"},
    {"between-rounds",
     "it costs the driver too much to be read every second; this is what it was at the last look"},
    {"sampled", "the driver looked at a part of the window only; it stands for the whole"},
}};

}  // namespace

std::string_view to_string(State state) { return kStateWords[static_cast<std::size_t>(state)]; }
std::string_view to_string(Reason reason) {
  return kReasons[static_cast<std::size_t>(reason)].word;
}
std::string_view sentence(Reason reason) {
  return kReasons[static_cast<std::size_t>(reason)].sentence;
}

std::optional<State> parse_state(std::string_view word) {
  const auto* it = std::ranges::find(kStateWords, word);
  if (it == kStateWords.end()) return std::nullopt;
  return static_cast<State>(it - kStateWords.begin());
}

std::optional<Reason> parse_reason(std::string_view word) {
  const auto* it = std::ranges::find(kReasons, word, &ReasonText::word);
  if (it == kReasons.end()) return std::nullopt;
  return static_cast<Reason>(it - kReasons.begin());
}

}  // namespace assay::sample
