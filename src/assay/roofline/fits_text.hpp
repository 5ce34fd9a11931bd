// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "assay/roofline/fits.hpp"

namespace assay::roofline {

// The text of data/fits/curves.toml, engines.toml and spreads.toml; the same fits give the same
// bytes. `origin` says in a comment which command and data made them.
std::string curves_text(const Fits& fits, const std::string& origin);
// Engines whose constants differ from those of `prior`: the others were not fitted.
std::string engines_text(const Fits& fits, const Fits& prior, const std::string& origin);
std::string spreads_text(const Fits& fits, const std::string& origin);

}  // namespace assay::roofline
