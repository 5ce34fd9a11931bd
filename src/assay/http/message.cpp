// SPDX-License-Identifier: Apache-2.0
#include "assay/http/message.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace assay::http {
namespace {

constexpr char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; }

}  // namespace

bool same_ignoring_case(std::string_view a, std::string_view b) {
  return std::ranges::equal(a, b, {}, lower, lower);
}

std::string_view header(const Headers& headers, std::string_view name) {
  const auto same = [&](const Header& h) { return same_ignoring_case(h.name, name); };
  const auto found = std::ranges::find_if(headers, same);
  return found == headers.end() ? std::string_view() : std::string_view(found->value);
}

std::string_view phrase_of(int status) {
  // RFC 9110 section 15, RFC 6585: those that assay sends, and those it is often sent.
  constexpr std::array<std::pair<int, std::string_view>, 22> kPhrases = {{
      {200, "OK"},
      {204, "No Content"},
      {301, "Moved Permanently"},
      {302, "Found"},
      {304, "Not Modified"},
      {400, "Bad Request"},
      {401, "Unauthorized"},
      {403, "Forbidden"},
      {404, "Not Found"},
      {405, "Method Not Allowed"},
      {408, "Request Timeout"},
      {413, "Content Too Large"},
      {414, "URI Too Long"},
      {421, "Misdirected Request"},
      {422, "Unprocessable Content"},
      {429, "Too Many Requests"},
      {431, "Request Header Fields Too Large"},
      {500, "Internal Server Error"},
      {501, "Not Implemented"},
      {502, "Bad Gateway"},
      {503, "Service Unavailable"},
      {505, "HTTP Version Not Supported"},
  }};
  const auto* found =
      std::ranges::find(kPhrases, status, [](const auto& row) { return row.first; });
  return found == kPhrases.end() ? std::string_view() : found->second;
}

}  // namespace assay::http
