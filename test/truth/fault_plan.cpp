// SPDX-License-Identifier: Apache-2.0
#include "truth/fault_plan.hpp"

#include "assay/probe/nvml/codes.hpp"

namespace assay::test {
namespace {

using probe::nvml::Call;
using probe::nvml::Return;

constexpr std::uint64_t kChosenPermille = 600;
constexpr std::uint64_t kAnyPermille = 10;
constexpr std::uint64_t kNonsensePermille = 10;
constexpr std::uint64_t kDelayPermille = 8;
constexpr std::int64_t kMillisecond = 1'000'000;

std::uint64_t mix(std::uint64_t z) {  // splitmix64, Steele, Lea and Flood 2014
  z += 0x9e3779b97f4a7c15ULL;
  z = (z ^ (z >> 30U)) * 0xbf58476d1ce4e5b9ULL;
  z = (z ^ (z >> 27U)) * 0x94d049bb133111ebULL;
  return z ^ (z >> 31U);
}

Return code_at(std::uint64_t n) {  // never success
  const auto codes = probe::nvml::all_codes();
  return codes[1 + n % (codes.size() - 1)].code;
}

}  // namespace

FaultPlan::FaultPlan(std::uint64_t seed, bool delays)
    : seed_(seed),
      call_(static_cast<Call>(seed % probe::nvml::kCallCount)),
      code_(code_at(seed / probe::nvml::kCallCount)),
      delays_(delays) {}

Fault FaultPlan::next(Call call, int device, std::uint64_t number) const {
  if (over_) return {};
  const std::uint64_t dice =
      mix(mix(seed_) ^ mix(static_cast<std::uint64_t>(device + 1) << 40U ^ number));
  Fault fault{.dice = mix(dice)};
  const std::uint64_t permille = dice % 1000;
  if (call == call_ && permille < kChosenPermille) {
    fault.code = code_;
  } else if (permille >= 1000 - kAnyPermille) {
    fault.code = code_at(dice >> 20U);
  } else if (permille >= 1000 - kAnyPermille - kNonsensePermille) {
    fault.nonsense = true;
  }
  // From a shorter time than anybody notices to several windows.
  if (delays_ && mix(fault.dice) % 1000 < kDelayPermille)
    fault.delay_ns = static_cast<std::int64_t>(mix(fault.dice + 1) % 1500) * kMillisecond + 1;
  return fault;
}

}  // namespace assay::test
