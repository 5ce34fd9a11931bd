// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include <chrono>
#include <future>
#include <memory>
#include <optional>
#include <thread>

#include "assay/cli/doctor_view.hpp"
#include "assay/cli/exit_code.hpp"
#include "assay/cli/options.hpp"
#include "assay/cli/out.hpp"
#include "assay/cli/parts_check.hpp"
#include "assay/cli/simulation.hpp"
#include "assay/cli/verb.hpp"
#include "assay/probe/nvml/diagnose.hpp"
#include "assay/probe/nvml/dl_nvml.hpp"

namespace assay::cli {
namespace {

using Findings = std::vector<probe::nvml::Finding>;

// A driver may hang in any call, and this is the verb to be asked then: the looking is done on a
// thread of its own, which is left behind when it does not come back.
constexpr std::chrono::seconds kPatience{20};

// Asked of the library itself: it may be simulated without --sim, in `assay sim X -- assay doctor`.
std::optional<std::string> simulated_scenario() {
  const auto nvml = probe::nvml::DlNvml::open();
  return nvml ? (*nvml)->simulated_scenario() : std::nullopt;
}

// Of a simulated machine this host's own driver says nothing.
Findings diagnose(const CommonOptions& options) {
  Findings found = probe::nvml::diagnose_here();
  if (const auto scenario = simulated_scenario()) {
    std::erase_if(found, [](const probe::nvml::Finding& finding) {
      return finding.what == "kernel driver" || finding.what == "device nodes" ||
             finding.what == "profiling permission";
    });
    found.insert(found.begin(),
                 {"origin", probe::nvml::Verdict::ok,
                  fmt::format("SIMULATED {}: no hardware was looked at", *scenario), ""});
  }
  for (auto& finding : check_parts(options)) found.push_back(std::move(finding));
  return found;
}

Findings diagnose_within_patience(const CommonOptions& options) {
  auto promise = std::make_shared<std::promise<Findings>>();
  auto found = promise->get_future();
  std::thread([promise, options] { promise->set_value(diagnose(options)); }).detach();
  if (found.wait_for(kPatience) == std::future_status::ready) return found.get();
  return {{"nvidia driver", probe::nvml::Verdict::fail,
           fmt::format("it has not answered within {} s: a call into it hangs", kPatience.count()),
           "sudo dmesg | grep -i -e nvrm -e xid # then reset the GPU or reboot"}};
}

int doctor(const CommonOptions& options) {
  std::optional<Simulation> simulation;
  if (!options.simulated.empty()) {
    auto prepared = Simulation::prepare(options.simulated, Simulation::Begin::where_shown);
    if (!prepared) return fail(prepared.error());
    simulation.emplace(std::move(*prepared));
    simulation->enter();
  }
  const auto findings = diagnose_within_patience(options);
  print("{}", options.json ? doctor_json(findings) : doctor_view(options.style(), findings));
  return is_measurable(findings) ? kOk : kNothingToMeasure;
}

Action define(CLI::App& app) {
  auto options = std::make_shared<CommonOptions>();
  add_json_flag(app, *options);
  add_sim_option(app, *options);
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
