// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "assay/appraise/appraisal.hpp"

namespace assay::appraise {

// The one-thread kernel as an H100 measured it: for tests of pictures and JSON.
inline sample::DeviceSample one_thread_device() {
  using metric::Id;
  using sample::Reading;
  using sample::Source;
  sample::DeviceSample device;
  device.facts = {.index = 0,
                  .uuid = "GPU-7e57",
                  .name = "NVIDIA H100 80GB HBM3",
                  .pci = "00000000:01:00.0",
                  .driver = "580.159.04",
                  .chip = "h100-sxm5-80gb",
                  .cc_major = 9,
                  .cc_minor = 0,
                  .sm_count = Reading<Count>::derived(Count(132), Source::nvml)};
  sample::Sample& sample = device.sample;
  sample.at.unix_ns = 1763800812'123'000'000;
  sample.window = Seconds(1);
  const auto ratio = [&](Id id, double share, Source source) {
    sample.at_id(id) = Reading<double>::measured(share, source, Seconds(1));
  };
  ratio(Id::gpu_util, 1, Source::nvml);
  ratio(Id::graphics_util, 1, Source::gpm);
  ratio(Id::sm_active, 0.00758, Source::gpm);
  ratio(Id::sm_occupancy, 0.00012, Source::gpm);
  for (Id id : {Id::dram_util, Id::tensor_util, Id::fp64_util, Id::fp32_util, Id::fp16_util})
    ratio(id, 0, Source::gpm);
  ratio(Id::int_util, 0.00039, Source::gpm);
  sample.set<Id::power>(Reading<Watts>::measured(Watts(128), Source::nvml));
  sample.set<Id::power_limit>(Reading<Watts>::measured(Watts(700), Source::nvml));
  sample.processes = {{.pid = 4242,
                       .name = "spin",
                       .compute = true,
                       .memory = Reading<Bytes>::measured(mib(518), Source::nvml),
                       .time_share = Reading<Ratio>::unknown(sample::Reason::first_sample)}};
  sample.processes_reason = sample::Reason::none;
  return device;
}

// The same device in a window in which it had fallen off the bus.
inline sample::DeviceSample gone_device(sample::Presence presence = sample::Presence::lost,
                                        sample::Reason reason = sample::Reason::device_lost) {
  sample::DeviceSample device = one_thread_device();
  device.sample.presence = presence;
  device.sample.trouble = "device 0 fell off the bus";
  device.sample.processes.clear();
  device.sample.processes_reason = reason;
  for (auto& reading : device.sample.readings)
    reading = sample::Reading<double>::unknown(reason, sample::Source::nvml);
  return device;
}

inline appraise::BoardKnowledge priced_board() {
  appraise::BoardKnowledge board;
  board.price = ladder::Price{DollarsPerHour(2.5), "--price"};
  return board;
}

}  // namespace assay::appraise
