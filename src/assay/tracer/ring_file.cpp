// SPDX-License-Identifier: Apache-2.0
#include "assay/tracer/ring_file.hpp"

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <climits>
#include <cstdio>
#include <ctime>
#include <memory>

namespace assay::tracer {
namespace {

using trace_ring::Page;

void* map_file(const char* path, std::size_t bytes) {
  const int fd = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
  if (fd < 0) return MAP_FAILED;
  void* memory = MAP_FAILED;
  if (posix_fallocate(fd, 0, static_cast<off_t>(bytes)) == 0)
    memory = mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
  close(fd);
  if (memory == MAP_FAILED) unlink(path);
  return memory;
}

void name_process(Page& page) {
  char path[PATH_MAX];
  const ssize_t length = readlink("/proc/self/exe", path, sizeof path);
  std::string_view name(path, length > 0 ? static_cast<std::size_t>(length) : 0);
  trace_ring::set_text(page.process, name.substr(name.rfind('/') + 1));
}

}  // namespace

Ring make_ring(const char* folder, std::uint32_t wanted) {
  timespec now{};
  clock_gettime(CLOCK_MONOTONIC, &now);
  char unready[PATH_MAX];
  char ready[PATH_MAX];
  // The time tells apart what execs with one and the same pid.
  if (std::snprintf(unready, sizeof unready, "%s/%d-%lld-%ld", folder, getpid(),
                    static_cast<long long>(now.tv_sec), now.tv_nsec) >= PATH_MAX)
    return {};
  if (std::snprintf(ready, sizeof ready, "%s%s", unready, trace_ring::kRingSuffix) >= PATH_MAX)
    return {};
  for (std::uint32_t slots = wanted; slots >= trace_ring::kFewestSlots; slots /= 4) {
    void* memory = map_file(unready, trace_ring::file_bytes(slots));
    if (memory == MAP_FAILED) continue;
    Page* page = std::construct_at(static_cast<Page*>(memory));
    page->slots = slots;
    page->pid = getpid();
    name_process(*page);
    if (rename(unready, ready) == 0) return {page, slots};
    unlink(unready);
    munmap(memory, trace_ring::file_bytes(slots));
    return {};
  }
  return {};
}

}  // namespace assay::tracer
