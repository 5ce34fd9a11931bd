// SPDX-License-Identifier: Apache-2.0
#include <CLI/CLI.hpp>

#include <memory>

#include "assay/cli/top.hpp"
#include "assay/cli/verb.hpp"

namespace assay::cli {
namespace {

Action define(CLI::App& app) {
  auto options = std::make_shared<TopOptions>();
  add_common_options(app, options->common);
  app.remove_option(app.get_option("--json"));
  add_sim_option(app, options->common);
  app.add_option("FILE", options->file, "a recording, or the name of a built-in one (h100-lab)");
  add_duration(app, "--period", options->period, "length of a window, at least 100ms [1s]");
  return [options] { return top(*options); };
}

const VerbRegistration kTop{{.name = "top",
                             .order = 5,
                             .help = "live view of all devices and their processes, with history; "
                                     "or of a recording",
                             .example = "assay top --sim fleet-8",
                             .define = define}};

}  // namespace
}  // namespace assay::cli
