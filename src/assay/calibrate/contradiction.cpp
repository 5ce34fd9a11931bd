// SPDX-License-Identifier: Apache-2.0
#include "assay/calibrate/contradiction.hpp"

#include <fmt/format.h>

namespace assay::calibrate {
namespace {

// Waits in answers' times: 4.5, less where places come free one by one (the last lots drain), more
// by the prompts' own time.
constexpr double kLeast = 4;
constexpr double kMost = 5;
// Waits that a full cache may account for: half of it.
constexpr double kAccounted = 2;

}  // namespace

std::optional<std::string> contradiction(const ServingRow& row, double room) {
  const bool ten_a_client = row.least < 1;  // InferenceX
  if (!ten_a_client || !row.ttft_s || !row.tpot_s || room < 1) return std::nullopt;
  const double answer = *row.tpot_s * (row.output * (1 + row.least) / 2 - 1);
  const double waits = *row.ttft_s / answer;
  if (waits < kLeast || waits > kMost || row.concurrency / room - 1 > kAccounted)
    return std::nullopt;
  return fmt::format(
      "it contradicts itself: its requests waited over 4 times as long as their answers took, as "
      "10 "
      "requests a place do that are sent at once, but not where the cache has room for the "
      "clients; "
      "of how many sequences its TPOT is, is not known ({:.1f} times, room for {:.0f}, {} clients)",
      waits, room, row.concurrency);
}

}  // namespace assay::calibrate
