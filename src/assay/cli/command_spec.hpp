// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace CLI {
class App;
}

namespace assay::cli {

// What an option's or a positional's value is, as far as a shell can help with it.
enum class ValueKind {
  none,  // a flag
  text,
  choice,
  file,
  folder,
  recording,  // an .assay file, or the name of a built-in one
  scenario,   // of the simulator: a name, or a TOML file
  chip,
  model,
  kernel,   // of the lab
  command,  // a program with its arguments: all that follows is theirs
};

struct OptionSpec {
  std::vector<std::string> names;  // "-o", "--output"; none of a positional
  std::string value;               // "FILE"; empty of a flag
  std::string help;
  ValueKind kind = ValueKind::none;
  std::vector<std::string> choices;  // of a choice
  bool repeats = false;
};

// A verb as the command line defines it, for what is generated from that definition: manual pages
// and the shells' completions.
struct CommandSpec {
  std::string name;  // "plan", of a subcommand "point"
  std::string help;
  std::string example;
  std::vector<OptionSpec> options;
  std::vector<OptionSpec> positionals;
  std::vector<CommandSpec> commands;
};

// `app` and all below it; what --help hides is left out.
CommandSpec describe(const CLI::App& app, std::string_view parent = {});

}  // namespace assay::cli
