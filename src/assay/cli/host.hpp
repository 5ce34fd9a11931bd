// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "assay/store/recorder.hpp"

namespace assay::cli {

std::string host_name();

// assay's version, the host's name and its system; the rest is the caller's to fill.
store::Provenance host_provenance();

}  // namespace assay::cli
