// SPDX-License-Identifier: Apache-2.0
#include "assay/cli/man_page.hpp"

#include <fmt/format.h>

namespace assay::cli {
namespace {

// Text without meaning for scdoc.
std::string plain(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '*' || c == '_' || c == '\\' || c == '`') out += '\\';
    out += c;
  }
  if (!out.empty() && (out[0] == '#' || out[0] == '-' || out[0] == '.' || out[0] == '|'))
    out.insert(0, "\\");
  return out;
}

std::string title(std::string_view page, std::string_view help) {
  return fmt::format("{}(1)\n\n# NAME\n\n{} - {}\n\n", page, page, plain(help));
}

std::string synopsis_of(const CommandSpec& command, const std::string& typed) {
  std::string line = fmt::format("*{}* [_OPTIONS_]", typed);
  if (!command.commands.empty()) line += " [_COMMAND_]";
  for (const OptionSpec& positional : command.positionals)
    line += fmt::format(" [_{}_{}]", plain(positional.value), positional.repeats ? "..." : "");
  return line + "\n";
}

std::string terms(const CommandSpec& command) {
  std::string out;
  for (const OptionSpec& positional : command.positionals)
    out += fmt::format("_{}_\n\t{}\n\n", plain(positional.value), plain(positional.help));
  for (const OptionSpec& option : command.options) {
    for (std::size_t i = 0; i < option.names.size(); ++i)
      out += fmt::format("{}*{}*", i == 0 ? "" : ", ", plain(option.names[i]));
    if (!option.value.empty()) out += fmt::format(" _{}_", plain(option.value));
    out += fmt::format("\n\t{}\n\n", plain(option.help));
  }
  return out;
}

std::string below(const CommandSpec& command, const std::string& typed) {
  std::string out;
  for (const CommandSpec& each : command.commands) {
    const std::string full = typed + " " + each.name;
    out += fmt::format("## {}\n\n{}\n\n{}\n{}", full, plain(each.help), synopsis_of(each, full),
                       "\n" + terms(each));
    out += below(each, full);
  }
  return out;
}

std::string tail(std::string_view example) {
  return fmt::format(
      "# EXAMPLE\n\n```\n{}\n```\n\n# EXIT "
      "STATUS\n\n*0*\n\tok\n\n*1*\n\tfailed\n\n*2*\n\tusage\n\n*3*\n"
      "\tnothing to measure\n\n",
      example);
}

}  // namespace

std::string man_page(const CommandSpec& root) {
  std::string out = title("assay", root.help.substr(root.help.find(':') + 2)) + "# SYNOPSIS\n\n" +
                    synopsis_of(root, "assay");
  out += fmt::format("\n{}\n\n# OPTIONS\n\n{}# VERBS\n\n", kProseMark, terms(root));
  for (const CommandSpec& verb : root.commands)
    out += fmt::format("*assay-{}*(1)\n\t{}\n\n", verb.name, plain(verb.help));
  return out + tail(root.example);
}

std::string man_page(const CommandSpec& root, const CommandSpec& verb) {
  const std::string typed = "assay " + verb.name;
  std::string out =
      title("assay-" + verb.name, verb.help) + "# SYNOPSIS\n\n" + synopsis_of(verb, typed);
  out += fmt::format("\n{}\n\n# OPTIONS\n\n{}", kProseMark, terms(verb));
  if (!verb.commands.empty()) out += "# COMMANDS\n\n" + below(verb, typed);
  out += tail(verb.example) + "# SEE ALSO\n\n*assay*(1)";
  for (const CommandSpec& other : root.commands)
    if (other.name != verb.name) out += fmt::format(", *assay-{}*(1)", other.name);
  return out + "\n";
}

}  // namespace assay::cli
