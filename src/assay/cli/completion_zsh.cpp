// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "assay/cli/completion.hpp"

namespace assay::cli {
namespace {

// Inside '...[here]...' of _arguments.
std::string escaped(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '\'') out += "'\\''";
    else if (c == '[' || c == ']' || c == ':' || c == '\\') out += std::string("\\") + c;
    else out += c;
  }
  return out;
}

std::string function_of(const std::string& path) {
  std::string name = "_assay" + (path.empty() ? "" : "_" + path);
  std::ranges::replace(name, ' ', '_');
  return name;
}

// What _arguments calls for a value: words, files, or both.
std::string action(const OptionSpec& option, const ValueWords& words) {
  const auto known = words.of(option);
  const std::string list = fmt::format("({})", fmt::join(known, " "));
  const std::string files = option.kind == ValueKind::folder ? "_files -/" : "_files";
  if (known.empty()) return takes_files(option.kind) ? files : "";
  if (!takes_files(option.kind)) return list;
  return fmt::format("_alternative \"known\\:known\\:{}\" \"files\\:file\\:{}\"", list, files);
}

void add_option(const OptionSpec& option, const ValueWords& words, std::string& out) {
  const std::string others =
      option.repeats ? "*" : fmt::format("({})", fmt::join(option.names, " "));
  for (const std::string& name : option.names) {
    const bool flag = option.kind == ValueKind::none;
    const std::string_view joint = flag ? "" : name.starts_with("--") ? "=" : "+";
    out += fmt::format(" \\\n    '{}{}{}[{}]{}'", others, name, joint, escaped(option.help),
                       flag ? "" : ":" + escaped(option.value) + ":" + action(option, words));
  }
}

void add_positional(const OptionSpec& positional, int place, const ValueWords& words,
                    std::string& out) {
  if (positional.kind == ValueKind::command)
    out += fmt::format(" \\\n    '*::{}:_normal'", escaped(positional.value));
  else
    out += fmt::format(" \\\n    '{}:{}:{}'", positional.repeats ? "*" : std::to_string(place),
                       escaped(positional.value), action(positional, words));
}

void add_function(const CommandSpec& command, const std::string& path, const ValueWords& words,
                  std::string& out) {
  for (const CommandSpec& below : command.commands)
    add_function(below, path.empty() ? below.name : path + " " + below.name, words, out);
  out += fmt::format(
      "{}() {{\n  local curcontext=$curcontext state line\n  typeset -A opt_args\n"
      "  _arguments -C -s",
      function_of(path));
  for (const OptionSpec& option : command.options) add_option(option, words, out);
  if (command.commands.empty()) {
    int place = 0;
    for (const OptionSpec& positional : command.positionals)
      add_positional(positional, ++place, words, out);
    out += "\n}\n";
    return;
  }
  out += " \\\n    '1: :->verb' '*:: :->rest'\n  case $state in\n    verb)\n      local -a verbs=(";
  for (const CommandSpec& below : command.commands)
    out += fmt::format("\n        '{}:{}'", below.name, escaped(below.help));
  out += ")\n      _describe verb verbs ;;\n    rest)\n      case $words[1] in\n";
  for (const CommandSpec& below : command.commands)
    out += fmt::format("        {}) {} ;;\n", below.name,
                       function_of(path.empty() ? below.name : path + " " + below.name));
  out += "      esac ;;\n  esac\n}\n";
}

}  // namespace

std::string zsh_completion(const CommandSpec& root, const ValueWords& words) {
  std::string out =
      "#compdef assay\n# zsh completion, made by `assay completion zsh` from the command line.\n";
  add_function(root, "", words, out);
  // As an autoloaded function the file is run for the first completion; sourced, it only defines.
  return out +
         "if [[ $funcstack[1] == _assay ]]; then _assay \"$@\"; else compdef _assay assay; fi\n";
}

}  // namespace assay::cli
