// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "assay/catalog/claims.hpp"
#include "assay/cli/options.hpp"

namespace assay::cli {

// The embedded claims with those of the config folder's claims/ and of --data DIR/claims on top,
// where there are such folders.
Result<catalog::Claims> with_user_claims(catalog::Claims base, const CommonOptions& options);

}  // namespace assay::cli
