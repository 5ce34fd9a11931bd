// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

// What a number is stored or multiplied in.
namespace assay {

enum class Dtype { fp64, fp32, tf32, bf16, fp16, fp8, fp6, fp4, int8, int4 };

// As stored, without the scales of its group. tf32 is stored in 32 bits.
constexpr double bits(Dtype dtype) {
  switch (dtype) {
    case Dtype::fp64: return 64;
    case Dtype::fp32:
    case Dtype::tf32: return 32;
    case Dtype::bf16:
    case Dtype::fp16: return 16;
    case Dtype::fp8:
    case Dtype::int8: return 8;
    case Dtype::fp6: return 6;
    case Dtype::fp4:
    case Dtype::int4: return 4;
  }
  return 0;
}

constexpr std::string_view to_string(Dtype dtype) {
  switch (dtype) {
    case Dtype::fp64: return "fp64";
    case Dtype::fp32: return "fp32";
    case Dtype::tf32: return "tf32";
    case Dtype::bf16: return "bf16";
    case Dtype::fp16: return "fp16";
    case Dtype::fp8: return "fp8";
    case Dtype::fp6: return "fp6";
    case Dtype::fp4: return "fp4";
    case Dtype::int8: return "int8";
    case Dtype::int4: return "int4";
  }
  return "?";
}

}  // namespace assay
