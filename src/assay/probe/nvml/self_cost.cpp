// SPDX-License-Identifier: Apache-2.0
#include "assay/probe/nvml/self_cost.hpp"

#include <fcntl.h>
#include <sys/resource.h>
#include <unistd.h>

#include <array>
#include <charconv>
#include <cstring>

namespace assay::probe::nvml {
namespace {

Seconds seconds(const timeval& t) {
  return Seconds(static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_usec) * 1e-6);
}

}  // namespace

Seconds process_cpu() {
  rusage usage{};
  if (::getrusage(RUSAGE_SELF, &usage) != 0) return Seconds(0);
  return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

Bytes process_rss() {
  std::array<char, 128> text{};
  // Open from the first window on: to open it is two thirds of the cost of asking.
  static const int fd = ::open("/proc/self/statm", O_RDONLY | O_CLOEXEC);
  if (fd < 0) return Bytes(0);
  const ssize_t got = ::pread(fd, text.data(), text.size() - 1, 0);
  if (got <= 0) return Bytes(0);
  // "size resident shared ...", in pages
  const char* blank = std::strchr(text.data(), ' ');
  if (blank == nullptr) return Bytes(0);
  double pages = 0;
  std::from_chars(blank + 1, text.data() + got, pages);
  return Bytes(pages * static_cast<double>(::sysconf(_SC_PAGESIZE)));
}

std::string host_name() {
  std::array<char, 256> name{};
  if (::gethostname(name.data(), name.size() - 1) != 0 || name[0] == '\0') return "localhost";
  return name.data();
}

}  // namespace assay::probe::nvml
