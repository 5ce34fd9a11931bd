// SPDX-License-Identifier: Apache-2.0
#include "sim/library_copy.hpp"

#include <dlfcn.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>

namespace assay::test {

LibraryCopy::LibraryCopy() {
  static int number = 0;
  path_ = std::filesystem::temp_directory_path() /
          ("assay-sim-" + std::to_string(::getpid()) + "-" + std::to_string(number++) + ".so");
  std::filesystem::copy_file(ASSAY_SIM_LIBRARY, path_);
  loaded_ = ::dlopen(path_.c_str(), RTLD_NOW | RTLD_LOCAL);
  EXPECT_NE(loaded_, nullptr) << ::dlerror();
}

LibraryCopy::~LibraryCopy() { std::filesystem::remove(path_); }

void* LibraryCopy::address(const char* name) const {
  return loaded_ == nullptr ? nullptr : ::dlsym(loaded_, name);
}

void LibraryCopy::start(const std::string& scenario) {
  ::setenv("ASSAY_SIM_SCENARIO", scenario.c_str(), 1);
  ASSERT_EQ(function<unsigned()>("nvmlInit_v2")(), 0U) << scenario;
}

void* LibraryCopy::device() const {
  void* out = nullptr;
  EXPECT_EQ(function<unsigned(unsigned, void**)>("nvmlDeviceGetHandleByIndex_v2")(0, &out), 0U);
  return out;
}

}  // namespace assay::test
