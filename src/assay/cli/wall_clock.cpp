// SPDX-License-Identifier: Apache-2.0
#include "assay/cli/wall_clock.hpp"

#include <chrono>
#include <cmath>

namespace assay::cli {

sample::WallTime wall_now() {
  return {std::chrono::duration_cast<std::chrono::nanoseconds>(
              std::chrono::system_clock::now().time_since_epoch())
              .count()};
}

sample::WallTime wall_of(Seconds steady) {
  const std::chrono::duration<double> now = std::chrono::steady_clock::now().time_since_epoch();
  return {wall_now().unix_ns - std::llround((now.count() - steady.value()) * 1e9)};
}

}  // namespace assay::cli
