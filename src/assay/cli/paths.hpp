// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "assay/base/read_file.hpp"
#include "assay/base/result.hpp"

namespace assay::cli {

// XDG base directories (specification 0.8): $XDG_CONFIG_HOME/assay or ~/.config/assay. Empty if
// neither variable is set.
std::string config_dir();

// Where a program keeps what it gathers: $XDG_STATE_HOME/assay or ~/.local/state/assay. Empty if
// neither variable is set.
std::string state_dir();

struct NamedFile {
  std::string name;
  std::string text;
};

// All dir/*.toml, sorted by name; none if the folder is absent. Fails if one can't be read.
Result<std::vector<NamedFile>> read_toml_files(const std::string& dir);

}  // namespace assay::cli
