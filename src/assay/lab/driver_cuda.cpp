// SPDX-License-Identifier: Apache-2.0
#include "assay/lab/driver_cuda.hpp"

#include <chrono>
#include <utility>

#include <fmt/format.h>

#include "assay/lab/cublas.hpp"
#include "assay/lab/device_choice.hpp"
#include "assay/lab/ptx.hpp"

namespace assay::lab {
namespace {

abi::Event as_event(Cuda::Event event) { return static_cast<abi::Event>(event); }

std::string mebibytes(std::size_t bytes) {
  return fmt::format("{:.1f} MiB", static_cast<double>(bytes) / 1048576.0);
}

}  // namespace

Result<std::unique_ptr<DriverCuda>> DriverCuda::open(std::shared_ptr<const Driver> driver,
                                                     std::string_view device_uuid) {
  TRY_ASSIGN(auto chosen, choose_device(*driver, device_uuid));
  const DeviceInfo& info = chosen.info;
  if (info.cc_major * 10 + info.cc_minor < 75)
    return Error{ErrorCode::not_supported,
                 fmt::format("the lab's kernels need compute capability 7.5 (Turing) or newer and "
                             "{} has {}.{}; the other verbs work on it",
                             info.name, info.cc_major, info.cc_minor)};
  std::unique_ptr<DriverCuda> cuda(
      new DriverCuda(std::move(driver), chosen.device, std::move(chosen.info)));
  const auto& call = cuda->driver_->call();
  // A waiting host thread sleeps: one that spins would cost the meter beside it a core. Fails where
  // the context is already active, which only costs that.
  static_cast<void>(call.context_flags(cuda->device_, abi::kContextBlockingSync));
  TRY(cuda->driver_->check(call.context_retain(&cuda->context_, cuda->device_),
                           "making a CUDA context on " + cuda->info_.name));
  TRY(cuda->bind_thread());
  TRY(cuda->driver_->check(call.stream_create(&cuda->stream_, abi::kStreamNonBlocking),
                           "making a CUDA stream"));
  return cuda;
}

// Errors here have nobody to go to; the driver frees what is left when the process ends.
DriverCuda::~DriverCuda() {
  if (context_ == nullptr) return;
  const auto& call = driver_->call();
  static_cast<void>(call.context_set(context_));
  if (stream_ != nullptr) {
    static_cast<void>(call.stream_synchronize(stream_));
    static_cast<void>(call.stream_destroy(stream_));
  }
  for (std::size_t i = 0; i < module_count_; ++i)
    static_cast<void>(call.module_unload(modules_[i].module));
  static_cast<void>(call.context_set(nullptr));
  static_cast<void>(call.context_release(device_));
}

Status DriverCuda::bind_thread() {
  return driver_->check(driver_->call().context_set(context_), "entering the CUDA context");
}

Result<std::size_t> DriverCuda::free_memory() {
  std::size_t free = 0;
  std::size_t total = 0;
  TRY(driver_->check(driver_->call().memory_info(&free, &total), "asking for free device memory"));
  return free;
}

Result<DevicePtr> DriverCuda::allocate(std::size_t bytes) {
  abi::DevicePtr memory = 0;
  TRY(driver_->check(driver_->call().memory_alloc(&memory, bytes),
                     fmt::format("allocating {} on {} for the lab", mebibytes(bytes), info_.name)));
  return DevicePtr{memory};
}

void DriverCuda::release(DevicePtr memory) {
  static_cast<void>(driver_->call().memory_free(memory));
}

Result<void*> DriverCuda::allocate_pinned(std::size_t bytes) {
  void* memory = nullptr;
  TRY(driver_->check(driver_->call().host_alloc(&memory, bytes, 0),
                     fmt::format("allocating {} of pinned host memory", mebibytes(bytes))));
  return memory;
}

void DriverCuda::release_pinned(void* memory) {
  static_cast<void>(driver_->call().host_free(memory));
}

Status DriverCuda::clear(DevicePtr memory, std::size_t bytes) {
  return driver_->check(driver_->call().fill_bytes(memory, 0, bytes, stream_),
                        "clearing device memory");
}

Status DriverCuda::copy_in(DevicePtr to, const void* pinned, std::size_t bytes) {
  return driver_->check(driver_->call().copy_in(to, pinned, bytes, stream_),
                        "copying host memory to the device");
}

Status DriverCuda::copy_out(void* to, DevicePtr from, std::size_t bytes) {
  TRY(driver_->check(driver_->call().copy_out(to, from, bytes, stream_),
                     "copying device memory to the host"));
  return synchronize();
}

Result<abi::Module> DriverCuda::module(std::string_view file) {
  for (std::size_t i = 0; i < module_count_; ++i)
    if (modules_[i].file == file) return modules_[i].module;
  const std::string_view text = ptx_text(file);
  CHECK(!text.empty() && module_count_ < modules_.size());
  std::array<char, 1024> log{};
  std::array options{abi::kJitErrorLogBuffer, abi::kJitErrorLogBufferSizeBytes};
  // The size travels in the pointer itself: that is the driver's convention.
  std::array<void*, 2> values{log.data(), reinterpret_cast<void*>(log.size() - 1)};
  abi::Module loaded = nullptr;
  const abi::Status code =
      driver_->call().module_load(&loaded, text.data(), 2, options.data(), values.data());
  std::string what = fmt::format("compiling {} for {}", file, info_.name);
  if (log[0] != '\0') what += fmt::format(" (the driver's compiler says: {})", log.data());
  TRY(driver_->check(code, what));
  modules_[module_count_++] = {file, loaded};
  return loaded;
}

Result<abi::Kernel> DriverCuda::kernel(Function function) {
  abi::Kernel& cached = kernels_[static_cast<std::size_t>(function)];
  if (cached != nullptr) return cached;
  const KernelEntry entry = kernel_entry(function);
  TRY_ASSIGN(const abi::Module loaded, module(entry.file));
  TRY(driver_->check(driver_->call().module_kernel(&cached, loaded, entry.symbol.data()),
                     fmt::format("finding the kernel {}", entry.symbol)));
  return cached;
}

Status DriverCuda::launch(Function function, int grid, int block, const KernelArgs& args) {
  TRY_ASSIGN(const abi::Kernel found, kernel(function));
  KernelArgs copy = args;  // the driver wants pointers to mutable parameters and only reads them
  std::array<void*, 6> parameters{&copy.control, &copy.duration_ns, &copy.max_rounds,
                                  &copy.a,       &copy.b,           &copy.n};
  const abi::Status code =
      driver_->call().launch(found, static_cast<unsigned>(grid), 1, 1, static_cast<unsigned>(block),
                             1, 1, 0, stream_, parameters.data(), nullptr);
  if (code == abi::kSuccess) return {};  // before the words: tiny kernels come by the microsecond
  return driver_->check(
      code, fmt::format("launching {}<<<{}, {}>>>", kernel_entry(function).symbol, grid, block));
}

Status DriverCuda::synchronize() {
  return driver_->check(driver_->call().stream_synchronize(stream_),
                        "waiting for the device to finish");
}

Result<Cuda::Event> DriverCuda::create_event() {
  abi::Event event = nullptr;
  TRY(driver_->check(driver_->call().event_create(&event, abi::kEventBlockingSync),
                     "making a CUDA event"));
  return Event{event};
}

void DriverCuda::destroy_event(Event event) {
  static_cast<void>(driver_->call().event_destroy(as_event(event)));
}

Status DriverCuda::record(Event event) {
  return driver_->check(driver_->call().event_record(as_event(event), stream_),
                        "marking a moment in the device's queue");
}

Status DriverCuda::wait(Event event) {
  return driver_->check(driver_->call().event_synchronize(as_event(event)),
                        "waiting for the device to finish");
}

// Without a profiler both answer an error that is no trouble of ours.
void DriverCuda::profiler_start() { static_cast<void>(driver_->call().profiler_start()); }
void DriverCuda::profiler_stop() { static_cast<void>(driver_->call().profiler_stop()); }

Result<Seconds> DriverCuda::between(Event from, Event to) {
  float ms = 0;
  TRY(driver_->check(driver_->call().event_elapsed(&ms, as_event(from), as_event(to)),
                     "reading the device's time"));
  return milliseconds(static_cast<double>(ms));
}

Result<std::unique_ptr<Gemm>> DriverCuda::open_gemm() { return open_cublas(stream_); }

Seconds DriverCuda::now() const {
  return Seconds(
      std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count());
}

}  // namespace assay::lab
