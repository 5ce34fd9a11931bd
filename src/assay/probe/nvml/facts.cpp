// SPDX-License-Identifier: Apache-2.0
#include "assay/probe/nvml/facts.hpp"

#include "assay/probe/nvml/sm_count.hpp"

namespace assay::probe::nvml {

sample::DeviceFacts read_facts(Line& line, int index) {
  sample::DeviceFacts facts;
  facts.index = index;
  const auto text = [&](Call call, std::string& out, auto method) {
    std::string value;
    const Return code =
        line.run(call, [&](Nvml& nvml, Device device) { return (nvml.*method)(device, value); });
    if (code == Return::success) out = value;
  };
  text(Call::name, facts.name, &Nvml::name);
  text(Call::uuid, facts.uuid, &Nvml::uuid);
  text(Call::pci, facts.pci, &Nvml::pci);
  std::string driver;
  if (line.run(Call::driver_version,
               [&](Nvml& nvml, Device) { return nvml.driver_version(driver); }) == Return::success)
    facts.driver = driver;

  int major = 0;
  int minor = 0;
  const Return cc = line.run(Call::compute_capability, [&](Nvml& nvml, Device device) {
    return nvml.compute_capability(device, major, minor);
  });
  if (cc == Return::success) {
    facts.cc_major = major;
    facts.cc_minor = minor;
  }
  unsigned cores = 0;
  const Return counted = line.run(
      Call::core_count, [&](Nvml& nvml, Device device) { return nvml.core_count(device, cores); });
  using R = sample::Reading<Count>;
  if (counted != Return::success)
    facts.sm_count = R::unknown(reason_of(counted), sample::Source::nvml);
  else facts.sm_count = sm_count(cores, facts.cc_major, facts.cc_minor);
  return facts;
}

Return open_device(Line& line, int index, const std::string& uuid) {
  Device device = nullptr;
  Return code = Return::function_not_found;
  if (!uuid.empty())
    code = line.run(Call::device_by_uuid,
                    [&](Nvml& nvml, Device) { return nvml.device_by_uuid(uuid, device); });
  if (code == Return::function_not_found)
    code = line.run(Call::device_by_index, [&](Nvml& nvml, Device) {
      return nvml.device_by_index(static_cast<unsigned>(index), device);
    });
  if (code == Return::success) line.set_device(device);
  return code;
}

}  // namespace assay::probe::nvml
