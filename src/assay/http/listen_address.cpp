// SPDX-License-Identifier: Apache-2.0
#include "assay/http/listen_address.hpp"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <charconv>
#include <cstring>

namespace assay::http {
namespace {

union SocketAddress {
  sockaddr any;
  sockaddr_in v4;
  sockaddr_in6 v6;
};

// The size of what was filled in; 0: no numeric address.
socklen_t fill(const std::string& host, std::uint16_t port, SocketAddress& out) {
  std::memset(&out, 0, sizeof out);
  if (::inet_pton(AF_INET, host.c_str(), &out.v4.sin_addr) == 1) {
    out.v4.sin_family = AF_INET;
    out.v4.sin_port = htons(port);
    return sizeof out.v4;
  }
  if (::inet_pton(AF_INET6, host.c_str(), &out.v6.sin6_addr) == 1) {
    out.v6.sin6_family = AF_INET6;
    out.v6.sin6_port = htons(port);
    return sizeof out.v6;
  }
  return 0;
}

Error cannot_listen(const ListenAddress& address, int error) {
  const std::string_view remedy =
      error == EADDRINUSE ? "another program listens there; stop it or choose another port"
                          : (error == EACCES ? "ports under 1024 are root's; choose another"
                                             : "choose an address of this machine");
  return {ErrorCode::io, fmt::format("can't listen on {}: {}; {}", address.to_string(),
                                     std::strerror(error), remedy)};
}

}  // namespace

Result<ListenAddress> ListenAddress::parse(std::string_view text) {
  const Error malformed{
      ErrorCode::invalid_argument,
      fmt::format("\"{}\" is no address to listen on; write it as 127.0.0.1:9400", text)};
  const std::size_t colon = text.rfind(':');
  if (colon == std::string_view::npos) return malformed;
  ListenAddress address;
  std::string_view host = text.substr(0, colon);
  const std::string_view port = text.substr(colon + 1);
  const auto [rest, error] = std::from_chars(port.begin(), port.end(), address.port);
  if (error != std::errc() || rest != port.end()) return malformed;
  const bool bracketed = host.starts_with('[') && host.ends_with(']');
  if (bracketed) host = host.substr(1, host.size() - 2);
  address.host = host == "localhost" ? "127.0.0.1" : host;
  SocketAddress scratch;
  if (bracketed != (address.host.find(':') != std::string::npos)) return malformed;
  if (fill(address.host, 0, scratch) == 0) return malformed;
  return address;
}

bool ListenAddress::loopback() const { return host.starts_with("127.") || host == "::1"; }

std::string ListenAddress::to_string() const {
  const bool bracketed = host.find(':') != std::string::npos;
  return bracketed ? fmt::format("[{}]:{}", host, port) : fmt::format("{}:{}", host, port);
}

Result<int> open_listener(const ListenAddress& address) {
  SocketAddress raw;
  const socklen_t size = fill(address.host, address.port, raw);
  const int fd = ::socket(raw.any.sa_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (fd < 0) return cannot_listen(address, errno);
  const int on = 1;
  ::setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  if (::bind(fd, &raw.any, size) == 0 && ::listen(fd, 128) == 0) return fd;
  const int error = errno;
  ::close(fd);
  return cannot_listen(address, error);
}

std::uint16_t port_of(int listener) {
  SocketAddress raw;
  socklen_t size = sizeof raw;
  if (::getsockname(listener, &raw.any, &size) != 0) return 0;
  return ntohs(raw.any.sa_family == AF_INET6 ? raw.v6.sin6_port : raw.v4.sin_port);
}

}  // namespace assay::http
