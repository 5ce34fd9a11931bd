// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "assay/base/result.hpp"
#include "assay/http/server.hpp"
#include "assay/serve/documents.hpp"
#include "assay/serve/guard.hpp"
#include "assay/serve/keeper.hpp"
#include "assay/serve/meter.hpp"
#include "assay/serve/static_files.hpp"
#include "assay/store/provenance.hpp"

namespace assay::serve {

struct DaemonOptions {
  http::ListenAddress listen;
  std::shared_ptr<const http::TlsContext> tls;
  Guard guard;
  http::ServerLimits limits;
  KeeperOptions keeper;
  store::Provenance provenance;
  Seconds period{1};
  bool dcgm_names = false;  // /metrics has DCGM's names, too
  std::string host;         // for the labels node and Hostname
  std::string version;      // of the program
  std::vector<EmbeddedFile> page;
  // What else /metrics shall hold, as text of that format. From any thread; may be empty.
  std::function<std::string()> more_metrics;
  // Done twice a minute, on a worker: gives back memory that a request or a commit had needed.
  std::function<void()> tidy;
};

// Sampler in; recordings, web page, JSON, events and metrics out. The meter's windows are taken on
// a thread of their own, HTTP runs on the caller's, the store, series and documents each on a
// worker: none waits for another, and no queue between them is without a bound.
class Daemon {
 public:
  using Say = std::function<void(const std::string&)>;

  // Listens, and locks the store. `say` gets sentences for the log, from any thread.
  static Result<std::unique_ptr<Daemon>> start(DaemonOptions options, std::unique_ptr<Meter> meter,
                                               Documents documents, Say say);
  ~Daemon();
  Daemon(const Daemon&) = delete;
  Daemon& operator=(const Daemon&) = delete;

  [[nodiscard]] const http::ListenAddress& address() const;
  // Until stop(); then what was measured is written, and the recording closed.
  void run();
  // From any thread.
  void stop();
  // From any thread: guards and keys for connections and requests from now on.
  void reload(Guard guard, std::shared_ptr<const http::TlsContext> tls);
  [[nodiscard]] http::ServerCounters counters() const;
  // What /metrics answers. From any thread; empty before the first window.
  [[nodiscard]] std::string metrics_text() const;
  // Each path that answers, but for the files of the page.
  [[nodiscard]] std::vector<std::string> paths() const;

 private:
  struct Impl;
  explicit Daemon(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace assay::serve
