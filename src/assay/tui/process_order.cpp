// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>
#include <compare>
#include <numeric>
#include <optional>

#include "assay/tui/state.hpp"

namespace assay::tui {
namespace {

std::string lower(std::string_view text) {
  std::string out(text);
  for (char& c : out)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return out;
}

bool matches(const ProcessRow& row, const std::string& wanted) {
  if (wanted.empty()) return true;
  const sample::Owner& owner = row.owner;
  const std::string all = fmt::format("{} gpu{} {} {} {} {} {} {}", row.process.pid, row.device,
                                      row.process.name, owner.user.text, owner.command.text,
                                      owner.container.text, owner.slurm_job.text, owner.pod.text);
  return lower(all).find(lower(wanted)) != std::string::npos;
}

template <typename T>
std::optional<double> number(const sample::Reading<T>& reading) {
  const auto value = reading.value();
  return value ? std::optional(value->value()) : std::nullopt;
}

std::optional<double> number_of(const ProcessRow& row, Column column) {
  switch (column) {
    case Column::pid: return static_cast<double>(row.process.pid);
    case Column::device: return row.device;
    case Column::memory: return number(row.process.memory);
    case Column::time_share: return number(row.process.time_share);
    case Column::sm_share: return number(row.sm_share);
    default: return std::nullopt;
  }
}

std::string text_of(const ProcessRow& row, Column column) {
  const sample::Owner& owner = row.owner;
  switch (column) {
    case Column::user: return owner.user.text;
    case Column::place: return owner.slurm_job.text + owner.pod.text + owner.container.text;
    case Column::command: return owner.command.text.empty() ? row.process.name : owner.command.text;
    default: return {};
  }
}

bool is_text(Column column) {
  return column == Column::user || column == Column::place || column == Column::command;
}

// Negative: a stands above b.
int compared(const ProcessRow& a, const ProcessRow& b, const State& state) {
  const bool descending = info(state.sort).descending != state.reversed;
  int order = 0;
  if (is_text(state.sort)) {
    const std::string left = text_of(a, state.sort);
    const std::string right = text_of(b, state.sort);
    if (left.empty() != right.empty()) return left.empty() ? 1 : -1;
    order = left.compare(right);
  } else {
    const auto left = number_of(a, state.sort);
    const auto right = number_of(b, state.sort);
    if (left.has_value() != right.has_value()) return left ? -1 : 1;
    if (left && *left != *right) order = *left < *right ? -1 : 1;
  }
  return descending ? -order : order;
}

}  // namespace

std::vector<std::size_t> device_order(const Frame& frame, const State& state) {
  std::vector<std::size_t> order(frame.devices.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  if (!state.worst_first) return order;
  const auto lost = [&](std::size_t i) {
    const DeviceFrame& device = frame.devices[i];
    if (device.presence == sample::Presence::lost) return 1e9;  // all of it, whatever it costs
    if (device.cost.lost_at_least) return device.cost.lost_at_least->value();
    const auto share = ladder::largest_loss(device.ladder.losses).share.value();
    return share ? share->value() * 1e-3 : -1.0;
  };
  std::ranges::stable_sort(order, std::greater<>{}, lost);
  return order;
}

std::vector<const ProcessRow*> process_order(const Frame& frame, const State& state) {
  const std::vector<std::size_t> devices = device_order(frame, state);
  std::optional<int> only;
  if ((state.of_device || state.large) && state.device < devices.size())
    only = frame.devices[devices[state.device]].facts->index;
  std::vector<const ProcessRow*> rows;
  for (const ProcessRow& row : frame.processes)
    if ((!only || row.device == *only) && matches(row, state.filter)) rows.push_back(&row);
  std::ranges::stable_sort(rows, [&](const ProcessRow* a, const ProcessRow* b) {
    const int order = compared(*a, *b, state);
    return order != 0 ? order < 0 : a->process.pid < b->process.pid;
  });
  return rows;
}

}  // namespace assay::tui
