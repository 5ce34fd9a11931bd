// SPDX-License-Identifier: Apache-2.0
#include "assay/http/url.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

namespace assay::http {
namespace {

Error malformed(std::string_view text, std::string_view why) {
  return {ErrorCode::invalid_argument,
          fmt::format("\"{}\" is no URL that assay can ask: {}; write http://host:port/path", text,
                      why)};
}

std::uint16_t default_port(bool tls) { return tls ? 443 : 80; }

bool is_graphic(char c) { return c > ' ' && c < '\x7f'; }

// "host", "host:port", "[::1]:port" into the URL.
Status parse_authority(std::string_view text, std::string_view authority, Url& url) {
  if (authority.find('@') != std::string_view::npos)
    return malformed(text, "it holds a user and password, which belong into a header");
  std::string_view port;
  if (authority.starts_with('[')) {
    const std::size_t close = authority.find(']');
    if (close == std::string_view::npos) return malformed(text, "\"[\" is never closed");
    url.host = authority.substr(1, close - 1);
    port = authority.substr(close + 1);
  } else {
    const std::size_t colon = authority.find(':');
    url.host = authority.substr(0, colon);
    if (colon != std::string_view::npos) port = authority.substr(colon);
  }
  if (url.host.empty()) return malformed(text, "it names no host");
  if (port.empty()) return {};
  const char* end = port.data() + port.size();
  const auto [rest, error] = std::from_chars(port.data() + 1, end, url.port);
  if (port[0] != ':' || error != std::errc() || rest != end || url.port == 0)
    return malformed(text, "the port is no number from 1 to 65535");
  return {};
}

}  // namespace

Result<Url> Url::parse(std::string_view text) {
  if (!std::ranges::all_of(text, is_graphic))
    return malformed(text, "it holds a blank or a character that is not ASCII");
  Url url;
  std::string_view rest = text;
  if (rest.starts_with("http://")) rest.remove_prefix(7);
  else if (rest.starts_with("https://")) {
    rest.remove_prefix(8);
    url.tls = true;
  } else {
    return malformed(text, "it begins neither with http:// nor with https://");
  }
  url.port = default_port(url.tls);
  rest = rest.substr(0, rest.find('#'));
  const std::size_t slash = std::min(rest.find_first_of("/?"), rest.size());
  TRY(parse_authority(text, rest.substr(0, slash), url));
  rest.remove_prefix(slash);
  url.target = rest.starts_with('/') ? std::string(rest) : "/" + std::string(rest);
  return url;
}

Url Url::at(std::string_view path, std::string_view query) const {
  Url other = *this;
  other.target.resize(std::min(other.target.find('?'), other.target.size()));
  if (other.target.ends_with('/') && path.starts_with('/')) other.target.pop_back();
  other.target += path;
  if (!query.empty()) other.target.append("?").append(query);
  return other;
}

std::string Url::authority() const {
  const bool bracketed = host.find(':') != std::string::npos;
  std::string text = bracketed ? "[" + host + "]" : host;
  if (port != default_port(tls)) text += fmt::format(":{}", port);
  return text;
}

std::string Url::server() const { return (tls ? "https://" : "http://") + authority(); }

std::string Url::to_string() const { return server() + target; }

}  // namespace assay::http
