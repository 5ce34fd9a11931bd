// SPDX-License-Identifier: Apache-2.0
#include "assay/cli/command_spec.hpp"

#include <CLI/CLI.hpp>

#include <algorithm>
#include <array>
#include <utility>

#include "assay/cli/verb.hpp"

namespace assay::cli {
namespace {

// By the name of the value, as --help shows it, or that of the option.
constexpr std::array<std::pair<std::string_view, ValueKind>, 21> kKinds = {{
    {"SCENARIO", ValueKind::scenario}, {"CMD", ValueKind::command},
    {"KERNEL", ValueKind::kernel},     {"CHIP", ValueKind::chip},
    {"MODEL", ValueKind::model},       {"DIR", ValueKind::folder},
    {"FILE", ValueKind::file},         {"F.assay", ValueKind::recording},
    {"A.assay", ValueKind::recording}, {"B.assay", ValueKind::recording},
    {"F.json", ValueKind::file},       {"PATH", ValueKind::file},
    {"F", ValueKind::recording},       {"A", ValueKind::recording},
    {"B", ValueKind::recording},       {"RECORDING", ValueKind::recording},
    {"--svg", ValueKind::file},        {"--trace", ValueKind::file},
    {"--model", ValueKind::model},     {"--chips", ValueKind::chip},
    {"--config", ValueKind::file},
}};

ValueKind kind_named(std::string_view name) {
  const auto* const row =
      std::ranges::find(kKinds, name, &std::pair<std::string_view, ValueKind>::first);
  return row == kKinds.end() ? ValueKind::text : row->second;
}

// "TEXT:{mean,p50}" names its values.
std::vector<std::string> choices_in(const std::string& type) {
  const std::size_t open = type.find('{');
  const std::size_t close = type.find('}', open);
  std::vector<std::string> choices;
  if (open == std::string::npos || close == std::string::npos) return choices;
  std::size_t begin = open + 1;
  while (begin < close) {
    const std::size_t end = std::min(type.find(',', begin), close);
    choices.push_back(type.substr(begin, end - begin));
    begin = end + 1;
  }
  return choices;
}

OptionSpec describe_option(const CLI::Option& option) {
  OptionSpec spec;
  for (const std::string& name : option.get_snames()) spec.names.push_back("-" + name);
  for (const std::string& name : option.get_lnames()) spec.names.push_back("--" + name);
  spec.help = option.get_description();
  spec.repeats = option.get_items_expected_max() > 1;
  if (option.get_items_expected_max() == 0) return spec;
  const std::string type = option.get_type_name();
  const std::string word = type.substr(0, type.find(':'));
  const std::string positional = spec.names.empty() ? option.get_name(true) : "";
  spec.value = !positional.empty() ? positional : word.empty() ? "VALUE" : word;
  spec.choices = choices_in(type);
  spec.kind = !spec.choices.empty() ? ValueKind::choice : kind_named(spec.value);
  for (const std::string& name : spec.names)
    if (spec.kind == ValueKind::text) spec.kind = kind_named(name);
  if (positional == "FILE" && spec.help.find("recording") != std::string::npos)
    spec.kind = ValueKind::recording;
  return spec;
}

}  // namespace

CommandSpec describe(const CLI::App& app, std::string_view parent) {
  CommandSpec spec;
  spec.name = app.get_parent() == nullptr ? "" : app.get_name();
  spec.help = app.get_description();
  for (const Verb& verb : verbs_of(parent))
    if (verb.name == spec.name) spec.example = verb.example;
  for (const CLI::Option* option : app.get_options()) {
    if (option->get_group().empty()) continue;
    OptionSpec described = describe_option(*option);
    (described.names.empty() ? spec.positionals : spec.options).push_back(std::move(described));
  }
  for (const CLI::App* below : app.get_subcommands([](const CLI::App*) { return true; }))
    if (!below->get_group().empty()) spec.commands.push_back(describe(*below, spec.name));
  return spec;
}

}  // namespace assay::cli
