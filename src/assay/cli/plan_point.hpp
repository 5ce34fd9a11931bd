// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "assay/cli/plan_inputs.hpp"
#include "assay/plan/deployment.hpp"
#include "assay/plan/what_if.hpp"

namespace assay::cli {

// How the chips are used and what load they are under, as flags say it.
struct PointSpec {
  roofline::Parallel parallel;
  std::optional<int> count;  // chips in all
  std::optional<double> concurrency;
  std::optional<double> rate;
  std::optional<int> requests;  // simulate so many
  std::uint64_t seed = 1;
};

struct PointInputs {
  plan::Variant variant;
  PlannedChip chip;
  roofline::EngineProfile engine;
  std::optional<plan::Workload> workload;  // there is one or a trace
  std::vector<plan::Request> trace;
};

struct Point {
  std::string model;
  std::string notes;  // of reading its config.json; empty: none
  std::string precision;
  PlannedChip chip;
  std::string engine;
  roofline::Parallel parallel;
  int replicas = 1;
  double in = 0;  // mean tokens
  double out = 0;
  std::string load;        // "32 at a time", for people
  bool simulated = false;  // else the closed form
  Bytes weights;           // of the model, one copy
  roofline::StepModel::Memory memory;
  std::optional<plan::Prediction> prediction;  // nothing where it does not fit
  plan::WhatIfs what_if;
  std::optional<Error> misfit;  // by how much it does not fit, and what would
  Bytes cache_per_chip;         // of the sequences that decode at this load
  // What lies in one tier of a chip's memory at this load.
  struct Held {
    std::string technology;
    Bytes capacity;
    BytesPerSecond bandwidth;
    Bytes weights;
    Bytes cache;
  };
  [[nodiscard]] int chips() const { return replicas * parallel.chips(); }
};

// Tier by tier, the fastest first.
std::vector<Point::Held> held(const Point& point);

// Fails on a spec that makes no sense, a rate that the configuration can't hold (says which it can)
// and requests too long for its cache.
Result<Point> plan_point(const PointInputs& inputs, const PointSpec& spec);

// Sets what the cache is kept in; an empty word leaves the model's own.
Status with_cache_dtype(model::Model& model, const std::string& word);

std::string point_view(const Style& style, const Point& point);
std::string point_json(const Point& point);

}  // namespace assay::cli
