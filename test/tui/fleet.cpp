// SPDX-License-Identifier: Apache-2.0
#include "tui/fleet.hpp"

#include <fmt/format.h>

#include <cmath>

#include "assay/appraise/fixture_for_tests.hpp"

namespace assay::test {
namespace {

using metric::Id;
using sample::Reading;
using sample::Reason;
using sample::Source;

void set_ratio(sample::Sample& sample, Id id, double share) {
  const Source source = id == Id::gpu_util ? Source::nvml : Source::gpm;
  sample.at_id(id) = Reading<double>::measured(share, source, Seconds(1));
}

sample::Process process(std::int64_t pid, std::string name, double gibibytes) {
  return {.pid = pid,
          .name = std::move(name),
          .compute = true,
          .memory = Reading<Bytes>::measured(gib(gibibytes), Source::nvml),
          .time_share = Reading<Ratio>::measured(Ratio::fraction(0.5), Source::nvml)};
}

void shape(sample::Sample& sample, int i, int step) {
  const double wave = 0.5 + 0.4 * std::sin(0.3 * step + i);
  switch (i) {
    case 0:  // memory-bound
      set_ratio(sample, Id::sm_active, 0.97);
      set_ratio(sample, Id::sm_occupancy, 0.5);
      set_ratio(sample, Id::dram_util, 0.9);
      break;
    case 1:  // up and down
      set_ratio(sample, Id::graphics_util, wave);
      set_ratio(sample, Id::gpu_util, wave);
      set_ratio(sample, Id::sm_active, 0.9 * wave);
      set_ratio(sample, Id::tensor_util, 0.6 * wave);
      break;
    case 2:  // held idle
      for (const Id id :
           {Id::gpu_util, Id::graphics_util, Id::sm_active, Id::sm_occupancy, Id::int_util})
        set_ratio(sample, id, 0);
      break;
    case 3:  // before Hopper
      for (const Id id :
           {Id::graphics_util, Id::sm_active, Id::sm_occupancy, Id::dram_util, Id::tensor_util,
            Id::fp64_util, Id::fp32_util, Id::fp16_util, Id::int_util})
        sample.at_id(id) = Reading<double>::unknown(Reason::no_gpm);
      break;
    case 4:
      sample.presence = sample::Presence::lost;
      sample.trouble = "the driver says that the GPU is lost; a reset or a reboot brings it back";
      break;
    case 5:
      sample.presence = sample::Presence::stale;
      sample.trouble = "nvmlDeviceGetPowerUsage has not come back for 3 s";
      break;
    case 6:  // nobody
      for (const Id id :
           {Id::gpu_util, Id::graphics_util, Id::sm_active, Id::sm_occupancy, Id::int_util})
        set_ratio(sample, id, 0);
      sample.processes.clear();
      break;
    default: break;  // one thread spins
  }
}

void people(sample::Sample& sample, int i) {
  if (sample.processes.empty() || sample.presence == sample::Presence::lost) {
    sample.processes.clear();
    return;
  }
  sample.processes = {process(4000 + i, i == 0 ? "vllm" : "python3", 4.0 + i)};
  if (i == 7) sample.processes.push_back(process(4100, "jupyter\x1b[2J", 1.5));
}

}  // namespace

appraise::AppraisedSnapshot fleet(int step) {
  appraise::AppraisedSnapshot snapshot;
  const std::int64_t at = 1763800800'000'000'000 + step * 1'000'000'000LL;
  snapshot.at.unix_ns = at;
  snapshot.origin = {sample::OriginKind::device, "node-7"};
  for (int i = 0; i < 8; ++i) {
    sample::DeviceSample device = appraise::one_thread_device();
    device.facts.index = i;
    device.facts.uuid = fmt::format("GPU-{}", i);
    if (i == 3) device.facts.name = "Tesla V100-SXM2-16GB";
    device.sample.at.unix_ns = at;
    shape(device.sample, i, step);
    people(device.sample, i);
    snapshot.devices.push_back(appraise::appraise(std::move(device), appraise::priced_board()));
  }
  return snapshot;
}

FleetSource::FleetSource(int count, bool live, sample::Origin origin)
    : live_(live), origin_(std::move(origin)) {
  for (int i = 0; i < count; ++i) grow();
}

void FleetSource::grow() {
  tui::Frame frame = tui::frame_of(fleet(grown_++), ring_.at(ring_.last()));
  frame.origin = origin_;
  for (tui::ProcessRow& row : frame.processes) {
    row.owner.user = sample::Fact::known(row.device == 0 ? "ann" : "bob");
    row.owner.command = sample::Fact::known(row.process.name + " --port 80");
    row.owner.container = sample::Fact::known("");
    row.owner.pod = sample::Fact::known(row.device == 1 ? "llm-0" : "");
    row.owner.slurm_job = row.device == 2 ? sample::Fact::known("4242")
                                          : sample::Fact::unknown(Reason::no_permission);
  }
  ring_.push(std::move(frame));
}

std::vector<std::string> plain(const std::vector<std::string>& lines) {
  std::vector<std::string> out;
  for (const std::string& line : lines) {
    std::string text;
    for (std::size_t i = 0; i < line.size(); ++i) {
      if (line[i] == '\x1b') i = line.find('m', i);
      else text += line[i];
    }
    out.push_back(text);
  }
  return out;
}

std::string joined(const std::vector<std::string>& lines) {
  std::string out;
  for (std::string line : plain(lines)) {
    line.erase(line.find_last_not_of(' ') + 1);
    out += line + "\n";
  }
  return out;
}

}  // namespace assay::test
