// SPDX-License-Identifier: Apache-2.0
#include "assay/cli/footprint.hpp"

#include <link.h>
#include <malloc.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cstdint>

namespace assay::cli {
namespace {

// Of each loaded file the parts that are never written: they are as they lie on disk.
int drop_read_only_parts(dl_phdr_info* file, std::size_t, void*) {
  const auto page = static_cast<std::uintptr_t>(::sysconf(_SC_PAGESIZE));
  for (int i = 0; i < file->dlpi_phnum; ++i) {
    const ElfW(Phdr)& part = file->dlpi_phdr[i];
    if (part.p_type != PT_LOAD || (part.p_flags & PF_W) != 0) continue;
    const std::uintptr_t begin = (file->dlpi_addr + part.p_vaddr) & ~(page - 1);
    const std::uintptr_t end = file->dlpi_addr + part.p_vaddr + part.p_memsz;
    // On failure they stay, which costs memory only.
    static_cast<void>(::madvise(reinterpret_cast<void*>(begin), end - begin, MADV_DONTNEED));
  }
  return 0;
}

}  // namespace

void share_one_heap() {
  ::mallopt(M_ARENA_MAX, 1);
  // Documents that come and go leave no holes where they are mapped by themselves. The window of
  // each second (some 120 KB) stays below that: fresh pages for it would cost a tenth of all CPU.
  ::mallopt(M_MMAP_THRESHOLD, 256 << 10);
  ::mallopt(M_TRIM_THRESHOLD, 512 << 10);
}

void give_back_unused_memory() {
  ::malloc_trim(0);
  ::dl_iterate_phdr(drop_read_only_parts, nullptr);
}

}  // namespace assay::cli
