// SPDX-License-Identifier: Apache-2.0
#include "assay/serve/guard.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstdint>

#include "assay/base/read_file.hpp"
#include "assay/http/private_file.hpp"
#include "assay/http/request_reader.hpp"
#include "assay/serve/router.hpp"

namespace assay::serve {
namespace {

// "host:port" without the port.
std::string_view host_of(std::string_view authority) {
  if (authority.starts_with('[')) return authority.substr(0, authority.find(']') + 1);
  return authority.substr(0, authority.find(':'));
}

bool is_numeric(std::string_view host) {
  return host.starts_with('[') || host.find_first_not_of("0123456789.") == std::string_view::npos;
}

// RFC 4648; nothing where a character is none of its own.
std::optional<std::string> base64(std::string_view text) {
  constexpr std::string_view kDigits =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  while (text.ends_with('=')) text.remove_suffix(1);
  std::string out;
  std::uint32_t bits = 0;
  int held = 0;
  for (const char c : text) {
    const std::size_t digit = kDigits.find(c);
    if (digit == std::string_view::npos) return std::nullopt;
    bits = bits << 6 | static_cast<std::uint32_t>(digit);
    held += 6;
    if (held < 8) continue;
    held -= 8;
    out += static_cast<char>(bits >> held & 0xff);
  }
  return out;
}

// "Bearer TOKEN", or what a browser sends once it has asked: "Basic base64(anyone:TOKEN)".
std::string offered_token(const http::Request& request) {
  const std::string_view text = http::header(request.headers, "authorization");
  const std::string_view scheme = text.substr(0, text.find(' '));
  std::string_view given = text.substr(scheme.size());
  given.remove_prefix(std::min(given.find_first_not_of(' '), given.size()));
  if (http::same_ignoring_case(scheme, "Bearer")) return std::string(given);
  if (!http::same_ignoring_case(scheme, "Basic")) return "";
  const auto pair = base64(given);
  const std::size_t colon = pair ? pair->find(':') : std::string::npos;
  return colon == std::string::npos ? "" : pair->substr(colon + 1);
}

// Of the API as its other errors are; of pages and metrics as a sentence.
http::Response refuse(const http::Request& request, int status, std::string_view why) {
  return request.path.starts_with("/api/") ? error_response(status, why)
                                           : http::text_response(status, why);
}

http::Response unauthorized(const http::Request& request) {
  http::Response response = refuse(
      request, 401, "this server wants its token: Authorization: Bearer TOKEN, or as a password");
  response.headers.push_back({"WWW-Authenticate", "Basic realm=\"assay\", charset=\"UTF-8\""});
  return response;
}

}  // namespace

bool same_in_constant_time(std::string_view a, std::string_view b) {
  if (a.size() != b.size()) return false;
  volatile unsigned char differs = 0;
  for (std::size_t i = 0; i < a.size(); ++i)
    differs = static_cast<unsigned char>(
        differs | (static_cast<unsigned char>(a[i]) ^ static_cast<unsigned char>(b[i])));
  return differs == 0;
}

std::optional<http::Response> Guard::turn_away(const http::Request& request) const {
  const std::string_view host = host_of(http::header(request.headers, "host"));
  const auto is_host = [](const http::Header& h) {
    return http::same_ignoring_case(h.name, "host");
  };
  if (std::ranges::count_if(request.headers, is_host) > 1)
    return refuse(request, 400, "the request has more than one Host");
  if (host.empty()) return refuse(request, 400, "the request has no Host");
  const auto ours = [&](const std::string& name) { return http::same_ignoring_case(name, host); };
  const bool known = is_numeric(host) || http::same_ignoring_case(host, "localhost") ||
                     std::ranges::any_of(names, ours);
  if (loopback_only && !known)
    return refuse(request, 421,
                  fmt::format("{} is no name of this server; ask 127.0.0.1, or "
                              "name it with --host",
                              host));
  if (token && !same_in_constant_time(offered_token(request), *token)) return unauthorized(request);
  if (request.method == "GET" || request.method == "HEAD") return std::nullopt;
  http::Response response = refuse(request, 405, "there is nothing here to be changed: GET");
  response.headers.push_back({"Allow", "GET, HEAD"});
  return response;
}

Result<std::string> read_token(const std::string& path) {
  TRY(http::check_private(path));
  TRY_ASSIGN(std::string token, read_file(path, 4096));
  while (token.ends_with('\n') || token.ends_with('\r')) token.pop_back();
  const bool graphic = std::ranges::all_of(token, [](char c) { return c > ' ' && c < '\x7f'; });
  if (graphic && token.size() >= 16 && token.size() <= 512) return token;
  return Error{ErrorCode::invalid_argument,
               fmt::format("{} holds no token: 16 to 512 printable characters without blanks; "
                           "make one: openssl rand -hex 32",
                           path)};
}

}  // namespace assay::serve
