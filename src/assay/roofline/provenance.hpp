// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

namespace assay::roofline {

// How well the figures of a chip, a model and an engine are known, from the surest down.
enum class Provenance {
  calibrated,   // serving runs of this very chip, the engine and such models are in the fit
  transferred,  // kernels of its generation are; the rest comes by the ratio of datasheet peaks
  datasheet,    // nothing like it has been measured
};
std::string_view to_string(Provenance provenance);

}  // namespace assay::roofline
