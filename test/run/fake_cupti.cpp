// SPDX-License-Identifier: Apache-2.0
#include <unistd.h>

#include <array>
#include <atomic>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <mutex>

#include "assay/tracer/cupti_abi.hpp"
#include "run/fake_launch.hpp"

namespace abi = assay::tracer::abi;
namespace run = assay::test::run;

namespace {

constexpr std::size_t kKernelBytes = 216;  // CUpti_ActivityKernel10
constexpr std::size_t kCopyBytes = 96;     // CUpti_ActivityMemcpy6

std::mutex mutex;
abi::RequestBuffer request = nullptr;
abi::CompleteBuffer complete = nullptr;
std::array<std::atomic<bool>, 64> enabled{};
std::uint8_t* buffer = nullptr;
std::size_t size = 0;
std::size_t used = 0;
std::size_t dropped = 0;
std::atomic<std::int64_t> launches{0};

long setting(const char* name, long otherwise) {
  const char* text = std::getenv(name);
  return text == nullptr ? otherwise : std::strtol(text, nullptr, 10);
}

void hand_over() {
  if (buffer == nullptr) return;
  std::uint8_t* const full = buffer;
  buffer = nullptr;
  complete(nullptr, 0, full, size, used);
}

// Room for a record, as CUPTI does it: a fresh buffer when this one is full.
void append(const void* record, std::size_t bytes) {
  if (buffer != nullptr && used + bytes > size) hand_over();
  if (buffer == nullptr) {
    std::size_t most = 0;
    used = 0;
    request(&buffer, &size, &most);
  }
  if (buffer == nullptr) {
    ++dropped;
    return;
  }
  std::memcpy(buffer + used, record, bytes);
  used += bytes;
}

std::size_t bytes_of(std::uint32_t kind) {
  switch (kind) {
    case abi::kConcurrentKernel: return kKernelBytes;
    case abi::kMemcpy: return kCopyBytes;
    default: return 0;
  }
}

}  // namespace

extern "C" {

int cuptiGetVersion(std::uint32_t* version) {
  *version = static_cast<std::uint32_t>(setting("FAKE_CUPTI_VERSION", 130001));
  return abi::kSuccess;
}

int cuptiActivityRegisterCallbacks(abi::RequestBuffer ask, abi::CompleteBuffer give) {
  if (setting("FAKE_CUPTI_CRASH", 0) != 0) std::abort();
  request = ask;
  complete = give;
  return abi::kSuccess;
}

int cuptiActivityEnable(std::uint32_t kind) {
  if (const long code = setting("FAKE_CUPTI_ENABLE", 0); code != 0) return static_cast<int>(code);
  enabled.at(kind) = true;
  return abi::kSuccess;
}

// As CUPTI 13.0 does where there are graphs: once on, this kind stays on, or the job suffers.
int cuptiActivityDisable(std::uint32_t kind) {
  if (kind == abi::kGraphTrace && enabled.at(kind)) std::abort();
  enabled.at(kind) = false;
  return abi::kSuccess;
}

int cuptiActivityGetNextRecord(std::uint8_t* from, std::size_t valid, abi::Record** record) {
  auto* at = reinterpret_cast<std::uint8_t*>(*record);
  at = at == nullptr ? from : at + bytes_of((*record)->kind);
  if (at >= from + valid) return abi::kNoMoreRecords;
  *record = reinterpret_cast<abi::Record*>(at);
  return abi::kSuccess;
}

int cuptiActivityGetNumDroppedRecords(void*, std::uint32_t, std::size_t* count) {
  *count = dropped;
  dropped = 0;
  return abi::kSuccess;
}

int cuptiActivityFlushAll(std::uint32_t) {
  while (setting("FAKE_CUPTI_HANG", 0) != 0) sleep(1);
  const std::lock_guard lock(mutex);
  hand_over();
  return abi::kSuccess;
}

int cuptiActivitySetAttribute(std::uint32_t, std::size_t*, void*) { return abi::kSuccess; }

int cuptiGetTimestamp(std::uint64_t* now) {
  timespec at{};
  clock_gettime(CLOCK_REALTIME, &at);
  *now = static_cast<std::uint64_t>(at.tv_sec) * 1'000'000'000U +
         static_cast<std::uint64_t>(at.tv_nsec);
  return abi::kSuccess;
}

int cuptiGetResultString(int code, const char** word) {
  *word = code == 39 ? "CUPTI_ERROR_MULTIPLE_SUBSCRIBERS_NOT_SUPPORTED" : "CUPTI_ERROR_OTHER";
  return abi::kSuccess;
}

void fake_launch(const run::FakeKernel* kernel) {
  const std::int64_t number = ++launches;  // as the driver does, traced or not
  if (!enabled.at(abi::kConcurrentKernel)) return;
  union {
    abi::KernelRecord kernel;
    std::uint8_t bytes[kKernelBytes];
  } record{};
  record.kernel.kind = abi::kConcurrentKernel;
  record.kernel.registers = 24;
  record.kernel.start = kernel->start;
  record.kernel.end = kernel->end;
  record.kernel.stream = kernel->stream;
  for (int axis = 0; axis < 3; ++axis) record.kernel.grid[axis] = record.kernel.block[axis] = 1;
  record.kernel.grid[0] = kernel->grid;
  record.kernel.block[0] = kernel->block;
  record.kernel.name = kernel->name;
  record.kernel.graph_node = kernel->graph_node;
  record.kernel.grid_id = number;
  const std::lock_guard lock(mutex);
  append(&record, kKernelBytes);
}

void fake_copy(std::uint64_t bytes, std::uint64_t start, std::uint64_t end) {
  if (!enabled.at(abi::kMemcpy)) return;
  union {
    abi::CopyRecord copy;
    std::uint8_t bytes[kCopyBytes];
  } record{};
  record.copy = {.kind = abi::kMemcpy, .way = 1, .bytes = bytes, .start = start, .end = end};
  const std::lock_guard lock(mutex);
  append(&record, kCopyBytes);
}

}  // extern "C"
