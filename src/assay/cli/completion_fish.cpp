// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <set>

#include "assay/cli/completion.hpp"

namespace assay::cli {
namespace {

std::string quoted(std::string_view text) {
  std::string out = "'";
  for (const char c : text) {
    if (c == '\'' || c == '\\') out += '\\';
    out += c;
  }
  return out + "'";
}

void gather(const CommandSpec& command, const std::string& path, std::set<std::string>& valued,
            std::vector<std::string>& known_paths) {
  for (const OptionSpec& option : command.options)
    if (option.kind != ValueKind::none) valued.insert(option.names.begin(), option.names.end());
  for (const CommandSpec& below : command.commands) {
    const std::string full = path.empty() ? below.name : path + " " + below.name;
    known_paths.push_back(full);
    gather(below, full, valued, known_paths);
  }
}

std::string offer(const OptionSpec& option, const ValueWords& words) {
  const auto known = words.of(option);
  std::string out = takes_files(option.kind) ? " -F" : "";
  if (!known.empty()) out += " -a " + quoted(fmt::format("{}", fmt::join(known, " ")));
  return out;
}

void add(const CommandSpec& command, const std::string& path, const ValueWords& words,
         std::string& out) {
  const std::string at = fmt::format("complete -c assay -n \"__assay_at '{}'\"", path);
  for (const CommandSpec& below : command.commands)
    out += fmt::format("{} -a {} -d {}\n", at, below.name, quoted(below.help));
  for (const OptionSpec& option : command.options) {
    std::string names;
    for (const std::string& name : option.names)
      names += name.starts_with("--") ? " -l " + name.substr(2) : " -s " + name.substr(1);
    const bool flag = option.kind == ValueKind::none;
    out += fmt::format("{}{}{} -d {}\n", at, names, flag ? "" : " -r" + offer(option, words),
                       quoted(option.help));
  }
  for (const OptionSpec& positional : command.positionals) {
    const std::string values = offer(positional, words);
    if (!values.empty()) out += fmt::format("{}{} -d {}\n", at, values, quoted(positional.value));
  }
  for (const CommandSpec& below : command.commands)
    add(below, path.empty() ? below.name : path + " " + below.name, words, out);
}

// The verb that the words before the cursor name; "command" once a command of the user's own has begun.
constexpr std::string_view kHead =
    R"fish(# fish completion for assay, made by `assay completion fish` from its command line.
function __assay_path
    set -l words (commandline -opc)
    set -l path
    set -l skip 0
    for word in $words[2..]
        if test $skip = 1
            set skip 0
        else if test "$word" = --
            echo command
            return
        else if contains -- $word $__assay_valued
            set skip 1
        else if contains -- (string join ' ' $path $word) $__assay_paths
            set path $path $word
        end
    end
    string join ' ' $path
end
function __assay_at
    test "$(__assay_path)" = "$argv[1]"
end
complete -c assay -f
complete -c assay -n "__assay_at command" -a '(__fish_complete_subcommand)' -F
)fish";

}  // namespace

std::string fish_completion(const CommandSpec& root, const ValueWords& words) {
  std::set<std::string> valued;
  std::vector<std::string> known_paths;
  gather(root, "", valued, known_paths);
  std::string out(kHead);
  out += fmt::format("set -g __assay_valued {}\nset -g __assay_paths", fmt::join(valued, " "));
  for (const std::string& path : known_paths) out += " " + quoted(path);
  out += "\n";
  add(root, "", words, out);
  return out;
}

}  // namespace assay::cli
