// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "assay/cli/command_spec.hpp"

namespace assay::cli {

// What a shell offers where a value of some kind is due.
struct ValueWords {
  std::vector<std::string> scenarios;
  std::vector<std::string> recordings;
  std::vector<std::string> chips;
  std::vector<std::string> models;
  std::vector<std::string> kernels;

  // Those of the option; empty where only files or nothing can be offered.
  [[nodiscard]] std::vector<std::string> of(const OptionSpec& option) const;
};

// Do files fit there too?
bool takes_files(ValueKind kind);

// A completion script for the program `root.name` is the top of, to be put where the shell looks
// for such: /usr/share/bash-completion/completions, zsh's fpath, fish's vendor_completions.d.
std::string bash_completion(const CommandSpec& root, const ValueWords& words);
std::string zsh_completion(const CommandSpec& root, const ValueWords& words);
std::string fish_completion(const CommandSpec& root, const ValueWords& words);

}  // namespace assay::cli
