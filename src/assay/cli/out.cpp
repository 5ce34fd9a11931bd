// SPDX-License-Identifier: Apache-2.0
#include "assay/cli/out.hpp"

#include <cerrno>
#include <cstdio>
#include <cstring>

#include "assay/cli/exit_code.hpp"

namespace assay::cli {
namespace {

int first_error = 0;
bool is_the_commands = false;

void remember(bool written) {
  if (!written && first_error == 0) first_error = errno;
}

}  // namespace

void put(std::string_view text) {
  remember(std::fwrite(text.data(), 1, text.size(), stdout) == text.size());
}

void complain(std::string_view line) {
  std::fwrite(line.data(), 1, line.size(), stderr);
  std::fputc('\n', stderr);
}

bool output_is_open() { return first_error == 0 && std::ferror(stdout) == 0; }

void exit_code_is_the_commands() { is_the_commands = true; }

int finish_output(int exit_code) {
  remember(std::fflush(stdout) == 0);
  if (first_error == 0 || first_error == EPIPE) return exit_code;
  const int failed =
      fail({ErrorCode::io, fmt::format("can't write the output: {}", std::strerror(first_error))});
  const bool ours = exit_code == kNothingToMeasure && !is_the_commands;
  return exit_code == kOk || ours ? failed : exit_code;
}

}  // namespace assay::cli
