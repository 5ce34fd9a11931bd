// SPDX-License-Identifier: Apache-2.0
#include "assay/probe/nvml/process_list.hpp"

#include <algorithm>
#include <cstring>

namespace assay::probe::nvml {
namespace {

using sample::Process;
using sample::Reason;

constexpr std::size_t kFirstCapacity = 16;
constexpr int kMostTries = 5;  // processes may start faster than the buffer grows

sample::Reading<Bytes> memory_of(const abi::ProcessInfo& info) {
  using R = sample::Reading<Bytes>;
  if (info.used_memory == abi::kNotAvailable)
    return R::unknown(Reason::not_supported, sample::Source::nvml);
  return R::measured(Bytes(static_cast<double>(info.used_memory)), sample::Source::nvml);
}

void merge(std::vector<Process>& list, const abi::ProcessInfo& info, bool compute) {
  const auto it = std::ranges::find(list, std::int64_t{info.pid}, &Process::pid);
  const sample::Reading<Bytes> memory = memory_of(info);
  if (it == list.end()) {
    Process process;
    process.pid = info.pid;
    process.compute = compute;
    process.memory = memory;
    list.push_back(std::move(process));
    return;
  }
  // The graphics list repeats a process of the compute list with the same memory.
  if (it->compute && !compute) return;
  const auto a = it->memory.value();
  const auto b = memory.value();
  if (a && b) it->memory = sample::Reading<Bytes>::measured(*a + *b, sample::Source::nvml);
  else if (!b) it->memory = memory;
}

}  // namespace

std::size_t entry_size(std::span<const std::byte> buffer, std::size_t count) {
  count = std::min(count, buffer.size() / abi::kLargestProcessInfo);
  if (count == 0) return sizeof(abi::ProcessInfo);
  std::size_t written = buffer.size();
  while (written > 0 && buffer[written - 1] == kUntouched) --written;
  for (const std::size_t size :
       {sizeof(abi::ProcessInfoV1), sizeof(abi::ProcessInfo), abi::kLargestProcessInfo})
    if (written <= size * count) return size;
  return sizeof(abi::ProcessInfo);
}

void unpack_entries(std::span<const std::byte> buffer, std::size_t count,
                    std::span<abi::ProcessInfo> out) {
  const std::size_t size = entry_size(buffer, count);
  for (std::size_t i = 0; i < std::min(count, out.size()); ++i) {
    if ((i + 1) * size > buffer.size()) break;
    abi::ProcessInfo info{0, 0, ~0U, ~0U};
    std::memcpy(&info, buffer.data() + i * size, std::min(size, sizeof info));
    out[i] = info;
  }
}

Return ProcessReader::list(Line& line, ProcessKind kind) {
  const Call call =
      kind == ProcessKind::compute ? Call::compute_processes : Call::graphics_processes;
  if (buffer_.empty()) buffer_.resize(kFirstCapacity);
  Return code = Return::insufficient_size;
  for (int tries = 0; tries < kMostTries && code == Return::insufficient_size; ++tries) {
    count_ = 0;
    code = line.run(call, [&](Nvml& nvml, Device device) {
      return nvml.processes(device, kind, buffer_, count_);
    });
    if (code == Return::insufficient_size)
      buffer_.resize(std::max(std::size_t{count_} + 4, 2 * buffer_.size()));
  }
  count_ = std::min(count_, static_cast<unsigned>(buffer_.size()));
  return code;
}

std::string ProcessReader::name_of(std::int64_t pid, Line& line) {
  if (from_ == Names::host_first)
    if (const std::string& name = names_.name(pid, line.now_ns()); !name.empty()) return name;
  return driver_names_.name(pid, line);
}

ProcessList ProcessReader::read(Line& line) {
  ProcessList out;
  const Return compute = list(line, ProcessKind::compute);
  if (compute == Return::success)
    for (unsigned i = 0; i < count_; ++i) merge(out.processes, buffer_[i], true);
  const Return graphics = list(line, ProcessKind::graphics);
  if (graphics == Return::success)
    for (unsigned i = 0; i < count_; ++i) merge(out.processes, buffer_[i], false);

  // A compute-only board has no graphics list: the compute list alone is then complete.
  const bool no_graphics =
      graphics == Return::not_supported || graphics == Return::function_not_found;
  out.reason = reason_of(compute);
  if (out.reason == Reason::none && !no_graphics) out.reason = reason_of(graphics);
  for (Process& process : out.processes) process.name = name_of(process.pid, line);
  names_.forget_unused();
  driver_names_.forget_unused();
  std::ranges::sort(out.processes, {}, &Process::pid);
  return out;
}

}  // namespace assay::probe::nvml
