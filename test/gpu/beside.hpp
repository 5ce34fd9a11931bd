// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <sys/wait.h>

#include <array>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <string>

// The programs beside a test on a device: it runs them as a user would.
namespace assay::test {

inline std::string beside_us(const std::string& program) {
  return std::filesystem::read_symlink("/proc/self/exe").parent_path() / program;
}

// Ready for a shell.
inline std::string quoted(const std::string& program) { return "'" + beside_us(program) + "'"; }

inline std::string output_of(const std::string& command) {
  std::string text;
  std::FILE* pipe = popen(command.c_str(), "r");
  std::array<char, 4096> buffer{};
  for (std::size_t n = 0; (n = fread(buffer.data(), 1, buffer.size(), pipe)) > 0;)
    text.append(buffer.data(), n);
  pclose(pipe);
  return text;
}

// Why a test can't run here, "" if it can: the words by which ctest knows a skip.
inline std::string no_device() {
  for (const char* program : {"assay", "assay-lab-one", "assay-duty"})
    if (!std::filesystem::exists(beside_us(program)))
      return std::string(program) + " is not beside this test";
  constexpr int kNothingToMeasure = 3;
  const int status =
      std::system((quoted("assay-lab-one") + " one-thread 0.01 >/dev/null 2>&1").c_str());
  if (WIFEXITED(status) && WEXITSTATUS(status) == kNothingToMeasure) return "no accelerator here";
  return "";
}

}  // namespace assay::test
