// SPDX-License-Identifier: Apache-2.0
// assay-lab-one ID SECONDS [UUID]: runs one lab kernel and prints what it did as one JSON line, for
// profilers (bench/gpu/ncu_lab.sh) and for the test that kills a host in mid-run.
#include <cstdio>
#include <cstdlib>
#include <string>

#include <fmt/format.h>

#include "assay/lab/lab.hpp"

namespace {

std::string number(const auto& value) { return value ? fmt::format("{}", *value) : "null"; }

std::string quantity(const auto& value) {
  return value ? fmt::format("{}", value->value()) : "null";
}

int fail(const assay::Error& error) {
  fmt::print(stderr, "assay-lab-one: {}\n", error.message);
  return error.code == assay::ErrorCode::nothing_to_measure ? 3 : 1;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 3 || argc > 4) {
    fmt::print(stderr, "usage: assay-lab-one ID SECONDS [UUID], ID one of\n");
    for (const auto& kernel : assay::lab::kernels())
      fmt::print(stderr, "  {:<13} {}\n", kernel.id, kernel.what);
    return 2;
  }
  auto lab = assay::lab::Lab::open(argc == 4 ? argv[3] : "");
  if (!lab) return fail(lab.error());
  // Tells a parent that the device is open and the kernel comes next.
  fmt::print(stderr, "ready\n");
  const auto run = (*lab)->run(argv[1], assay::Seconds(std::strtod(argv[2], nullptr)));
  if (!run) return fail(run.error());
  const auto expected = assay::lab::expected_sm_active(run->id, (*lab)->info().sm_count);
  const double seconds = run->elapsed.value();
  fmt::print(
      "{{\"kernel\":\"{}\",\"device\":\"{}\",\"grid\":{},\"block\":{},\"seconds\":{:.6f},"
      "\"launches\":{},\"tflops\":{:.4f},\"dram_bytes\":{},\"pcie_gb_per_s\":{:.3f},"
      "\"sm_clock_hz\":{},\"expected_sm_active\":{},\"via\":\"{}\"}}\n",
      run->id, (*lab)->info().name, number(run->grid), number(run->block), seconds, run->launches,
      run->flops.value() / seconds * 1e-12, quantity(run->dram_bytes),
      run->pcie_bytes.value() / seconds * 1e-9, quantity(run->sm_clock), quantity(expected),
      run->via);
  return 0;
}
