// SPDX-License-Identifier: Apache-2.0
#include "assay/kernels/ranking.hpp"

#include <algorithm>

namespace assay::kernels {

std::vector<Blame> ranked(const sample::KernelTable& table) {
  std::vector<Blame> order;
  order.reserve(table.rows.size());
  for (const sample::KernelRow& row : table.rows) {
    Blame blame{.row = &row,
                .launches = static_cast<double>(row.launches) * table.scale,
                .total = row.total * table.scale,
                .gap = row.gap * table.scale};
    const auto device = static_cast<std::size_t>(row.signature.device);
    if (device < table.devices.size()) blame.fill = fill_of(row.signature, table.devices[device]);
    if (blame.fill) blame.wasted = blame.fill->empty_sms * blame.total;
    order.push_back(blame);
  }
  std::ranges::stable_sort(order, [](const Blame& a, const Blame& b) {
    if (a.wasted.has_value() != b.wasted.has_value()) return a.wasted.has_value();
    if (a.wasted && *a.wasted != *b.wasted) return *a.wasted > *b.wasted;
    return a.total > b.total;
  });
  return order;
}

}  // namespace assay::kernels
