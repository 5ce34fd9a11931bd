// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "assay/base/result.hpp"
#include "assay/catalog/catalog.hpp"
#include "assay/catalog/claims.hpp"

// The files that were compiled into the program (data/chips/*.toml, data/claims/*.toml).
namespace assay::catalog {

// Names are "chips/<id>.toml"; the views live as long as the program.
std::vector<text::NamedText> embedded_chip_files();

// The same, "claims/<id>.toml".
std::vector<text::NamedText> embedded_claim_files();

// All claims. An Error is a bug of the build: a test holds the files clean.
Result<Claims> embedded_claims();

// All chips. An Error is a bug of the build: a test holds the files clean.
Result<Catalog> embedded();

// Only the chips that one of these NVML names may match: what a look at a live device needs, at a
// few tens of microseconds where the whole catalog costs milliseconds.
Result<Catalog> embedded_for(std::span<const std::string> nvml_names);

// Only the chip of this id, or an empty catalog.
Result<Catalog> embedded_by_id(std::string_view id);

}  // namespace assay::catalog
