// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <sys/types.h>

#include <optional>
#include <string>
#include <vector>

#include "assay/http/client.hpp"

namespace assay::test {

// `assay serve` as a process, with a home of its own.
class DaemonProcess {
 public:
  struct Options {
    std::vector<std::string> arguments;
    std::optional<std::string> home;  // one that outlives it; none: its own
  };
  // Waits until it says where it listens, or has ended.
  explicit DaemonProcess(Options options);
  ~DaemonProcess();
  DaemonProcess(const DaemonProcess&) = delete;
  DaemonProcess& operator=(const DaemonProcess&) = delete;

  [[nodiscard]] bool listens() const { return !url_.empty(); }
  [[nodiscard]] http::Url url(std::string_view path, std::string_view query = {}) const;
  [[nodiscard]] Result<http::Response> get(std::string_view path, std::string_view query = {},
                                           const http::Options& options = {}) const;
  // Asks until the first window is there.
  [[nodiscard]] std::string snapshot() const;
  // From now on no file of it may grow beyond this.
  void limit_files(long bytes) const;
  void signal(int number) const;
  // Its exit code, once it has ended; negative: the signal that ended it.
  int wait();
  [[nodiscard]] std::string home() const { return home_; }
  // What it said on stderr so far.
  [[nodiscard]] std::string said() const;

 private:
  void start(const Options& options);
  void read_url();

  std::string home_;
  bool own_home_ = false;
  pid_t pid_ = -1;
  int out_ = -1;
  std::string url_;
};

// A fresh folder; the caller removes it.
std::string make_folder();

}  // namespace assay::test
