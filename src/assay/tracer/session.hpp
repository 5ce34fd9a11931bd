// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <pthread.h>
#include <sys/types.h>

#include <atomic>

#include "assay/tracer/buffers.hpp"
#include "assay/tracer/plan.hpp"
#include "assay/tracer/records.hpp"
#include "assay/tracer/ring_file.hpp"

namespace assay::tracer {

// The trace of this process: one, for CUPTI's callbacks carry no pointer of ours. A forked child
// inherits it but is not its owner, and leaves it alone.
struct Session {
  Plan plan;
  pid_t owner = 0;
  Ring ring;
  trace_ring::Page* page = nullptr;
  trace_ring::Writer writer;
  Cupti cupti;
  std::uint32_t version = 0;
  Records records;
  Buffers buffers;
  pthread_mutex_t writing = PTHREAD_MUTEX_INITIALIZER;  // one writer at a time
  std::atomic<bool> open{false};                        // CUPTI may be given buffers
  std::atomic<std::uint64_t> walked{0};                 // buffers that came back with records

  [[nodiscard]] bool is_ours() const;  // this process began it
};

Session& session();

// Once a process, before CUDA is up: makes the ring, finds CUPTI, asks it for records. Whatever
// goes wrong is written into the ring, and the process runs untraced.
void begin(const Plan& plan);

// The kinds of record that are asked for, but whole graphs; the first is the one that must work.
void enable_all();
void disable_all();

// A burst opens (end = 0) or has closed.
void mark_burst(std::uint64_t start, std::uint64_t end);
std::uint64_t cupti_now();

// Adds a sentence to what the ring says went wrong.
void add_trouble(const char* text);

}  // namespace assay::tracer
