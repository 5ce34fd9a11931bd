// SPDX-License-Identifier: Apache-2.0
// labelled NAME SECONDS: one program of known cause (test/causes/programs.toml). Without arguments
// it lists them.
#include <cstring>

#include "program.cuh"

std::vector<Program>& programs() {
  static std::vector<Program> all;
  return all;
}

int main(int argc, char** argv) {
  if (argc != 3) {
    for (const Program& program : programs()) std::printf("%s\n", program.name);
    return argc == 1 ? 0 : 2;
  }
  for (const Program& program : programs()) {
    if (std::strcmp(program.name, argv[1]) != 0) continue;
    must(cudaFree(nullptr), "start of CUDA");
    std::puts("running");  // for who looks at it from outside
    std::fflush(stdout);
    program.run(std::strtod(argv[2], nullptr));
    must(cudaDeviceSynchronize(), "end");
    return 0;
  }
  std::fprintf(stderr, "labelled: there is no program %s\n", argv[1]);
  return 2;
}
