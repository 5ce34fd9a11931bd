// SPDX-License-Identifier: Apache-2.0
#include "assay/tracer/find_cupti.hpp"

#include <dirent.h>
#include <link.h>
#include <unistd.h>

#include <climits>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <initializer_list>

namespace assay::tracer {
namespace {

constexpr int kNewestMajor = 13;
constexpr int kOldestMajor = 11;
constexpr int kNewestMinorOf11 = 8;  // CUDA 11's library was named by minor version too

using Path = char[PATH_MAX];

struct Search {
  int newest;
  bool (*take)(const char* path, bool loaded);
};

const char* base_of(const char* path) {
  const char* slash = std::strrchr(path, '/');
  return slash == nullptr ? path : slash + 1;
}

bool begins(const char* text, const char* start) {
  return std::strncmp(text, start, std::strlen(start)) == 0;
}

// `folder`/`name`, or only the name if the folder is empty. A path that does not exist is left out
// at once: loading what is not there costs more.
bool take_at(const Search& search, const char* folder, const char* name) {
  if (*folder == '\0') return search.take(name, false);
  Path path;
  if (std::snprintf(path, sizeof path, "%s/%s", folder, name) >= PATH_MAX) return false;
  return access(path, R_OK) == 0 && search.take(path, false);
}

bool search_folder(const Search& search, const char* folder) {
  char name[32];
  for (int major = search.newest; major >= kOldestMajor; --major) {
    for (int minor = kNewestMinorOf11; minor >= 0; --minor) {
      if (major > 11) std::snprintf(name, sizeof name, "libcupti.so.%d", major);
      else std::snprintf(name, sizeof name, "libcupti.so.11.%d", minor);
      if (take_at(search, folder, name)) return true;
      if (major > 11) break;
    }
  }
  return false;
}

bool search_toolkit(const Search& search, const char* home) {
  if (home == nullptr || *home == '\0') return false;
  for (const char* part :
       {"lib64", "extras/CUPTI/lib64", "targets/x86_64-linux/lib", "targets/sbsa-linux/lib"}) {
    Path folder;
    if (std::snprintf(folder, sizeof folder, "%s/%s", home, part) >= PATH_MAX) continue;
    if (search_folder(search, folder)) return true;
  }
  return false;
}

// Folders relative to that of a loaded libcudart (a toolkit's, pip's) or libtorch (pip's).
bool search_beside(const Search& search, const char* library) {
  Path folder;
  const char* base = base_of(library);
  if (base == library || std::strlen(library) >= sizeof folder) return false;
  if (!begins(base, "libcudart.so") && !begins(base, "libtorch_cuda.so")) return false;
  std::memcpy(folder, library, static_cast<std::size_t>(base - library - 1));
  folder[base - library - 1] = '\0';
  for (const char* part : {".", "../../cuda_cupti/lib", "../extras/CUPTI/lib64",
                           "../../nvidia/cuda_cupti/lib", "../../nvidia/cu13/lib"}) {
    Path place;
    if (std::snprintf(place, sizeof place, "%s/%s", folder, part) >= PATH_MAX) continue;
    if (search_folder(search, place)) return true;
  }
  return false;
}

// What is loaded, copied out first: nothing may be loaded while the loader's list is walked.
struct Loaded {
  static constexpr int kMost = 8;
  Path paths[kMost];
  int count;
};

int note_loaded(dl_phdr_info* info, std::size_t, void* data) {
  auto& loaded = *static_cast<Loaded*>(data);
  const char* base = base_of(info->dlpi_name);
  const bool wanted = begins(base, "libcupti.so") || begins(base, "libcudart.so") ||
                      begins(base, "libtorch_cuda.so");
  if (!wanted || loaded.count == Loaded::kMost) return 0;
  if (std::strlen(info->dlpi_name) >= PATH_MAX) return 0;
  std::strncpy(loaded.paths[loaded.count], info->dlpi_name, PATH_MAX - 1);
  loaded.paths[loaded.count][PATH_MAX - 1] = '\0';
  ++loaded.count;
  return 0;
}

// /usr/local/cuda first, then /usr/local/cuda-13.0 and so on, in the order of the folder.
bool search_usr_local(const Search& search) {
  if (search_toolkit(search, "/usr/local/cuda")) return true;
  DIR* folder = opendir("/usr/local");
  if (folder == nullptr) return false;
  bool found = false;
  while (!found) {
    const dirent* entry = readdir(folder);
    if (entry == nullptr) break;
    Path home;
    if (!begins(entry->d_name, "cuda-")) continue;
    std::snprintf(home, sizeof home, "/usr/local/%s", entry->d_name);
    found = search_toolkit(search, home);
  }
  closedir(folder);
  return found;
}

}  // namespace

bool find_cupti(int driver_major, bool (*take)(const char* path, bool loaded)) {
  static Loaded loaded;  // too large for a stack that is not ours
  loaded.count = 0;
  dl_iterate_phdr(note_loaded, &loaded);
  for (int i = 0; i < loaded.count; ++i)
    if (begins(base_of(loaded.paths[i]), "libcupti.so") && take(loaded.paths[i], true)) return true;

  const int newest =
      driver_major >= kOldestMajor && driver_major < kNewestMajor ? driver_major : kNewestMajor;
  const Search search{newest, take};
  if (const char* named = std::getenv("ASSAY_CUPTI"); named != nullptr && *named != '\0')
    return take(named, false);
  for (int i = 0; i < loaded.count; ++i)
    if (search_beside(search, loaded.paths[i])) return true;
  return search_toolkit(search, std::getenv("CUDA_HOME")) ||
         search_toolkit(search, std::getenv("CUDA_PATH")) || search_usr_local(search) ||
         search_folder(search, "/usr/lib/x86_64-linux-gnu") || search_folder(search, "");
}

}  // namespace assay::tracer
