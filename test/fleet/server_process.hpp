// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <sys/types.h>

#include <string>
#include <vector>

namespace assay::test {

// One of the fetched servers, started on a free port of loopback with a folder of its own; ended,
// and the folder removed, with this.
class ServerProcess {
 public:
  // Each "{port}" and "{folder}" in the arguments is replaced. Waits until `ready_path` answers.
  // `within`: the folder to start it in, as seen from the fetched programs; empty: this one.
  ServerProcess(const std::string& program, std::vector<std::string> arguments,
                const std::string& ready_path, const std::string& within = "");
  ~ServerProcess();
  ServerProcess(const ServerProcess&) = delete;
  ServerProcess& operator=(const ServerProcess&) = delete;

  [[nodiscard]] bool ready() const { return ready_; }
  [[nodiscard]] std::string url() const { return "http://127.0.0.1:" + std::to_string(port_); }
  [[nodiscard]] const std::string& folder() const { return folder_; }
  [[nodiscard]] std::string log() const;

 private:
  std::string folder_;
  int port_ = 0;
  pid_t pid_ = -1;
  bool ready_ = false;
};

}  // namespace assay::test
