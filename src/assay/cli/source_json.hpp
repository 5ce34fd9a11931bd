// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "assay/catalog/chip.hpp"
#include "assay/wire/json.hpp"

namespace assay::cli {

// {"title","url","date","confidence"}: whence a figure is, as docs/json.md has it.
wire::Json source_json(const catalog::Source& source, catalog::Confidence confidence);

}  // namespace assay::cli
