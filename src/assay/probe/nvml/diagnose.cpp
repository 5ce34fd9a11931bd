// SPDX-License-Identifier: Apache-2.0
#include "assay/probe/nvml/diagnose.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <filesystem>
#include <optional>

#include <fmt/format.h>

#include "assay/base/counted.hpp"
#include "assay/probe/nvml/codes.hpp"
#include "assay/probe/nvml/dl_nvml.hpp"
#include "assay/probe/nvml/facts.hpp"
#include "assay/probe/nvml/shared.hpp"

namespace assay::probe::nvml {
namespace {

using Findings = std::vector<Finding>;

std::optional<std::string> content(const std::string& path) {
  const int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (fd < 0) return std::nullopt;
  std::array<char, 8192> buffer;
  const ssize_t got = ::read(fd, buffer.data(), buffer.size());
  ::close(fd);
  return got < 0 ? std::nullopt
                 : std::optional(std::string(buffer.data(), static_cast<std::size_t>(got)));
}

void look_at_kernel_driver(const std::string& root, Findings& out) {
  const auto version = content(root + "/proc/driver/nvidia/version");
  if (version)
    out.push_back({"kernel driver", Verdict::ok, version->substr(0, version->find('\n')), ""});
  else
    out.push_back({"kernel driver", Verdict::fail, "the NVIDIA kernel driver is not loaded",
                   "sudo modprobe nvidia"});
}

void look_at_nodes(const std::string& root, Findings& out) {
  std::error_code error;
  int found = 0;
  std::string refused;
  for (const auto& entry : std::filesystem::directory_iterator(root + "/dev", error)) {
    const std::string name = entry.path().filename();
    const bool device =
        name.starts_with("nvidia") && name.size() > 6 && name[6] >= '0' && name[6] <= '9';
    if (!device && name != "nvidiactl") continue;
    ++found;
    if (::access(entry.path().c_str(), R_OK | W_OK) != 0 && refused.empty())
      refused = entry.path().string();
  }
  if (found == 0)
    out.push_back({"device nodes", Verdict::fail, "there is no /dev/nvidia* node",
                   "sudo nvidia-modprobe -u -c=0   # or start the container with access to GPUs"});
  else if (!refused.empty())
    out.push_back({"device nodes", Verdict::fail, fmt::format("this user may not open {}", refused),
                   fmt::format("ls -l {}   # join its group, or run as root", refused)});
  else
    out.push_back(
        {"device nodes", Verdict::ok, counted(found, "/dev/nvidia* node") + " can be opened", ""});
}

// Who may read hardware counters by CUPTI (the microscope); GPM does not depend on it.
void look_at_profiling(const std::string& root, Findings& out) {
  const auto params = content(root + "/proc/driver/nvidia/params");
  if (!params) return;
  if (params->find("RmProfilingAdminOnly: 1") == std::string::npos) {
    out.push_back(
        {"profiling permission", Verdict::ok, "every user may read profiling counters", ""});
    return;
  }
  const bool root_user = ::geteuid() == 0;
  out.push_back({"profiling permission", root_user ? Verdict::ok : Verdict::warn,
                 "profiling counters (the microscope) are for root alone; GPM is not concerned",
                 root_user
                     ? ""
                     : "echo 'options nvidia NVreg_RestrictProfilingToAdminUsers=0' | sudo tee "
                       "/etc/modprobe.d/assay.conf   # then reboot"});
}

void look_at_gpm(Line& line, const sample::DeviceFacts& facts, Findings& out) {
  const std::string what = fmt::format("hardware counters of device {}", facts.index);
  bool supported = false;
  const Return code = line.run(Call::gpm_support, [&](Nvml& nvml, Device device) {
    return nvml.gpm_support(device, supported);
  });
  bool mig = false;
  const Return mig_code = line.run(
      Call::mig_mode, [&](Nvml& nvml, Device device) { return nvml.mig_mode(device, mig); });
  if (code == Return::success && supported && !(mig_code == Return::success && mig))
    out.push_back({what, Verdict::ok, "NVML GPM works: SM activity is measured", ""});
  else if (code == Return::success && supported)
    out.push_back({what, Verdict::warn,
                   "the device is cut up by MIG: its counters as a whole are not available", ""});
  else if (code == Return::success || code == Return::not_supported)
    out.push_back({what, Verdict::warn, std::string(sample::sentence(sample::Reason::no_gpm)), ""});
  else
    out.push_back(
        {what, Verdict::warn, error_of(code, Call::gpm_support, label(facts)).message, ""});
}

void look_at_device(Nvml& nvml, const Clock& clock, unsigned index, Findings& out) {
  InFlight in_flight;
  Line line(nvml, clock, in_flight);
  const std::string what = fmt::format("device {}", index);
  const Return code = open_device(line, static_cast<int>(index), "");
  if (code != Return::success) {
    const CodeInfo& row = info(code);
    out.push_back({what, Verdict::fail, error_of(code, Call::device_by_index, what).message,
                   row.scope == Scope::call ? "" : "sudo dmesg | grep -E 'NVRM|Xid'"});
    return;
  }
  const sample::DeviceFacts facts = read_facts(line, static_cast<int>(index));
  if (line.trouble()) {
    out.push_back({what, Verdict::fail,
                   error_of(line.trouble()->code, line.trouble()->call, label(facts)).message,
                   "sudo dmesg | grep -E 'NVRM|Xid'"});
    return;
  }
  const auto sms = facts.sm_count.value();
  out.push_back({what, Verdict::ok,
                 fmt::format("{}, {}, compute capability {}.{}, {} SMs", facts.name, facts.pci,
                             facts.cc_major, facts.cc_minor,
                             sms ? fmt::format("{:.0f}", sms->value()) : "an unknown number of"),
                 ""});
  look_at_gpm(line, facts, out);
  bool persistent = false;
  const Return mode = line.run(Call::persistence_mode, [&](Nvml& n, Device device) {
    return n.persistence_mode(device, persistent);
  });
  if (mode == Return::success && !persistent)
    out.push_back({fmt::format("persistence of device {}", index), Verdict::warn,
                   "persistence mode is off: with no program on the device the driver unloads its "
                   "state, and each look starts slowly",
                   "sudo systemctl enable --now nvidia-persistenced   # assay never changes it"});
}

void look_at_driver(Nvml& nvml, Findings& out) {
  const Return started = nvml.init();
  if (started != Return::success) {
    const CodeInfo& row = info(started);
    out.push_back({"nvml start", Verdict::fail, error_of(started, Call::init).message,
                   row.code == Return::driver_not_loaded ? "sudo modprobe nvidia" : ""});
    return;
  }
  std::string driver;
  std::string version;
  const Return d = nvml.driver_version(driver);
  const Return v = nvml.nvml_version(version);
  out.push_back(
      {"nvml start", Verdict::ok,
       fmt::format("driver {}, NVML {}", d == Return::success ? driver : "of unknown version",
                   v == Return::success ? version : "of unknown version"),
       ""});
  unsigned count = 0;
  if (const Return code = nvml.device_count(count); code != Return::success) {
    out.push_back({"devices", Verdict::fail, error_of(code, Call::device_count).message, ""});
    return;
  }
  if (count == 0)
    out.push_back({"devices", Verdict::fail, "the driver offers no device",
                   "nvidia-smi -L   # in a container: start it with access to GPUs"});
  const std::shared_ptr<Clock> clock = steady_clock();
  for (unsigned i = 0; i < count; ++i) look_at_device(nvml, *clock, i, out);
}

}  // namespace

std::vector<Finding> diagnose(const LoadedNvml& loaded, const std::string& root) {
  Findings out;
  if (loaded.nvml == nullptr)
    out.push_back({"nvml library", Verdict::fail, loaded.error,
                   "sudo apt-get install nvidia-driver   # or your distribution's driver package"});
  else out.push_back({"nvml library", Verdict::ok, loaded.path, ""});
  look_at_kernel_driver(root, out);
  look_at_nodes(root, out);
  look_at_profiling(root, out);
  if (loaded.nvml != nullptr) look_at_driver(*loaded.nvml, out);
  return out;
}

std::vector<Finding> diagnose_here() {
  const auto loaded = DlNvml::open();
  if (!loaded) return diagnose({nullptr, "", loaded.error().message});
  return diagnose({loaded->get(), (*loaded)->path(), ""});
}

}  // namespace assay::probe::nvml
