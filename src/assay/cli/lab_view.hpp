// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <span>
#include <string>

#include "assay/appraise/appraisal.hpp"
#include "assay/cli/lab_moment.hpp"
#include "assay/cli/style.hpp"
#include "assay/lab/roofs.hpp"

namespace assay::cli {

// One kernel of the lab with what the meter read meanwhile; absent if no window lay inside.
struct LabRow {
  LabMoment moment;
  std::optional<appraise::Appraisal> reading;
};

// The heading and one line a kernel: what GPU-Util says beside what is true.
std::string lab_header(const Style& style);
std::string lab_line(const Style& style, const LabRow& row);
std::string lab_footer(const Style& style);

std::string roofs_view(const Style& style, const lab::Roofs& roofs, const catalog::Chip* chip);

// One object a kernel (docs/json.md), without a newline.
std::string lab_json(const LabRow& row);
// The kernels that there are and what each is for, without a newline.
std::string lab_list_json();

}  // namespace assay::cli
