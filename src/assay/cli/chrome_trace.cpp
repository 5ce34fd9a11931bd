// SPDX-License-Identifier: Apache-2.0
#include "assay/cli/chrome_trace.hpp"

#include <fmt/format.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <string_view>

#include "assay/cli/kernel_name.hpp"

namespace assay::cli {
namespace {

using sample::CopyKind;

std::string_view copy_name(CopyKind kind) {
  constexpr std::array<std::string_view, sample::kCopyKinds> kNames = {"copy host to device",
                                                                       "copy device to host",
                                                                       "copy device to device",
                                                                       "copy peer to peer",
                                                                       "copy host to host",
                                                                       "memset",
                                                                       "copy"};
  return kNames[static_cast<std::size_t>(kind)];
}

std::string arguments_of(const probe::trace::TraceEvent& event) {
  if (event.kernel == nullptr) return fmt::format(R"("bytes":{:.0f})", event.bytes.value());
  const sample::KernelSignature& k = *event.kernel;
  return fmt::format(
      R"("grid":[{},{},{}],"block":[{},{},{}],"registers":{},"shared":{},"graph":{})", k.grid[0],
      k.grid[1], k.grid[2], k.block[0], k.block[1], k.block[2], k.registers,
      k.static_shared + k.dynamic_shared, k.in_graph || k.whole_graph);
}

}  // namespace

Result<std::unique_ptr<ChromeTrace>> ChromeTrace::create(const std::string& path) {
  std::FILE* file = std::fopen(path.c_str(), "we");
  if (file == nullptr)
    return Error{ErrorCode::io, fmt::format("can't write {}: {}", path, std::strerror(errno))};
  std::unique_ptr<ChromeTrace> trace(new ChromeTrace(path, file));
  trace->write("{\"displayTimeUnit\":\"ns\",\"traceEvents\":[");
  return trace;
}

ChromeTrace::~ChromeTrace() {
  if (file_ != nullptr) std::fclose(file_);
}

void ChromeTrace::write(const std::string& text) {
  failed_ = failed_ || std::fwrite(text.data(), 1, text.size(), file_) != text.size();
}

std::uint64_t ChromeTrace::lane_of(const probe::trace::TraceEvent& event) {
  constexpr std::uint64_t kStreams = 1'000'000;  // a device's share of the numbers
  const std::uint64_t lane =
      static_cast<std::uint64_t>(event.device) * kStreams + event.stream % kStreams;
  if (lanes_.emplace(event.pid, lane).second) {
    write(fmt::format(
        R"({}{{"ph":"M","name":"thread_name","pid":{},"tid":{},"args":{{"name":"GPU {} stream {}"}}}})",
        first_ ? "\n" : ",\n", event.pid, lane, event.device, event.stream));
    first_ = false;
  }
  return lane;
}

const std::string& ChromeTrace::shown(std::string_view name) {
  const auto [at, is_new] = names_.try_emplace(std::string(name));
  if (is_new) at->second = json_escaped(demangled(at->first));
  return at->second;
}

void ChromeTrace::on(const probe::trace::TraceEvent& event) {
  if (first_) epoch_ns_ = event.start_unix_ns;
  const std::uint64_t lane = lane_of(event);
  const bool kernel = event.kernel != nullptr;
  write(fmt::format(
      R"(,
{{"ph":"X","name":"{}","cat":"{}","pid":{},"tid":{},"ts":{:.3f},"dur":{:.3f},"args":{{{}}}}})",
      kernel ? std::string_view(shown(event.name)) : copy_name(event.copy),
      kernel ? "kernel" : "copy", event.pid, lane,
      static_cast<double>(event.start_unix_ns - epoch_ns_) * 1e-3,
      static_cast<double>(event.duration_ns) * 1e-3, arguments_of(event)));
}

Status ChromeTrace::finish() {
  write("\n]}\n");
  failed_ = std::fclose(file_) != 0 || failed_;
  file_ = nullptr;
  if (!failed_) return {};
  return Error{ErrorCode::io, fmt::format("{} is not whole: the disk is full or gone", path_)};
}

}  // namespace assay::cli
