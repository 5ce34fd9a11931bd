// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "assay/tracer/cupti_abi.hpp"

namespace assay::tracer {

// The functions of one loaded CUPTI.
struct Cupti {
  abi::Code (*get_version)(std::uint32_t*) = nullptr;
  abi::Code (*register_callbacks)(abi::RequestBuffer, abi::CompleteBuffer) = nullptr;
  abi::Code (*enable)(std::uint32_t kind) = nullptr;
  abi::Code (*disable)(std::uint32_t kind) = nullptr;
  abi::Code (*next_record)(std::uint8_t* buffer, std::size_t valid, abi::Record** record) = nullptr;
  abi::Code (*dropped)(void* context, std::uint32_t stream, std::size_t* count) = nullptr;
  abi::Code (*flush_all)(std::uint32_t flag) = nullptr;
  abi::Code (*set_attribute)(std::uint32_t attribute, std::size_t* size, void* value) = nullptr;
  abi::Code (*timestamp)(std::uint64_t*) = nullptr;
  abi::Code (*result_string)(abi::Code, const char**) = nullptr;
};

// False where the library lacks one of them, all of which are there since CUDA 10.
bool load_functions(void* library, Cupti& cupti);

// CUPTI's own word for a code; never null.
const char* word_of(const Cupti& cupti, abi::Code code);

}  // namespace assay::tracer
