// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

// What the fake job asks of the fake CUPTI, beside CUPTI's own functions.
namespace assay::test::run {

struct FakeKernel {
  const char* name;
  std::int32_t grid;
  std::int32_t block;
  std::uint32_t stream;
  std::uint64_t graph_node;  // 0: none
  std::uint64_t start;       // ns
  std::uint64_t end;
};

}  // namespace assay::test::run

extern "C" {
void fake_launch(const assay::test::run::FakeKernel* kernel);
void fake_copy(std::uint64_t bytes, std::uint64_t start, std::uint64_t end);
}
