// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <functional>
#include <vector>

#include "assay/probe/trace/burst_count.hpp"
#include "assay/probe/trace/name_pool.hpp"
#include "assay/probe/trace/row_book.hpp"
#include "assay/sample/kernels.hpp"

namespace assay::probe::trace {

// Devices as several processes saw them, one and the same UUID made one.
struct DeviceList {
  std::vector<sample::TracedDevice> devices;
  std::vector<int> place;  // of each that was added, in devices

  void add(const sample::TracedDevice& device);
};

// The bursts of the process that a device belongs to; none where all was traced.
using BurstsOf = std::function<const BurstCount&(std::uint32_t device)>;

// Turns the book into the table's rows: rows of one signature on one device joined, longest total
// first. The table's scale must be known, and all rows be settled.
void fill_rows(sample::KernelTable& table, RowBook& book, const NamePool& names,
               const DeviceList& devices, const BurstsOf& bursts_of);

}  // namespace assay::probe::trace
