// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdio>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>

#include "assay/base/result.hpp"
#include "assay/probe/trace/event_sink.hpp"

namespace assay::cli {

// Writes each event into a file of the Chrome trace format (JSON object format of "Trace Event
// Format", Google, 2016), which Perfetto and chrome://tracing open: a process a pid, a thread a
// stream. Times are in microseconds since the first event. As it goes: a cut-off file opens too.
class ChromeTrace final : public probe::trace::EventSink {
 public:
  // Errors: io, where the file can't be made.
  static Result<std::unique_ptr<ChromeTrace>> create(const std::string& path);
  ~ChromeTrace() override;
  ChromeTrace(const ChromeTrace&) = delete;
  ChromeTrace& operator=(const ChromeTrace&) = delete;

  void on(const probe::trace::TraceEvent& event) override;
  // Writes the end. io, where something could not be written.
  Status finish();

 private:
  ChromeTrace(std::string path, std::FILE* file) : path_(std::move(path)), file_(file) {}
  void write(const std::string& text);
  // The thread's number, told the file once with its name.
  std::uint64_t lane_of(const probe::trace::TraceEvent& event);
  const std::string& shown(std::string_view name);

  std::string path_;
  std::FILE* file_;
  bool failed_ = false;
  bool first_ = true;
  std::int64_t epoch_ns_ = 0;
  std::set<std::pair<std::int64_t, std::uint64_t>> lanes_;  // pid and thread
  std::unordered_map<std::string, std::string> names_;      // demangled and escaped
};

}  // namespace assay::cli
