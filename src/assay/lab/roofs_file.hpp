// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "assay/base/result.hpp"
#include "assay/lab/roofs.hpp"

namespace assay::lab {

// <data home>/assay/roofs/<uuid>.toml, where the data home is $XDG_DATA_HOME or, where that is
// empty or relative, $HOME/.local/share. Pure: takes the two variables, "" for unset.
// not_found: neither is set; invalid_argument: the UUID could not be a file's name.
Result<std::string> roofs_path(std::string_view xdg_data_home, std::string_view home,
                               std::string_view uuid);

// The same with this process's environment.
Result<std::string> roofs_path(std::string_view uuid);

// Writes the whole file or nothing (a new file takes the old one's place), mode 0644, and makes the
// folders. io or no_permission: the caller reports it and goes on, the roofs are only not kept.
Status save_roofs(const std::string& path, const Roofs& roofs);

// not_found: no such file, which is no trouble: nobody has run the lab here. Other errors as
// parse_roofs, with the path in front.
Result<Roofs> load_roofs(const std::string& path);

}  // namespace assay::lab
