// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <vector>

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

// Turns the book into the table's rows: rows of one signature on one device joined, longest total
// first. The table's scale and bursts must be known.
void fill_rows(sample::KernelTable& table, RowBook& book, const NamePool& names,
               const DeviceList& devices);

}  // namespace assay::probe::trace
