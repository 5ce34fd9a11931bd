// SPDX-License-Identifier: Apache-2.0
#include "assay/tracer/ring_file.hpp"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <unistd.h>

#include <cerrno>
#include <climits>
#include <cstdio>
#include <cstring>
#include <ctime>
#include <memory>

namespace assay::tracer {
namespace {

using trace_ring::Page;

// Growing a file beyond RLIMIT_FSIZE sends SIGXFSZ, which ends the job: so it is asked before.
bool may_be_as_large(std::size_t bytes) {
  rlimit limit{};
  return getrlimit(RLIMIT_FSIZE, &limit) != 0 || limit.rlim_cur == RLIM_INFINITY ||
         limit.rlim_cur >= bytes;
}

// MAP_FAILED and errno where it can't be had.
void* map_file(const char* path, std::size_t bytes) {
  if (!may_be_as_large(bytes)) {
    errno = EFBIG;
    return MAP_FAILED;
  }
  const int fd = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
  if (fd < 0) return MAP_FAILED;
  void* memory = MAP_FAILED;
  const int code = posix_fallocate(fd, 0, static_cast<off_t>(bytes));
  if (code == 0) memory = mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
  const int why = code == 0 ? errno : code;
  close(fd);
  if (memory == MAP_FAILED) unlink(path);
  errno = why;
  return memory;
}

const char* limit_of(int error) {
  switch (error) {
    case EFBIG: return "the process's limit on the size of files (ulimit -f)";
    case ENOMEM: return "the process's limit on memory (ulimit -v)";
    case ENOSPC: return "a full file system (/dev/shm)";
    case EMFILE:
    case ENFILE: return "the limit on open files (ulimit -n)";
    default: return std::strerror(error);
  }
}

class Executable {
 public:
  Executable() {
    const ssize_t length = readlink("/proc/self/exe", path_, sizeof path_);
    const std::string_view whole(path_, length > 0 ? static_cast<std::size_t>(length) : 0);
    name_ = whole.substr(whole.rfind('/') + 1);
  }
  Executable(const Executable&) = delete;
  Executable& operator=(const Executable&) = delete;
  [[nodiscard]] std::string_view name() const { return name_; }

 private:
  char path_[PATH_MAX];
  std::string_view name_;
};

// FOLDER/PID-TIME and a suffix; false where that is too long. The time tells apart what execs with
// one and the same pid.
struct Paths {
  char unready[PATH_MAX];
  char ready[PATH_MAX];
  char refused[PATH_MAX];
  bool make(const char* folder) {
    timespec now{};
    clock_gettime(CLOCK_MONOTONIC, &now);
    return std::snprintf(unready, sizeof unready, "%s/%d-%lld-%ld", folder, getpid(),
                         static_cast<long long>(now.tv_sec), now.tv_nsec) < PATH_MAX &&
           std::snprintf(ready, sizeof ready, "%s%s", unready, trace_ring::kRingSuffix) <
               PATH_MAX &&
           std::snprintf(refused, sizeof refused, "%s%s", unready, trace_ring::kRefusedSuffix) <
               PATH_MAX;
  }
};

void refuse(const Paths& paths, const char* limit) {
  const Executable executable;
  char text[NAME_MAX + 256];
  std::snprintf(text, sizeof text, "%.*s/no ring could be made for its records: %s",
                static_cast<int>(executable.name().size()), executable.name().data(), limit);
  // Where even that can't be had, the report says that no process was traced.
  static_cast<void>(!symlink(text, paths.refused));
}

}  // namespace

Ring make_ring(const char* folder, std::uint32_t wanted) {
  Paths paths;
  if (!paths.make(folder)) return {};
  const char* limit = nullptr;
  for (std::uint32_t slots = wanted; slots >= trace_ring::kFewestSlots; slots /= 4) {
    void* memory = map_file(paths.unready, trace_ring::file_bytes(slots));
    if (memory == MAP_FAILED) {
      limit = limit_of(errno);
      continue;
    }
    Page* page = std::construct_at(static_cast<Page*>(memory));
    page->slots = slots;
    page->pid = getpid();
    trace_ring::set_text(page->process, Executable().name());
    if (rename(paths.unready, paths.ready) == 0) return {page, slots, limit};
    const int why = errno;
    unlink(paths.unready);
    munmap(memory, trace_ring::file_bytes(slots));
    limit = limit_of(why);
    break;
  }
  refuse(paths, limit);
  return {};
}

}  // namespace assay::tracer
