// SPDX-License-Identifier: Apache-2.0
#include "assay/probe/nvml/init.hpp"

#include <condition_variable>
#include <mutex>
#include <optional>

#include <fmt/format.h>

#include "assay/probe/nvml/line.hpp"
#include "assay/probe/nvml/thread.hpp"

namespace assay::probe::nvml {
namespace {

struct Start {
  std::shared_ptr<Nvml> nvml;
  std::shared_ptr<Clock> clock;
  InFlight in_flight;
  std::mutex mutex;
  std::condition_variable done;
  std::optional<Result<unsigned>> result;
};

Result<unsigned> start_driver(Start& start) {
  Line line(*start.nvml, *start.clock, start.in_flight);
  Return code = line.run(Call::init, [](Nvml& nvml, Device) { return nvml.init(); });
  if (code != Return::success) return error_of(code, Call::init);
  unsigned count = 0;
  code = line.run(Call::device_count, [&](Nvml& nvml, Device) { return nvml.device_count(count); });
  if (code != Return::success) return error_of(code, Call::device_count);
  if (count == 0)
    return Error{ErrorCode::nothing_to_measure,
                 "the NVIDIA driver runs but offers no device; check `nvidia-smi -L`, and in a "
                 "container that it was started with access to GPUs"};
  return count;
}

}  // namespace

Result<unsigned> init_and_count(const std::shared_ptr<Nvml>& nvml,
                                const std::shared_ptr<Clock>& clock, Seconds deadline) {
  const auto start = std::make_shared<Start>();
  start->nvml = nvml;
  start->clock = clock;
  const std::int64_t until = clock->now_ns() + static_cast<std::int64_t>(deadline.value() * 1e9);
  TRY(spawn_detached([start] {
    Result<unsigned> result = start_driver(*start);
    const std::lock_guard lock(start->mutex);
    start->result = std::move(result);
    start->done.notify_all();
  }));
  std::unique_lock lock(start->mutex);
  while (!start->result && clock->now_ns() < until) clock->wait_until(start->done, lock, until);
  if (start->result) return *start->result;
  const auto flight = start->in_flight.now();
  return Error{
      ErrorCode::timeout,
      fmt::format("{} has not returned for {:.1f} s, so the driver hangs; see `dmesg | grep "
                  "NVRM`, and reboot if it stays",
                  to_string(flight ? flight->call : Call::init), deadline.value())};
}

}  // namespace assay::probe::nvml
