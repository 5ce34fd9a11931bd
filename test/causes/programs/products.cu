// SPDX-License-Identifier: Apache-2.0
// Matrix products through cuBLAS, which is looked for at run time (ASSAY_CUBLAS names the file).
#include <cublas_v2.h>
#include <cuda_bf16.h>
#include <dlfcn.h>

#include "program.cuh"

namespace {

template <typename Function>
Function symbol(void* library, const char* name) {
  void* found = dlsym(library, name);
  if (found == nullptr) give_up(name, "this cuBLAS has none", 1);
  return reinterpret_cast<Function>(found);
}

using Create = cublasStatus_t (*)(cublasHandle_t*);
using Gemm = cublasStatus_t (*)(cublasHandle_t, cublasOperation_t, cublasOperation_t, int, int, int,
                                const void*, const void*, cudaDataType, int, const void*,
                                cudaDataType, int, const void*, void*, cudaDataType, int,
                                cublasComputeType_t, cublasGemmAlgo_t);

struct Cublas {
  cublasHandle_t handle = nullptr;
  Gemm gemm = nullptr;

  Cublas() {
    const char* file = std::getenv("ASSAY_CUBLAS");
    void* library = dlopen(file != nullptr ? file : "libcublas.so.13", RTLD_NOW | RTLD_GLOBAL);
    if (library == nullptr) give_up("set ASSAY_CUBLAS to libcublas.so.13", dlerror(), 4);
    symbol<Create>(library, "cublasCreate_v2")(&handle);
    gemm = symbol<Gemm>(library, "cublasGemmEx");
  }
};

// Random bits would be NaN and infinity here and there; these are values about 1, all different.
template <typename T>
__global__ void fill_values(T* x, long n, float spread) {
  const long stride = static_cast<long>(gridDim.x) * blockDim.x;
  for (long i = static_cast<long>(blockIdx.x) * blockDim.x + threadIdx.x; i < n; i += stride) {
    unsigned h = static_cast<unsigned>(i) * 2654435761U;
    h ^= h >> 15;
    h *= 2246822519U;
    h ^= h >> 13;
    x[i] = T(spread * (static_cast<float>(h & 0xffff) / 32768.0F - 1.0F));
  }
}

struct Product {
  int m, n, k;
  cudaDataType type;
  cublasComputeType_t compute;
  float spread;  // 0: all values alike, so that few bits toggle and little power is drawn
};

template <typename T>
T* operand(long n, float spread) {
  T* out = device_array<T>(static_cast<std::size_t>(n));
  fill_values<<<1024, 256>>>(out, n, spread);
  return out;
}

template <typename T>
void multiply(double seconds, const Product& p) {
  Cublas cublas;
  T* a = operand<T>(static_cast<long>(p.m) * p.k, p.spread);
  T* b = operand<T>(static_cast<long>(p.k) * p.n, p.spread);
  T* c = operand<T>(static_cast<long>(p.m) * p.n, 0);
  const float one = 1;
  const float zero = 0;
  const double one64 = 1;
  const double zero64 = 0;
  const bool is_fp64 = p.type == CUDA_R_64F;
  repeat(seconds, 4, [&] {
    const cublasStatus_t code =
        cublas.gemm(cublas.handle, CUBLAS_OP_T, CUBLAS_OP_N, p.m, p.n, p.k,
                    is_fp64 ? static_cast<const void*>(&one64) : &one, a, p.type, p.k, b, p.type, p.k,
                    is_fp64 ? static_cast<const void*>(&zero64) : &zero, c, p.type, p.m, p.compute,
                    CUBLAS_GEMM_DEFAULT);
    if (code != CUBLAS_STATUS_SUCCESS) give_up("cublasGemmEx", "the product was refused", 1);
  });
}

using Half = __nv_bfloat16;

}  // namespace

PROGRAM(healthy_gemm_4096, "healthy-gemm-4096") {
  multiply<Half>(seconds, {4096, 4224, 4096, CUDA_R_16BF, CUBLAS_COMPUTE_32F, 0});
}
PROGRAM(healthy_gemm_tall, "healthy-gemm-tall") {
  multiply<Half>(seconds, {16896, 2048, 2048, CUDA_R_16BF, CUBLAS_COMPUTE_32F, 0});
}
PROGRAM(healthy_gemm_deep, "healthy-gemm-deep") {
  multiply<Half>(seconds, {2112, 2048, 16384, CUDA_R_16BF, CUBLAS_COMPUTE_32F, 0});
}
PROGRAM(healthy_decode_layer, "healthy-decode-layer") {
  multiply<Half>(seconds, {57344, 16, 8192, CUDA_R_16BF, CUBLAS_COMPUTE_32F, 1});
}
PROGRAM(healthy_dgemm, "healthy-dgemm") {
  multiply<double>(seconds, {4224, 4096, 2048, CUDA_R_64F, CUBLAS_COMPUTE_64F, 0});
}
PROGRAM(throttled_gemm_8192, "throttled-gemm-8192") {
  multiply<Half>(seconds + 1, {8192, 8192, 8192, CUDA_R_16BF, CUBLAS_COMPUTE_32F, 1});
}
PROGRAM(throttled_gemm_wide, "throttled-gemm-wide") {
  multiply<Half>(seconds + 1, {16384, 8192, 8192, CUDA_R_16BF, CUBLAS_COMPUTE_32F, 1});
}
PROGRAM(throttled_gemm_long, "throttled-gemm-long") {
  multiply<Half>(seconds + 1, {8192, 8192, 16384, CUDA_R_16BF, CUBLAS_COMPUTE_32F, 1});
}
PROGRAM(wrong_sgemm, "wrong-sgemm") {
  multiply<float>(seconds, {8192, 8192, 4096, CUDA_R_32F, CUBLAS_COMPUTE_32F, 1});
}
PROGRAM(wrong_sgemm_small, "wrong-sgemm-small") {
  multiply<float>(seconds, {4096, 4096, 1024, CUDA_R_32F, CUBLAS_COMPUTE_32F_PEDANTIC, 1});
}
