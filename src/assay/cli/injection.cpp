// SPDX-License-Identifier: Apache-2.0
#include "assay/cli/injection.hpp"

#include <fmt/format.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string_view>
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
  const std::string parent = code ? "/tmp" : base.string();
  const auto failed = [&](std::string_view reason) {
    return Error{ErrorCode::io, fmt::format("can't unpack the tracer into {}: {}; set TMPDIR to a "
                                            "folder that can be written",
                                            parent, reason)};
  };
  auto folder = PrivateFolder::make(parent, "assay-tracer");
  if (!folder) return failed(folder.error().message);
  Injection injection(std::move(*folder));
  std::ofstream file(std::filesystem::path(injection.folder_.path()) / kLibraryName,
                     std::ios::binary);
  for (const tracer_library::EmbeddedFile& library : tracer_library::embedded_files())
    file.write(library.bytes.data(), static_cast<std::streamsize>(library.bytes.size()));
  file.close();
  if (!file.good()) return failed("it is full");
  return injection;
}

std::vector<Child::Variable> Injection::variables() const {
  return {{kInjectionVariable, folder_.path() + "/" + kLibraryName}};
}

}  // namespace assay::cli
