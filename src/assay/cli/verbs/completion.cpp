// SPDX-License-Identifier: Apache-2.0
#include <CLI/CLI.hpp>

#include <memory>

#include "assay/catalog/embedded.hpp"
#include "assay/cli/builtin_recording.hpp"
#include "assay/cli/command_line.hpp"
#include "assay/cli/completion.hpp"
#include "assay/cli/exit_code.hpp"
#include "assay/cli/out.hpp"
#include "assay/cli/simulation.hpp"
#include "assay/cli/verb.hpp"
#include "assay/lab/kernel.hpp"
#include "assay/model/library.hpp"

namespace assay::cli {
namespace {

// "models/llama-3.1-8b.toml" is called llama-3.1-8b.
std::string stem(std::string_view path) {
  path.remove_prefix(path.rfind('/') + 1);
  return std::string(path.substr(0, path.rfind(".toml")));
}

Result<ValueWords> known_words() {
  ValueWords words{.recordings = builtin_recordings()};
  for (BuiltinScenario& scenario : builtin_scenarios())
    words.scenarios.push_back(std::move(scenario.name));
  TRY_ASSIGN(const catalog::Catalog chips, catalog::embedded());
  for (const catalog::Chip& chip : chips.all()) words.chips.push_back(chip.id);
  for (const auto& file : model::embedded_model_files()) words.models.push_back(stem(file.name));
  for (const lab::KernelInfo& kernel : lab::kernels()) words.kernels.emplace_back(kernel.id);
  return words;
}

int print_completion(const std::string& shell) {
  std::unique_ptr<Action> nothing;
  const CommandSpec root = describe(*command_line(nothing));
  const auto words = known_words();
  if (!words) return fail(words.error());
  if (shell == "zsh") put(zsh_completion(root, *words));
  else if (shell == "fish") put(fish_completion(root, *words));
  else put(bash_completion(root, *words));
  return kOk;
}

Action define(CLI::App& app) {
  auto shell = std::make_shared<std::string>();
  app.add_option("SHELL", *shell, "bash, zsh or fish")
      ->required()
      ->check(CLI::IsMember({"bash", "zsh", "fish"}));
  return [shell] { return print_completion(*shell); };
}

const VerbRegistration kCompletion{
    {.name = "completion",
     .order = 90,
     .help = "print a script that completes assay's verbs and options in your shell",
     .example = "source <(assay completion bash)",
     .define = define}};

}  // namespace
}  // namespace assay::cli
