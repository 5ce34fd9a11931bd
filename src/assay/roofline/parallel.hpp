// SPDX-License-Identifier: Apache-2.0
#pragma once

// How one copy of a model (a replica: one engine) is spread over chips.
namespace assay::roofline {

struct Parallel {
  int tensor = 1;    // each matrix is cut into this many parts; two all-reduces a layer
  int pipeline = 1;  // layers are cut into this many stages
  int data = 1;      // attention is copied this many times, each copy with its own sequences
  // Of the tensor x data chips of a stage, experts are spread over this many groups; within a group
  // each expert is cut like a dense matrix. 1: experts are cut over all chips of the stage.
  int expert = 1;

  [[nodiscard]] constexpr int chips() const { return tensor * pipeline * data; }
  friend bool operator==(const Parallel&, const Parallel&) = default;
};

}  // namespace assay::roofline
