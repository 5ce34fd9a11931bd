// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>

#include "assay/http/message.hpp"

namespace assay::http {

// Names the connection that waits for an answer; no two in a server's life are the same.
enum class Ticket : std::uint64_t {};

struct Request {
  std::string method;  // "GET"
  std::string path;    // as sent, still encoded: "/api/v1/snapshot"
  std::string query;   // behind the "?", still encoded
  Headers headers;
  std::string body;
  bool encrypted = false;
  bool keep_alive = true;
  Ticket ticket{};
};

}  // namespace assay::http
