// SPDX-License-Identifier: Apache-2.0
#include "assay/causes/traced.hpp"

#include <algorithm>
#include <array>
#include <cctype>

#include "assay/kernels/fill.hpp"

namespace assay::causes {
namespace {

using sample::CopyKind;
using sample::KernelRow;
using sample::KernelTable;
using sample::TracedDevice;

std::optional<int> device_of(const KernelTable& table, std::string_view uuid) {
  for (std::size_t i = 0; i < table.devices.size(); ++i)
    if (!uuid.empty() && table.devices[i].uuid == uuid) return static_cast<int>(i);
  const bool only = table.devices.size() == 1 && (uuid.empty() || table.devices[0].uuid.empty());
  return only ? std::optional(0) : std::nullopt;
}

double copying(const KernelTable& table) {
  double seconds = 0;
  for (const CopyKind kind : {CopyKind::host_to_device, CopyKind::device_to_host})
    seconds += table.copies[static_cast<std::size_t>(kind)].time.value();
  return seconds;
}

// A node of a graph keeps the device that much longer while it is traced, by CUPTI's own doing:
// 1.4 to 1.5 us (docs/evidence/tracer.md: 300 kernels of 8 us, a decode step of 288 kernels).
constexpr Seconds kTracingANode{1.4e-6};

// The largest of several sums and whose it is.
struct Greatest {
  double value = 0;
  void offer(double offered, const std::string& name, std::string& into) {
    if (offered <= value) return;
    value = offered;
    into = name;
  }
};

// What the rows of one device add up to, in seconds.
struct Sums {
  double launches = 0, nodes = 0, kernels = 0, collectives = 0, too_small = 0, tails = 0,
         products = 0;
};

Sums sum_rows(const KernelTable& table, int device, const TracedDevice& facts, Traced& names) {
  Sums sums;
  Greatest longest, small, tail, product, collective;
  for (const KernelRow& row : table.rows) {
    if (row.signature.device != device) continue;
    const std::string& name = row.signature.name;
    const double total = row.total.value();
    sums.launches += static_cast<double>(row.launches);
    if (row.signature.in_graph) sums.nodes += static_cast<double>(row.launches);
    sums.kernels += total;
    longest.offer(total, name, names.longest);
    if (is_collective(name)) {
      sums.collectives += total;
      collective.offer(total, name, names.longest_collective);
      continue;  // few blocks by design
    }
    if (is_product(name)) {
      sums.products += total;
      product.offer(total, name, names.longest_product);
    }
    const auto fill = kernels::fill_of(row.signature, facts);
    if (!fill) continue;
    const double empty = fill->empty_sms.value() * total;
    (fill->waves <= 1 ? sums.too_small : sums.tails) += empty;
    (fill->waves <= 1 ? small : tail)
        .offer(empty, name, fill->waves <= 1 ? names.smallest_grid : names.worst_tail);
  }
  return sums;
}

}  // namespace

bool is_collective(std::string_view name) {
  return name.find("ncclDevKernel") != std::string_view::npos ||
         name.find("ncclKernel") != std::string_view::npos;
}

bool is_product(std::string_view name) {
  static constexpr std::array<std::string_view, 9> kWords = {
      "gemm", "matmul", "nvjet", "fprop", "dgrad", "wgrad", "conv2d", "conv3d", "_mm_"};
  std::string lower(name);
  std::ranges::transform(lower, lower.begin(), [](unsigned char c) { return std::tolower(c); });
  return std::ranges::any_of(
      kWords, [&](std::string_view word) { return lower.find(word) != std::string::npos; });
}

Seconds resident_in(const Traced& trace, Seconds window) {
  return std::min(window, trace.span) * std::min(1 - trace.idle, trace.kernels);
}

std::optional<Traced> traced(const KernelTable& table, std::string_view uuid) {
  const auto index = device_of(table, uuid);
  if (!index) return std::nullopt;
  const TracedDevice& facts = table.devices[static_cast<std::size_t>(*index)];
  const double span = facts.span.value();
  Traced out;
  const Sums sums = sum_rows(table, *index, facts, out);
  if (span <= 0 || sums.launches <= 0) return std::nullopt;

  const auto working = static_cast<double>(std::ranges::count_if(
      table.devices, [](const TracedDevice& device) { return device.span > Seconds(0); }));
  const auto share = [&](double seconds) { return seconds * table.scale / span; };
  const double busy = std::clamp(share(facts.busy.value()), 0.0, 1.0);
  out.span = facts.span;
  out.launches = sums.launches * table.scale;
  out.in_graph = sums.nodes / sums.launches;
  out.tracing = std::min(1 - busy, share(sums.nodes * kTracingANode.value()));
  out.idle = 1 - busy - out.tracing;
  out.idle_per_launch = Seconds(out.idle * span / out.launches);
  out.mean_kernel = Seconds(sums.kernels / sums.launches);
  out.syncs_per_launch =
      static_cast<double>(table.synchronizations) * table.scale / working / out.launches;
  out.kernels = share(sums.kernels);
  out.copies = share(copying(table) / working);
  out.waiting_copies = std::max(0.0, busy - out.kernels);
  const double others = share(sums.kernels - sums.collectives);
  out.collectives = std::clamp(busy - others, 0.0, share(sums.collectives));
  out.too_small = share(sums.too_small);
  out.tails = share(sums.tails);
  out.products = sums.kernels > 0 ? sums.products / sums.kernels : 0;
  return out;
}

}  // namespace assay::causes
