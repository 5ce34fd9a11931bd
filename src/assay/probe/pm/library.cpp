// SPDX-License-Identifier: Apache-2.0
#include "assay/probe/pm/library.hpp"

#include <dlfcn.h>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <filesystem>
#include <vector>

namespace assay::probe::pm {
namespace {

namespace fs = std::filesystem;

// CUDA's folders below /usr/local, the highest version first, and what the environment names.
std::vector<fs::path> cuda_folders() {
  std::vector<fs::path> found;
  std::error_code code;
  for (const auto& entry : fs::directory_iterator("/usr/local", code))
    if (entry.path().filename().string().starts_with("cuda")) found.push_back(entry.path());
  std::ranges::sort(found, std::greater{});
  for (const char* name : {"CUDA_PATH", "CUDA_HOME"})
    if (const char* folder = std::getenv(name)) found.insert(found.begin(), folder);
  return found;
}

std::vector<std::string> candidates() {
  if (const char* file = std::getenv("ASSAY_CUPTI")) return {file};
  std::vector<std::string> out;
  for (const fs::path& folder : cuda_folders())
    for (const char* below : {"extras/CUPTI/lib64", "lib64", "lib", "targets/x86_64-linux/lib"}) {
      std::error_code code;
      for (const auto& entry : fs::directory_iterator(folder / below, code))
        if (entry.path().filename().string().starts_with("libcupti.so"))
          out.push_back(entry.path().string());
    }
  for (const char* name : {"libcupti.so.13", "libcupti.so.12", "libcupti.so"})
    out.emplace_back(name);
  return out;
}

}  // namespace

Result<std::shared_ptr<const Library>> Library::load(const std::string& path) {
  void* handle = dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL);
  if (handle == nullptr)
    return Error{ErrorCode::not_found, fmt::format("the microscope can't load {}", path)};
  std::shared_ptr<Library> library(new Library);
  library->path_ = path;
  const char* missing = nullptr;
#define ASSAY_CUPTI_PM_RESOLVE(field, symbol, params)                                \
  library->functions_.field =                                                        \
      reinterpret_cast<decltype(library->functions_.field)>(dlsym(handle, #symbol)); \
  if (library->functions_.field == nullptr && missing == nullptr) missing = #symbol;
  ASSAY_CUPTI_PM_FUNCTIONS(ASSAY_CUPTI_PM_RESOLVE)
#undef ASSAY_CUPTI_PM_RESOLVE
  if (missing != nullptr) {
    dlclose(handle);
    return Error{ErrorCode::version_refused,
                 fmt::format("{} has no {}; the microscope needs CUPTI of CUDA 12.6 or newer", path,
                             missing)};
  }
  return std::shared_ptr<const Library>(std::move(library));
}

Result<std::shared_ptr<const Library>> Library::load() {
  Error last{ErrorCode::not_found,
             "the microscope needs libcupti of CUDA 12.6 or newer and found none; install the CUDA "
             "toolkit, or name the file in ASSAY_CUPTI"};
  for (const std::string& path : candidates()) {
    auto library = load(path);
    if (library) return library;
    if (library.error().code == ErrorCode::version_refused) last = library.error();
  }
  return last;
}

void Library::initialize() const {
  abi::InitializeParams params;
  static_cast<void>(functions_.initialize(&params));
}

Status start_driver() {
  void* handle = dlopen("libcuda.so.1", RTLD_NOW | RTLD_LOCAL);
  using Init = int (*)(unsigned);
  const auto init = handle != nullptr ? reinterpret_cast<Init>(dlsym(handle, "cuInit")) : nullptr;
  if (init == nullptr)
    return Error{
        ErrorCode::nothing_to_measure,
        "the microscope needs an NVIDIA GPU and found no CUDA driver (libcuda.so.1); run it "
        "on a machine that has one"};
  if (const int code = init(0); code != 0)
    return Error{
        ErrorCode::nothing_to_measure,
        fmt::format("the CUDA driver does not start (code {}); `assay doctor` says why", code)};
  return {};
}

std::string board_name(int device) {
  void* handle = dlopen("libcuda.so.1", RTLD_NOW | RTLD_LOCAL);
  if (handle == nullptr) return {};
  using Get = int (*)(int*, int);
  using Name = int (*)(char*, int, int);
  const auto get = reinterpret_cast<Get>(dlsym(handle, "cuDeviceGet"));
  const auto name = reinterpret_cast<Name>(dlsym(handle, "cuDeviceGetName"));
  std::array<char, 128> text{};
  int id = 0;
  if (get == nullptr || name == nullptr || get(&id, device) != 0) return {};
  if (name(text.data(), static_cast<int>(text.size()) - 1, id) != 0) return {};
  return text.data();
}

}  // namespace assay::probe::pm
