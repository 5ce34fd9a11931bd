// SPDX-License-Identifier: Apache-2.0
#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <memory>

#include "assay/cli/device_view.hpp"
#include "assay/cli/exit_code.hpp"
#include "assay/cli/knowledge.hpp"
#include "assay/cli/meter.hpp"
#include "assay/cli/snapshot_json.hpp"
#include "assay/cli/out.hpp"
#include "assay/cli/verb.hpp"

namespace assay::cli {
namespace {

struct Options {
  CommonOptions common;
  Seconds window{1};
};

// Nothing to measure is an answer too: say what to do instead, and exit with a code of its own.
int offer_recording(const Error& error) {
  const int code = fail(error);
  if (code == kNothingToMeasure)
    fmt::print(stderr,
               "       To see what assay shows on a real H100: assay replay h100-lab\n"
               "       To see what is missing here:            assay doctor\n");
  return code;
}

int look(const Options& options) {
  auto sampler = open_sampler({.period = options.window});
  if (!sampler) return offer_recording(sampler.error());
  const auto knowledge = Knowledge::load(options.common, (*sampler)->devices());
  if (!knowledge) return fail(knowledge.error());
  for (const std::string& warning : knowledge->warnings())
    fmt::print(stderr, "assay: {}\n", warning);

  const AppraisedSnapshot snapshot = knowledge->appraise((*sampler)->next());
  if (options.common.json) {
    print("{}\n", snapshot_json(snapshot));
    return kOk;
  }
  print("{}{}", snapshot_view(options.common.style(), snapshot), start_cost_line(**sampler));
  return kOk;
}

Action define(CLI::App& app) {
  auto options = std::make_shared<Options>();
  add_common_options(app, options->common);
  add_duration(app, "--window", options->window, "how long to measure, at least 100ms [1s]");
  return [options] { return look(*options); };
}

const VerbRegistration kLook{{.name = "",
                              .order = 0,
                              .help = "one look at every device of this machine",
                              .example = "assay --window 2s --price 2.99",
                              .define = define}};

}  // namespace
}  // namespace assay::cli
