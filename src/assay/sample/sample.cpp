// SPDX-License-Identifier: Apache-2.0
#include "assay/sample/sample.hpp"

namespace assay::sample {

std::string_view to_string(OriginKind kind) {
  switch (kind) {
    case OriginKind::device: return "device";
    case OriginKind::recording: return "recording";
    case OriginKind::simulation: return "simulation";
  }
  return "device";
}

}  // namespace assay::sample
