// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <memory>
#include <string>
#include <thread>
#include <utility>

#include "assay/http/connect.hpp"
#include "assay/http/server.hpp"

namespace assay::http {

// A server on loopback with a thread of its own, for tests.
class RunningServer {
 public:
  explicit RunningServer(Handler handler, const ServerLimits& limits = {},
                         std::shared_ptr<const TlsContext> tls = nullptr)
      : encrypted_(tls != nullptr),
        server_(Server::listen({}, std::move(tls), limits, std::move(handler)).value()),
        thread_([this] { server_->run(); }) {}
  ~RunningServer() { stop(); }
  RunningServer(const RunningServer&) = delete;
  RunningServer& operator=(const RunningServer&) = delete;

  void stop() {
    server_->stop();
    if (thread_.joinable()) thread_.join();
  }
  Server* operator->() { return server_.get(); }
  [[nodiscard]] Url url() const {
    return Url{encrypted_, "127.0.0.1", server_->address().port, "/"};
  }

 private:
  bool encrypted_;
  std::unique_ptr<Server> server_;
  std::thread thread_;
};

// A client that says just what it is told to.
class RawClient {
 public:
  explicit RawClient(const Url& url)
      : stream_(Stream::plain(connect_to(url, Deadline(Seconds(5))).value())) {}

  void say(std::string_view text) {
    while (!text.empty()) {
      const Transfer sent = stream_.write(text);
      if (sent.state == Io::done) text.remove_prefix(sent.bytes);
      else if (sent.state != Io::again_write || !wait_for(stream_.fd(), sent.state, deadline_))
        return;
    }
  }
  // All that has come once it contains `end`, or the connection is over.
  std::string hear(std::string_view end) {
    std::string& text = heard_;
    char buffer[4096];
    while (end.empty() || text.find(end) == std::string::npos) {
      const Transfer got = stream_.read(buffer);
      if (got.state == Io::done) text.append(buffer, got.bytes);
      else if (got.state != Io::again_read || !wait_for(stream_.fd(), got.state, deadline_)) break;
    }
    return text;
  }
  std::string hear_all() { return hear({}); }
  // What has come so far is no longer looked at.
  void forget() { heard_.clear(); }
  [[nodiscard]] int fd() const { return stream_.fd(); }

 private:
  Deadline deadline_{Seconds(20)};
  Stream stream_;
  std::string heard_;
};

// Waits until `holds`, for a state that another thread brings about; false after 20 s.
template <typename Condition>
bool soon(const Condition& holds) {
  for (int i = 0; i < 4000; ++i) {
    if (holds()) return true;
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
  return false;
}

}  // namespace assay::http
