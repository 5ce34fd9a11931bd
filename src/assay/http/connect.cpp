// SPDX-License-Identifier: Apache-2.0
#include "assay/http/connect.hpp"

#include <fmt/format.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <future>
#include <memory>
#include <thread>
#include <vector>

namespace assay::http {
namespace {

struct Address {
  sockaddr_storage storage{};
  socklen_t size = 0;
};

struct Lookup {
  int error = 0;
  std::vector<Address> addresses;
};

Lookup look_up(const std::string& host, std::uint16_t port, int flags) {
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = flags | AI_NUMERICSERV;
  addrinfo* list = nullptr;
  Lookup found;
  found.error = ::getaddrinfo(host.c_str(), std::to_string(port).c_str(), &hints, &list);
  for (const addrinfo* one = list; one != nullptr; one = one->ai_next) {
    Address address;
    address.size = one->ai_addrlen;
    std::memcpy(&address.storage, one->ai_addr, one->ai_addrlen);
    found.addresses.push_back(address);
  }
  if (list != nullptr) ::freeaddrinfo(list);
  return found;
}

// getaddrinfo knows no deadline, so that a name is asked for on a thread that may be left behind.
Result<Lookup> resolve(const Url& url, const Deadline& deadline) {
  Lookup numeric = look_up(url.host, url.port, AI_NUMERICHOST);
  if (numeric.error == 0) return numeric;
  std::packaged_task<Lookup()> task(
      [host = url.host, port = url.port] { return look_up(host, port, AI_ADDRCONFIG); });
  std::future<Lookup> answer = task.get_future();
  std::thread(std::move(task)).detach();
  if (answer.wait_until(deadline.end()) != std::future_status::ready)
    return Error{
        ErrorCode::timeout,
        fmt::format("the name {} was not resolved in time; is its name server up?", url.host)};
  Lookup found = answer.get();
  if (found.error != 0)
    return Error{ErrorCode::io, fmt::format("can't find the host {}: {}; is the name right?",
                                            url.host, ::gai_strerror(found.error))};
  return found;
}

// 0, ETIMEDOUT by our own deadline, or what the system said.
int finish(int fd, const Deadline& deadline) {
  if (!wait_for(fd, Io::again_write, deadline)) return ETIMEDOUT;
  int error = 0;
  socklen_t size = sizeof error;
  ::getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &size);
  return error;
}

}  // namespace

bool wait_for(int fd, Io what, const Deadline& deadline) {
  pollfd waited{fd, static_cast<short>(what == Io::again_write ? POLLOUT : POLLIN), 0};
  for (;;) {
    const int ready = ::poll(&waited, 1, deadline.milliseconds_left());
    if (ready > 0) return true;
    if (ready == 0 || errno != EINTR) return false;
  }
}

Result<int> connect_to(const Url& url, const Deadline& deadline) {
  TRY_ASSIGN(const Lookup found, resolve(url, deadline));
  int error = 0;
  for (const Address& address : found.addresses) {
    const int fd =
        ::socket(address.storage.ss_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (fd < 0) {
      error = errno;
      continue;
    }
    const auto* raw = reinterpret_cast<const sockaddr*>(&address.storage);
    error = ::connect(fd, raw, address.size) == 0 ? 0 : errno;
    if (error == EINPROGRESS) error = finish(fd, deadline);
    if (error == 0) {
      const int on = 1;
      ::setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
      return fd;
    }
    ::close(fd);
  }
  if (error == ETIMEDOUT)
    return Error{ErrorCode::timeout, fmt::format("no connection to {} in time", url.server())};
  return Error{ErrorCode::io, fmt::format("can't connect to {}: {}; is it running there?",
                                          url.server(), std::strerror(error))};
}

}  // namespace assay::http
