// SPDX-License-Identifier: Apache-2.0
#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <memory>

#include "assay/cli/doctor_view.hpp"
#include "assay/cli/exit_code.hpp"
#include "assay/cli/options.hpp"
#include "assay/cli/out.hpp"
#include "assay/cli/verb.hpp"
#include "assay/probe/nvml/diagnose.hpp"

namespace assay::cli {
namespace {

int doctor(const CommonOptions& options) {
  const auto findings = probe::nvml::diagnose_here();
  print("{}", options.json ? doctor_json(findings) : doctor_view(options.style(), findings));
  return is_measurable(findings) ? kOk : kNothingToMeasure;
}

Action define(CLI::App& app) {
  auto options = std::make_shared<CommonOptions>();
  add_json_flag(app, *options);
  app.add_flag("--ascii", options->ascii, "draw with ASCII characters only");
  app.add_flag("--no-color,--no-colour", options->no_colour, "no colours (as does NO_COLOR)");
  return [options] { return doctor(*options); };
}

const VerbRegistration kDoctor{
    {.name = "doctor",
     .order = 50,
     .help = "what is visible here, which routes work, and the command that mends the rest",
     .example = "assay doctor",
     .define = define}};

}  // namespace
}  // namespace assay::cli
