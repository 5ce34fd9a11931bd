// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "assay/base/result.hpp"

namespace assay::http {

// Where a server listens: "127.0.0.1:9400", "[::1]:9400", "localhost:9400", "0.0.0.0:9400". Port 0:
// any that is free.
struct ListenAddress {
  std::string host = "127.0.0.1";  // numeric, without brackets
  std::uint16_t port = 0;

  // invalid_argument: no address of IPv4 or IPv6, or no port.
  static Result<ListenAddress> parse(std::string_view text);
  // Reached from this machine alone.
  [[nodiscard]] bool loopback() const;
  [[nodiscard]] std::string to_string() const;
};

// A listening socket that does not block. io where the port is taken or not ours to take.
Result<int> open_listener(const ListenAddress& address);
// The port that the system chose.
std::uint16_t port_of(int listener);

}  // namespace assay::http
