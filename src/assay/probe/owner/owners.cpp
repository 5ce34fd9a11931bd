// SPDX-License-Identifier: Apache-2.0
#include "assay/probe/owner/owners.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <pwd.h>
#include <unistd.h>

#include <array>
#include <cerrno>

#include "assay/base/result.hpp"
#include "assay/probe/owner/parse.hpp"

namespace assay::probe::owner {
namespace {

using sample::Fact;
using sample::Reason;

constexpr std::int64_t kCheckEvery = 5'000'000'000;
constexpr std::size_t kMost = 64 * 1024;  // of an environment: what Slurm and Kubernetes set fits

struct Text {
  std::string bytes;
  Reason reason = Reason::none;
};

Text head_of(const std::string& path, std::size_t most) {
  const int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (fd < 0) {
    const bool refused = errno == EACCES || errno == EPERM;
    return {{}, refused ? Reason::no_permission : Reason::missing_input};
  }
  Text text;
  std::array<char, 4096> buffer;
  ssize_t got = 1;
  while (got > 0 && text.bytes.size() < most) {
    got = ::read(fd, buffer.data(), buffer.size());
    if (got > 0) text.bytes.append(buffer.data(), static_cast<std::size_t>(got));
  }
  // /proc opens another user's environment for anyone and refuses at the first read.
  if (got < 0)
    text.reason = errno == EACCES || errno == EPERM ? Reason::no_permission : Reason::missing_input;
  ::close(fd);
  return text;
}

Fact user_name(const Text& status) {
  if (status.reason != Reason::none) return Fact::unknown(status.reason);
  const auto id = user_id(status.bytes);
  if (!id) return Fact::unknown(Reason::missing_input);
  std::array<char, 4096> buffer;
  passwd entry{};
  passwd* found = nullptr;
  if (::getpwuid_r(*id, &entry, buffer.data(), buffer.size(), &found) == 0 && found != nullptr)
    return Fact::known(found->pw_name);
  return Fact::known(fmt::to_string(*id));
}

Fact slurm_job(const Cgroup& group, const Text& environ) {
  if (!group.slurm_job.empty()) return Fact::known(group.slurm_job);
  if (environ.reason != Reason::none) return Fact::unknown(environ.reason);
  return Fact::known(variable(environ.bytes, "SLURM_JOB_ID").value_or(""));
}

// Kubernetes tells a container its pod's name as the host name; a name set by the pod's own
// specification (POD_NAME, by custom) goes first.
Fact pod(const Cgroup& group, const Text& environ) {
  const bool in_cluster =
      !group.pod_uid.empty() || variable(environ.bytes, "KUBERNETES_SERVICE_HOST").has_value();
  if (environ.reason == Reason::none && in_cluster)
    for (const char* name : {"POD_NAME", "HOSTNAME"})
      if (auto value = variable(environ.bytes, name)) return Fact::known(*std::move(value));
  if (!group.pod_uid.empty()) return Fact::known(group.pod_uid);
  return environ.reason == Reason::none ? Fact::known("") : Fact::unknown(environ.reason);
}

}  // namespace

sample::Owner Owners::read(std::int64_t pid) const {
  const auto file = [&](const char* name) { return fmt::format("{}/{}/{}", proc_, pid, name); };
  sample::Owner owner;
  owner.user = user_name(head_of(file("status"), kMost));
  const Text cmdline = head_of(file("cmdline"), 4096);
  owner.command = cmdline.reason == Reason::none ? Fact::known(command_line(cmdline.bytes))
                                                 : Fact::unknown(cmdline.reason);
  const Text groups = head_of(file("cgroup"), kMost);
  const Cgroup group = cgroup(groups.bytes);
  const Text environ = head_of(file("environ"), kMost);
  owner.container =
      groups.reason == Reason::none ? Fact::known(group.container) : Fact::unknown(groups.reason);
  owner.slurm_job = slurm_job(group, environ);
  owner.pod = pod(group, environ);
  return owner;
}

const sample::Owner& Owners::of(std::int64_t pid, std::int64_t now_ns) {
  const auto [it, is_new] = known_.try_emplace(pid);
  Known& known = it->second;
  known.used = true;
  if (!is_new && now_ns - known.checked_ns < kCheckEvery) return known.owner;
  known.checked_ns = now_ns;
  const std::string started =
      start_time(head_of(fmt::format("{}/{}/stat", proc_, pid), 4096).bytes);
  if (is_new || started != known.started) {
    known.started = started;
    known.owner = read(pid);
  }
  return known.owner;
}

void Owners::forget_unused() {
  std::erase_if(known_, [](const auto& entry) { return !entry.second.used; });
  for (auto& [pid, known] : known_) known.used = false;
}

}  // namespace assay::probe::owner
