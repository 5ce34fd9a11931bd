// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace assay::sim {

// The execution pipes of an SM that GPM tells apart. The first three are the tensor cores by the
// kind of matrix instruction: hmma = fp16, bf16, tf32 and fp8, imma = integer, dmma = fp64.
enum class Pipe : std::uint8_t { hmma, imma, dmma, fp64, fp32, fp16, integer };
inline constexpr std::size_t kPipeCount = 7;
inline constexpr std::array<Pipe, kPipeCount> kPipes{
    Pipe::hmma, Pipe::imma, Pipe::dmma, Pipe::fp64, Pipe::fp32, Pipe::fp16, Pipe::integer};

constexpr std::size_t index(Pipe pipe) { return static_cast<std::size_t>(pipe); }
std::string_view to_string(Pipe pipe);  // "hmma", ..., "int": the words of a scenario

// One number a pipe.
using PipeArray = std::array<double, kPipeCount>;

}  // namespace assay::sim
