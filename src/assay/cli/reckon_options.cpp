// SPDX-License-Identifier: Apache-2.0
#include "assay/cli/reckon_options.hpp"

#include <CLI/CLI.hpp>

namespace assay::cli {

void add_reckon_options(CLI::App& app, CommonOptions& options) {
  add_common_options(app, options);
  for (const char* drawn : {"--json", "--ascii", "--no-color"})
    app.remove_option(app.get_option(drawn));
}

}  // namespace assay::cli
