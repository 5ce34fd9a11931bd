// SPDX-License-Identifier: Apache-2.0
#pragma once

// The part of the CUDA driver's ABI that the tracer uses. Source: cuda.h of CUDA 13.0;
// abi_against_header_test compares.
namespace assay::tracer::abi {

using DriverCode = int;  // CUresult
using Device = int;      // CUdevice
inline constexpr DriverCode kDriverSuccess = 0;
inline constexpr int kMultiprocessorCount = 16;
inline constexpr int kComputeCapabilityMajor = 75;
inline constexpr int kComputeCapabilityMinor = 76;

}  // namespace assay::tracer::abi
