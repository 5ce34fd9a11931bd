// SPDX-License-Identifier: Apache-2.0
#include "assay/cli/look.hpp"

#include <CLI/CLI.hpp>
#include <memory>

#include "assay/cli/verb.hpp"

namespace assay::cli {
namespace {

struct Options {
  CommonOptions common;
  DecodeOptions decode;
  Seconds window{1};
};

Action define(CLI::App& app) {
  auto options = std::make_shared<Options>();
  add_common_options(app, options->common);
  add_sim_option(app, options->common);
  add_duration(app, "--window", options->window, "how long to measure, at least 100ms [1s]");
  add_decode_options(app, options->decode, true);
  return [options] { return look(options->common, options->decode, options->window); };
}

const VerbRegistration kLook{{.name = "",
                              .order = 0,
                              .help = "one look at every device of this machine",
                              .example = "assay --window 2s --price 2.99",
                              .define = define}};

}  // namespace
}  // namespace assay::cli
