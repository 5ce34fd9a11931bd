// SPDX-License-Identifier: Apache-2.0
#include "assay/probe/trace/table.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <utility>

namespace assay::probe::trace {
namespace {

Seconds seconds(std::uint64_t ns) { return Seconds(static_cast<double>(ns) * 1e-9); }

// Standard error of the scaled total: the bursts are a sample of pieces of the run, without
// replacement. Where launches are counted, a kernel's time in a burst goes with the launches in it
// (Cochran, Sampling Techniques, 3rd ed., 6.4), else each burst stands for as much (2.6). Bursts in
// which the kernel did not run count too.
std::optional<Seconds> error_of(const Row& row, const BurstCount& bursts, double scale) {
  if (bursts.bursts() < 2 || bursts.launches() <= 0) return std::nullopt;
  const auto n = static_cast<double>(bursts.bursts());
  const auto total = static_cast<double>(row.total);
  const double ratio = total / bursts.launches();
  const double rest =
      bursts.by_number() ? row.squares - 2 * ratio * row.products + ratio * ratio * bursts.squares()
                         : row.squares - total * total / n;
  const double variance = std::max(0.0, rest / (n - 1));
  const double unseen = std::max(0.0, 1 - 1 / scale);
  return Seconds(scale *
                 std::hypot(std::sqrt(n * variance * unseen), total * bursts.scale_error()) * 1e-9);
}

sample::KernelRow row_of(const Row& row, std::optional<Seconds> error) {
  return {.launches = row.launches,
          .total = seconds(row.total),
          .shortest = seconds(row.launches == 0 ? 0 : row.shortest),
          .longest = seconds(row.longest),
          .gap = seconds(row.gap),
          .gaps = row.gaps,
          .streams = static_cast<int>(row.streams.size()),
          .total_error = error};
}

void join(sample::KernelRow& into, const sample::KernelRow& more) {
  into.launches += more.launches;
  into.total += more.total;
  into.shortest = std::min(into.shortest, more.shortest);
  into.longest = std::max(into.longest, more.longest);
  into.gap += more.gap;
  into.gaps += more.gaps;
  into.streams = std::min(into.streams + more.streams, sample::kStreamsCounted);
  if (into.total_error && more.total_error)
    into.total_error = Seconds(std::hypot(into.total_error->value(), more.total_error->value()));
}

sample::KernelSignature signature_of(const RowKey& key, const NamePool& names, int device) {
  return {.name = names.at(key.name),
          .grid = key.grid,
          .block = {key.block[0], key.block[1], key.block[2]},
          .registers = key.registers,
          .static_shared = key.static_shared,
          .dynamic_shared = key.dynamic_shared,
          .device = device,
          .in_graph = (key.flags & trace_ring::kInGraph) != 0,
          .whole_graph = (key.flags & trace_ring::kWholeGraph) != 0};
}

}  // namespace

void DeviceList::add(const sample::TracedDevice& device) {
  const auto same = [&](const sample::TracedDevice& other) {
    return !device.uuid.empty() && other.uuid == device.uuid;
  };
  const auto found = std::ranges::find_if(devices, same);
  place.push_back(static_cast<int>(found - devices.begin()));
  if (found == devices.end()) {
    devices.push_back(device);
    return;
  }
  found->busy += device.busy;
  found->kernels += device.kernels;
  found->span = std::max(found->span, device.span);
}

void fill_rows(sample::KernelTable& table, RowBook& book, const NamePool& names,
               const DeviceList& devices, const BurstsOf& bursts_of) {
  std::map<sample::KernelSignature, sample::KernelRow> joined;
  for (auto& [key, row] : book.rows()) {
    const auto signature = signature_of(key, names, devices.place.at(key.device));
    const sample::KernelRow plain = row_of(row, error_of(row, bursts_of(key.device), table.scale));
    const auto [at, is_new] = joined.emplace(signature, plain);
    if (!is_new) join(at->second, plain);
  }
  for (auto& [signature, row] : joined) {
    row.signature = signature;
    table.rows.push_back(std::move(row));
  }
  std::ranges::stable_sort(table.rows, std::ranges::greater(), &sample::KernelRow::total);
  table.rest = row_of(book.rest(), std::nullopt);
}

}  // namespace assay::probe::trace
