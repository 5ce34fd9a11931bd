// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <functional>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "assay/base/check.hpp"
#include "assay/http/url.hpp"

namespace assay::http {

// A server on loopback for tests: each connection gets these very bytes once its request's header
// and body have come, and is closed. An empty answer: it only closes.
class CannedServer {
 public:
  enum class Manner { answer, answer_unasked, never_answer };

  explicit CannedServer(const std::string& answer, Manner manner = Manner::answer)
      : CannedServer([answer](int) { return answer; }, manner) {}
  // The answer depends on how many connections there were before: 0, 1, ...
  explicit CannedServer(std::function<std::string(int)> answer, Manner manner = Manner::answer)
      : answer_(std::move(answer)), manner_(manner) {
    fd_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    CHECK(::bind(fd_, reinterpret_cast<sockaddr*>(&address), size) == 0);
    CHECK(::listen(fd_, 16) == 0);
    ::getsockname(fd_, reinterpret_cast<sockaddr*>(&address), &size);
    url_.host = "127.0.0.1";
    url_.port = ntohs(address.sin_port);
    thread_ = std::thread([this] { serve(); });
  }
  // A 200 with this body.
  static std::string ok(const std::string& body, const std::string& type = "application/json") {
    return "HTTP/1.1 200 OK\r\nContent-Type: " + type +
           "\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
  }
  ~CannedServer() {
    over_ = true;
    thread_.join();
    ::close(fd_);
  }
  CannedServer(const CannedServer&) = delete;
  CannedServer& operator=(const CannedServer&) = delete;

  [[nodiscard]] const Url& url() const { return url_; }
  // What was asked so far, header and body.
  std::vector<std::string> requests() {
    const std::lock_guard lock(mutex_);
    return requests_;
  }

 private:
  void serve() {
    for (int before = 0; !over_;) {
      if (!readable(fd_)) continue;
      const int peer = ::accept(fd_, nullptr, nullptr);
      if (peer < 0) continue;
      if (manner_ != Manner::answer_unasked) hear(peer);
      while (manner_ == Manner::never_answer && !over_) readable(-1);
      const std::string answer = answer_(before++);
      static_cast<void>(::send(peer, answer.data(), answer.size(), MSG_NOSIGNAL));
      ::close(peer);
    }
  }
  void hear(int peer) {
    std::string text;
    std::array<char, 4096> buffer{};
    while (!over_ && !whole(text)) {
      if (!readable(peer)) continue;
      const ssize_t got = ::recv(peer, buffer.data(), buffer.size(), 0);
      if (got <= 0) break;
      text.append(buffer.data(), static_cast<std::size_t>(got));
    }
    const std::lock_guard lock(mutex_);
    requests_.push_back(text);
  }
  static bool readable(int fd) {
    pollfd waited{fd, POLLIN, 0};
    return ::poll(&waited, 1, 20) > 0;
  }
  static bool whole(const std::string& text) {
    const std::size_t head = text.find("\r\n\r\n");
    if (head == std::string::npos) return false;
    const std::size_t at = text.find("Content-Length: ");
    const std::size_t body = at < head ? std::stoul(text.substr(at + 16)) : 0;
    return text.size() >= head + 4 + body;
  }

  std::function<std::string(int)> answer_;
  Manner manner_;
  Url url_;
  int fd_ = -1;
  std::atomic<bool> over_{false};
  std::mutex mutex_;
  std::vector<std::string> requests_;
  std::thread thread_;
};

}  // namespace assay::http
