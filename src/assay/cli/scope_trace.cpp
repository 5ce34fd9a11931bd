// SPDX-License-Identifier: Apache-2.0
#include "assay/cli/scope_trace.hpp"

#include <fmt/format.h>

#include <cmath>
#include <iterator>
#include <utility>

namespace assay::cli {
namespace {

Error cant_write(const std::string& path) {
  return {ErrorCode::io,
          fmt::format("can't write {}; choose a folder you may write to, with room", path)};
}

}  // namespace

ScopeTrace::ScopeTrace(std::string path, int device)
    : path_(std::move(path)), file_(path_), device_(device) {
  file_ << "{\"traceEvents\":[\n";
}

Result<ScopeTrace> ScopeTrace::open(const std::string& path, int device) {
  ScopeTrace trace(path, device);
  if (!trace.file_) return cant_write(path);
  return trace;
}

void ScopeTrace::add(std::span<const sample::Tick> ticks) {
  fmt::memory_buffer out;
  for (const sample::Tick& tick : ticks) {
    if (!begin_ns_) begin_ns_ = tick.begin_ns;
    for (std::size_t i = 0; i < sample::kChannelCount; ++i) {
      if (!std::isfinite(tick.share[i])) continue;
      fmt::format_to(std::back_inserter(out),
                     "{}{{\"ph\":\"C\",\"pid\":{},\"name\":\"{} "
                     "%\",\"ts\":{:.3f},\"args\":{{\"value\":{:.2f}}}}}",
                     std::exchange(empty_, false) ? "" : ",\n", device_,
                     sample::to_string(static_cast<sample::Channel>(i)),
                     static_cast<double>(tick.begin_ns - *begin_ns_) * 1e-3, tick.share[i] * 100);
    }
  }
  file_.write(out.data(), static_cast<std::streamsize>(out.size()));
}

Status ScopeTrace::close() {
  file_ << "\n]}\n";
  file_.close();
  if (!file_) return cant_write(path_);
  return {};
}

}  // namespace assay::cli
