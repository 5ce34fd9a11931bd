// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "assay/tracer/cupti.hpp"
#include "assay/tracer/names.hpp"

namespace assay::tracer {

// Makes slots of CUPTI's records. One thread at a time.
class Records {
 public:
  void begin(const Cupti* cupti, std::uint32_t version, trace_ring::Page* page,
             trace_ring::Writer* writer) {
    cupti_ = cupti;
    version_ = version;
    page_ = page;
    writer_ = writer;
  }
  // Kernels can't have begun before: where a graph was under way when records were asked for, CUPTI
  // gives some of its kernels times of long ago (seen with 13.0). CUPTI's clock.
  void not_before(std::uint64_t time) { not_before_ = time; }
  // All records of one buffer.
  void walk(std::uint8_t* buffer, std::size_t valid);

 private:
  void take(const abi::Record& record);
  void take(const abi::KernelRecord& record);
  void take(const abi::CopyRecord& record);
  void take(const abi::MemsetRecord& record);
  void take(const abi::GraphRecord& record);
  void take(const abi::SynchronizationRecord& record);
  void not_understood();

  const Cupti* cupti_ = nullptr;
  std::uint32_t version_ = 0;
  std::uint64_t not_before_ = 0;
  trace_ring::Page* page_ = nullptr;
  trace_ring::Writer* writer_ = nullptr;
  Names names_;
};

}  // namespace assay::tracer
