// SPDX-License-Identifier: Apache-2.0
#include "assay/probe/nvml/thread.hpp"

#include <pthread.h>

#include <cstddef>
#include <cstring>
#include <memory>

#include <fmt/format.h>

namespace assay::probe::nvml {
namespace {

// Address space only: pages count once they are touched. Under 2 MiB, so that transparent huge
// pages never back a whole stack.
constexpr std::size_t kStack = 524288;

void* run(void* argument) {
  const std::unique_ptr<std::function<void()>> body(static_cast<std::function<void()>*>(argument));
  (*body)();
  return nullptr;
}

}  // namespace

Status spawn_detached(std::function<void()> body) {
  auto owned = std::make_unique<std::function<void()>>(std::move(body));
  pthread_attr_t attributes;
  pthread_attr_init(&attributes);
  pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
  pthread_attr_setstacksize(&attributes, kStack);
  pthread_t thread{};
  // The thread owns the body once there is a thread.
  auto* const body_of_thread = owned.release();
  const int failed = pthread_create(&thread, &attributes, run, body_of_thread);
  pthread_attr_destroy(&attributes);
  if (failed != 0) owned.reset(body_of_thread);
  if (failed != 0)
    return Error{ErrorCode::io, fmt::format("can't start a sampling thread: {}; raise the limit on "
                                            "processes (ulimit -u) or free memory",
                                            std::strerror(failed))};
  return {};
}

}  // namespace assay::probe::nvml
