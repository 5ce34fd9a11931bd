// SPDX-License-Identifier: Apache-2.0
#include "assay/cli/injection.hpp"

#include <fmt/format.h>
#include <stdlib.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <utility>

#include "assay_tracer_library_embedded.hpp"

namespace assay::cli {
namespace {

// Read by the CUDA driver when a process starts it (CUDA 11 and newer, 64 bit).
constexpr const char* kInjectionVariable = "CUDA_INJECTION64_PATH";
constexpr const char* kLibraryName = "libassay-trace.so";

}  // namespace

Result<Injection> Injection::prepare() {
  if (const char* own = std::getenv(kInjectionVariable); own != nullptr && *own != '\0')
    return Error{ErrorCode::not_supported,
                 fmt::format("{} is set already, to {}; unset it to have kernels traced",
                             kInjectionVariable, own)};
  std::error_code code;
  const std::filesystem::path base = std::filesystem::temp_directory_path(code);
  std::string folder = (code ? std::filesystem::path("/tmp") : base) / "assay-tracer-XXXXXX";
  const auto failed = [&](int reason) {
    return Error{ErrorCode::io, fmt::format("can't unpack the tracer into {}: {}; set TMPDIR to a "
                                            "folder that can be written",
                                            folder, std::strerror(reason))};
  };
  if (mkdtemp(folder.data()) == nullptr) return failed(errno);
  Injection injection(folder);
  std::ofstream file(std::filesystem::path(folder) / kLibraryName, std::ios::binary);
  for (const tracer_library::EmbeddedFile& library : tracer_library::embedded_files())
    file.write(library.bytes.data(), static_cast<std::streamsize>(library.bytes.size()));
  file.close();
  if (!file.good()) return failed(ENOSPC);
  return injection;
}

Injection::Injection(Injection&& other) noexcept : folder_(std::exchange(other.folder_, "")) {}

Injection::~Injection() {
  std::error_code code;
  if (!folder_.empty()) std::filesystem::remove_all(folder_, code);
}

std::vector<Child::Variable> Injection::variables() const {
  return {{kInjectionVariable, folder_ + "/" + kLibraryName}};
}

}  // namespace assay::cli
