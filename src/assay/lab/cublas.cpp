// SPDX-License-Identifier: Apache-2.0
#include "assay/lab/cublas.hpp"

#include <dlfcn.h>

#include <array>
#include <cstdlib>
#include <string_view>
#include <utility>

#include <fmt/format.h>

namespace assay::lab {
namespace {

// From cublas_api.h and library_types.h of CUDA 13.0; the same since CUDA 11.
constexpr int kNoTranspose = 0;
constexpr int kTranspose = 1;
constexpr int kBf16 = 14;          // CUDA_R_16BF
constexpr int kComputeFp32 = 68;   // CUBLAS_COMPUTE_32F
constexpr int kAnyAlgorithm = -1;  // CUBLAS_GEMM_DEFAULT

struct Functions {
  int (*create)(void** handle) = nullptr;
  int (*destroy)(void* handle) = nullptr;
  int (*set_stream)(void* handle, abi::Stream stream) = nullptr;
  int (*get_property)(int which, int* value) = nullptr;
  int (*gemm)(void* handle, int transpose_a, int transpose_b, int m, int n, int k,
              const void* alpha, const void* a, int type_a, int lda, const void* b, int type_b,
              int ldb, const void* beta, void* c, int type_c, int ldc, int compute,
              int algorithm) = nullptr;
};

template <typename Pointer>
bool resolve(void* library, const char* symbol, Pointer& out) {
  out = reinterpret_cast<Pointer>(dlsym(library, symbol));
  return out != nullptr;
}

bool resolve_all(void* library, Functions& out) {
  return resolve(library, "cublasCreate_v2", out.create) &&
         resolve(library, "cublasDestroy_v2", out.destroy) &&
         resolve(library, "cublasSetStream_v2", out.set_stream) &&
         resolve(library, "cublasGetProperty", out.get_property) &&
         resolve(library, "cublasGemmEx", out.gemm);
}

Error cublas_error(std::string_view what, int status) {
  return {ErrorCode::internal,
          fmt::format("{} failed with cuBLAS status {}; set ASSAY_CUBLAS=none to use assay's own "
                      "kernel, or to the path of another libcublas.so",
                      what, status)};
}

class Cublas final : public Gemm {
 public:
  Cublas(const Functions& functions, void* handle) : functions_(functions), handle_(handle) {}
  ~Cublas() override { static_cast<void>(functions_.destroy(handle_)); }
  Cublas(const Cublas&) = delete;
  Cublas& operator=(const Cublas&) = delete;

  Status enqueue(int n, DevicePtr a, DevicePtr b, DevicePtr c) override {
    const float one = 1;
    const float zero = 0;
    // Column-major A^T * B is the layout that reads both along their rows.
    const int status = functions_.gemm(handle_, kTranspose, kNoTranspose, n, n, n, &one, pointer(a),
                                       kBf16, n, pointer(b), kBf16, n, &zero, pointer(c), kBf16, n,
                                       kComputeFp32, kAnyAlgorithm);
    if (status != 0) return cublas_error(fmt::format("a bf16 product of {0} x {0}", n), status);
    return {};
  }

  [[nodiscard]] std::string name() const override {
    std::array<int, 3> version{};
    for (int i = 0; i < 3; ++i) {
      int& part = version[static_cast<std::size_t>(i)];
      if (functions_.get_property(i, &part) != 0) return "cublas";
    }
    return fmt::format("cublas {}.{}.{}", version[0], version[1], version[2]);
  }

 private:
  static void* pointer(DevicePtr address) { return reinterpret_cast<void*>(address); }

  Functions functions_;
  void* handle_;
};

}  // namespace

std::vector<std::string> cublas_candidates(const char* setting) {
  if (setting != nullptr && *setting != '\0') {
    if (std::string_view(setting) == "none") return {};
    return {setting};
  }
  std::vector<std::string> paths;
  for (const char* folder :
       {"", "/usr/local/cuda/lib64/", "/usr/local/cuda/targets/x86_64-linux/lib/",
        "/usr/local/cuda/targets/sbsa-linux/lib/"}) {
    for (const char* version : {"13", "12", "11"})
      paths.push_back(fmt::format("{}libcublas.so.{}", folder, version));
  }
  return paths;
}

Result<std::unique_ptr<Gemm>> open_cublas_from(const std::vector<std::string>& candidates,
                                               abi::Stream stream) {
  std::string refused;
  for (const std::string& path : candidates) {
    void* const library = dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL);
    if (library == nullptr) continue;
    Functions functions;
    if (!resolve_all(library, functions)) {
      refused += fmt::format("; {} lacks a function", path);
      dlclose(library);
      continue;
    }
    void* handle = nullptr;
    if (const int status = functions.create(&handle); status != 0) {
      refused += fmt::format("; {} does not start on this driver (status {})", path, status);
      continue;
    }
    auto gemm = std::make_unique<Cublas>(functions, handle);
    if (const int status = functions.set_stream(handle, stream); status != 0)
      return cublas_error("giving a stream to " + path, status);
    return std::unique_ptr<Gemm>(std::move(gemm));
  }
  return Error{ErrorCode::not_found,
               fmt::format("no libcublas.so serves here{}; set ASSAY_CUBLAS to the path of one to "
                           "have the tensor roof measured with it",
                           refused)};
}

Result<std::unique_ptr<Gemm>> open_cublas(abi::Stream stream) {
  return open_cublas_from(cublas_candidates(std::getenv("ASSAY_CUBLAS")), stream);
}

}  // namespace assay::lab
