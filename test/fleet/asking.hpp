// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <string>
#include <vector>

#include "fleet/server_process.hpp"

// The servers that are asked, and assay's own program that asks them.
namespace assay::test {

inline std::int64_t now_ms() {
  return std::chrono::duration_cast<std::chrono::milliseconds>(
             std::chrono::system_clock::now().time_since_epoch())
      .count();
}

inline std::unique_ptr<ServerProcess> victoria_metrics() {
  return std::make_unique<ServerProcess>(
      "victoria-metrics",
      std::vector<std::string>{"-storageDataPath={folder}/data", "-httpListenAddr=127.0.0.1:{port}",
                               "-search.latencyOffset=0s", "-retentionPeriod=1y"},
      "/health");
}

inline std::unique_ptr<ServerProcess> prometheus() {
  // It wants a file; an empty one scrapes nothing.
  char name[] = "/tmp/assay-prometheus-XXXXXX";
  const int fd = ::mkstemp(name);
  if (fd >= 0) std::fclose(::fdopen(fd, "w"));
  auto server = std::make_unique<ServerProcess>(
      "prometheus",
      std::vector<std::string>{
          "--config.file=" + std::string(name), "--storage.tsdb.path={folder}/data",
          "--web.listen-address=127.0.0.1:{port}", "--web.enable-remote-write-receiver"},
      "/-/ready");
  std::remove(name);
  return server;
}

struct Ran {
  int code = -1;
  std::string out;
};
inline Ran assay(const std::string& arguments) {
  Ran ran;
  FILE* pipe = ::popen(
      ("env -i HOME=/nonexistent PATH=/usr/bin:/bin " ASSAY_BINARY " " + arguments + " 2>&1")
          .c_str(),
      "r");
  char buffer[4096];
  while (const std::size_t got = std::fread(buffer, 1, sizeof buffer, pipe))
    ran.out.append(buffer, got);
  const int status = ::pclose(pipe);
  ran.code = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  return ran;
}

}  // namespace assay::test
