// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "assay/base/result.hpp"
#include "assay/probe/trace/event_sink.hpp"
#include "assay/sample/kernels.hpp"

namespace assay::probe::trace {

struct CollectorOptions {
  EventSink* sink = nullptr;  // who wants each event; must outlive finish()
  bool whole_graphs = false;  // one record a graph instead of one a node
  // Traced in bursts of that length, about one every so often; 0: always.
  Seconds burst{0};
  Seconds every{0};
};

// Collects the trace of the processes that get its environment, on a thread of its own.
class Collector {
 public:
  struct Variable {
    std::string name;
    std::string value;
  };

  // Makes a private folder for the rings, in memory (/dev/shm) where that can be had, and starts
  // the thread. Errors: io, where no folder can be made.
  static Result<std::unique_ptr<Collector>> start(const CollectorOptions& options);
  ~Collector();  // removes the folder
  Collector(const Collector&) = delete;
  Collector& operator=(const Collector&) = delete;

  // For the environment of what is to be traced, beside CUDA_INJECTION64_PATH.
  [[nodiscard]] std::vector<Variable> variables() const;

  // Kernels of the job have been seen on that device. Any thread.
  [[nodiscard]] bool has_kernels_on(const std::string& uuid) const;

  // Takes in what is there, tells those that still run to stop tracing, and gives the table. To be
  // called once, when the job has ended.
  sample::KernelTable finish();

 private:
  struct Impl;
  explicit Collector(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace assay::probe::trace
