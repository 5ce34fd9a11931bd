// SPDX-License-Identifier: Apache-2.0
#include "assay/cli/host.hpp"

#include <fmt/format.h>
#include <sys/utsname.h>

#include "assay/cli/version.hpp"

namespace assay::cli {
namespace {

utsname system_name() {
  utsname name{};
  uname(&name);
  return name;
}

}  // namespace

std::string host_name() { return system_name().nodename; }

store::Provenance host_provenance() {
  const utsname name = system_name();
  store::Provenance provenance;
  provenance.assay_version = version_text();
  provenance.host = name.nodename;
  provenance.os = fmt::format("{} {} {}", name.sysname, name.release, name.machine);
  return provenance;
}

}  // namespace assay::cli
