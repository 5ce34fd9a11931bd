// SPDX-License-Identifier: Apache-2.0
#include "assay/roofline/step.hpp"

#include <algorithm>

namespace assay::roofline {

std::string_view to_string(Resource resource) {
  switch (resource) {
    case Resource::dram: return "dram";
    case Resource::compute: return "compute";
    case Resource::link: return "link";
    case Resource::overhead: return "overhead";
    case Resource::capacity: return "capacity";
  }
  return "?";
}

Resource StepTime::bottleneck() const {
  const Seconds dram = weights + kv;
  const Seconds most = std::max({dram, compute, collective, overhead});
  if (most == dram) return Resource::dram;
  if (most == compute) return Resource::compute;
  return most == collective ? Resource::link : Resource::overhead;
}

}  // namespace assay::roofline
