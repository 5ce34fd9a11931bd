// SPDX-License-Identifier: Apache-2.0
#include "assay/http/response_text.hpp"

#include <fmt/format.h>

#include <iterator>

namespace assay::http {
namespace {

void append_headers(const Headers& headers, std::string& text) {
  for (const Header& one : headers)
    fmt::format_to(std::back_inserter(text), "{}: {}\r\n", one.name, one.value);
}

}  // namespace

std::string response_text(const Response& response, bool head_only, bool keep_alive) {
  std::string text = fmt::format("HTTP/1.1 {} {}\r\n", response.status, phrase_of(response.status));
  append_headers(response.headers, text);
  const bool bodiless = response.status == 204 || response.status == 304;
  if (!bodiless)
    fmt::format_to(std::back_inserter(text), "Content-Length: {}\r\n", response.body.size());
  text += keep_alive ? "\r\n" : "Connection: close\r\n\r\n";
  if (!bodiless && !head_only) text += response.body;
  return text;
}

std::string open_ended_head(const Headers& headers) {
  std::string text = "HTTP/1.1 200 OK\r\n";
  append_headers(headers, text);
  return text + "Connection: close\r\n\r\n";
}

}  // namespace assay::http
