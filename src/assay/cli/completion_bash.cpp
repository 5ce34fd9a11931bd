// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <set>

#include "assay/cli/completion.hpp"

namespace assay::cli {
namespace {

// Finds the verb that the words before the cursor name, passing over options' values, and completes
// a command of the user's own after "--".
constexpr std::string_view kHead =
    R"(# bash completion for assay, made by `assay completion bash` from its command line.
_assay_offer() { mapfile -t COMPREPLY < <(compgen -W "$1" -- "$cur"); }
_assay_files() {
  local file
  compopt -o filenames 2>/dev/null
  while IFS= read -r file; do COMPREPLY+=("$file"); done < <(compgen "${1:--f}" -- "$cur")
}
_assay() {
  local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD - 1]} path= word i
  COMPREPLY=()
  if [[ $prev == = ]]; then prev=${COMP_WORDS[COMP_CWORD - 2]}; fi
  if [[ $cur == = ]]; then cur=; fi
  for ((i = 1; i < COMP_CWORD; i++)); do
    word=${COMP_WORDS[i]}
    if [[ $word == -- ]]; then
      if ((i + 1 == COMP_CWORD)); then mapfile -t COMPREPLY < <(compgen -c -- "$cur"); else _assay_files; fi
      return
    fi
    if [[ " $_assay_valued " == *" $word "* ]]; then ((i++)); continue; fi
)";

std::string joined(const std::vector<std::string>& words) {
  return fmt::format("{}", fmt::join(words, " "));
}

void gather(const CommandSpec& command, std::set<std::string>& valued,
            std::set<std::string>& flags) {
  for (const OptionSpec& option : command.options)
    for (const std::string& name : option.names)
      (option.kind == ValueKind::none ? flags : valued).insert(name);
  for (const CommandSpec& below : command.commands) gather(below, valued, flags);
}

void paths(const CommandSpec& command, const std::string& path, std::string& out) {
  for (const CommandSpec& below : command.commands) {
    const std::string full = path.empty() ? below.name : path + " " + below.name;
    out += fmt::format("      '{}:{}') path='{}' ;;\n", path, below.name, full);
    paths(below, full, out);
  }
}

std::string offer(const OptionSpec& option, const ValueWords& words) {
  std::string out;
  if (const auto known = words.of(option); !known.empty())
    out += fmt::format("_assay_offer '{}'; ", joined(known));
  if (takes_files(option.kind))
    out += option.kind == ValueKind::folder ? "_assay_files -d; " : "_assay_files; ";
  return out;
}

void values(const CommandSpec& command, const std::string& path, const ValueWords& words,
            std::string& out) {
  for (const OptionSpec& option : command.options) {
    if (option.kind == ValueKind::none) continue;
    std::string names;
    for (const std::string& name : option.names)
      names += fmt::format("{}'{}:{}'", names.empty() ? "" : " | ", path, name);
    out += fmt::format("    {}) {}return ;;\n", names, offer(option, words));
  }
  for (const CommandSpec& below : command.commands)
    values(below, path.empty() ? below.name : path + " " + below.name, words, out);
}

void words_of(const CommandSpec& command, const std::string& path, const ValueWords& words,
              std::string& out) {
  std::vector<std::string> options;
  for (const OptionSpec& option : command.options)
    options.insert(options.end(), option.names.begin(), option.names.end());
  std::vector<std::string> names;
  std::string rest;
  for (const CommandSpec& below : command.commands) names.push_back(below.name);
  for (const OptionSpec& positional : command.positionals) {
    const auto known = words.of(positional);
    names.insert(names.end(), known.begin(), known.end());
    if (takes_files(positional.kind)) rest = "; _assay_files";
  }
  out += fmt::format(
      "    '{}') if [[ $cur == -* ]]; then _assay_offer '{}'; else _assay_offer '{}'{}; fi ;;\n",
      path, joined(options), joined(names), rest);
  for (const CommandSpec& below : command.commands)
    words_of(below, path.empty() ? below.name : path + " " + below.name, words, out);
}

}  // namespace

std::string bash_completion(const CommandSpec& root, const ValueWords& words) {
  std::set<std::string> valued;
  std::set<std::string> flags;
  gather(root, valued, flags);
  std::erase_if(valued, [&](const std::string& name) { return flags.contains(name); });
  std::string out(kHead);
  out += "    case \"$path:$word\" in\n";
  paths(root, "", out);
  out += "    esac\n  done\n  case \"$path:$prev\" in\n";
  values(root, "", words, out);
  out += "  esac\n  case \"$path\" in\n";
  words_of(root, "", words, out);
  out += "  esac\n}\n";
  out += fmt::format("_assay_valued='{}'\n", fmt::join(valued, " "));
  return out + "complete -F _assay assay\n";
}

}  // namespace assay::cli
