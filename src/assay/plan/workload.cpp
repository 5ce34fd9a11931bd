// SPDX-License-Identifier: Apache-2.0
#include "assay/plan/workload.hpp"

namespace assay::plan {

std::vector<Request> draw(const Workload& workload, std::size_t count, std::optional<double> rate,
                          std::uint64_t seed) {
  Random random(seed);
  std::vector<Request> requests(count);
  Seconds at{};
  for (Request& request : requests) {
    if (rate) at += Seconds(random.exponential(1 / *rate));
    request = {at, workload.prompt.draw(random), workload.output.draw(random)};
  }
  return requests;
}

}  // namespace assay::plan
