// SPDX-License-Identifier: Apache-2.0
#include <CLI/CLI.hpp>

#include <memory>
#include <optional>
#include <string>

#include "assay/cli/top.hpp"
#include "assay/cli/verb.hpp"

namespace assay::cli {
namespace {

struct Flags {
  TopOptions top;
  std::optional<std::string> engine;
};

Action define(CLI::App& app) {
  auto options = std::make_shared<Flags>();
  add_common_options(app, options->top.common);
  app.remove_option(app.get_option("--json"));
  add_sim_option(app, options->top.common);
  app.add_option("FILE", options->top.file,
                 "a recording, or the name of a built-in one (h100-lab)");
  add_duration(app, "--period", options->top.period, "length of a window, at least 100ms [1s]");
  add_engine_options(app, options->engine, options->top.decode);
  return [options] {
    options->top.decode.engine_url = options->engine.value_or("");
    return top(options->top);
  };
}

const VerbRegistration kTop{{.name = "top",
                             .order = 5,
                             .help = "live view of all devices and their processes, with history; "
                                     "or of a recording",
                             .example = "assay top --sim fleet-8",
                             .define = define}};

}  // namespace
}  // namespace assay::cli
