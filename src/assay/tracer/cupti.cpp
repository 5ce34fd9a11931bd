// SPDX-License-Identifier: Apache-2.0
#include "assay/tracer/cupti.hpp"

#include <dlfcn.h>

namespace assay::tracer {
namespace {

template <typename Function>
bool load(void* library, const char* name, Function& function) {
  function = reinterpret_cast<Function>(dlsym(library, name));
  return function != nullptr;
}

}  // namespace

bool load_functions(void* library, Cupti& cupti) {
  return load(library, "cuptiGetVersion", cupti.get_version) &&
         load(library, "cuptiActivityRegisterCallbacks", cupti.register_callbacks) &&
         load(library, "cuptiActivityEnable", cupti.enable) &&
         load(library, "cuptiActivityDisable", cupti.disable) &&
         load(library, "cuptiActivityGetNextRecord", cupti.next_record) &&
         load(library, "cuptiActivityGetNumDroppedRecords", cupti.dropped) &&
         load(library, "cuptiActivityFlushAll", cupti.flush_all) &&
         load(library, "cuptiActivitySetAttribute", cupti.set_attribute) &&
         load(library, "cuptiGetTimestamp", cupti.timestamp) &&
         load(library, "cuptiGetResultString", cupti.result_string);
}

const char* word_of(const Cupti& cupti, abi::Code code) {
  const char* word = nullptr;
  if (cupti.result_string == nullptr || cupti.result_string(code, &word) != abi::kSuccess)
    return "CUPTI_ERROR_UNKNOWN";
  return word == nullptr ? "CUPTI_ERROR_UNKNOWN" : word;
}

}  // namespace assay::tracer
