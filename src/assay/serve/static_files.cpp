// SPDX-License-Identifier: Apache-2.0
#include "assay/serve/static_files.hpp"

#include <fmt/format.h>

#include <array>
#include <cstdint>
#include <utility>

#include "assay/http/request_reader.hpp"
#include "assay/serve/gzip.hpp"

namespace assay::serve {
namespace {

constexpr std::string_view kWithoutPage =
    "assay serve: this build has no web page. The API:\n"
    "  /api/v1/snapshot  /api/v1/series?metric=sm_active,ladder.sol  /api/v1/events\n"
    "  /api/v1/plan  /api/v1/models  /api/v1/catalog  /api/v1/compare  /api/v1/claims\n"
    "  /metrics  /healthz";

std::string_view type_of(std::string_view path) {
  constexpr std::array<std::pair<std::string_view, std::string_view>, 11> kTypes = {{
      {".html", "text/html; charset=utf-8"},
      {".js", "text/javascript; charset=utf-8"},
      {".css", "text/css; charset=utf-8"},
      {".svg", "image/svg+xml"},
      {".json", "application/json"},
      {".webmanifest", "application/manifest+json"},
      {".png", "image/png"},
      {".ico", "image/x-icon"},
      {".woff2", "font/woff2"},
      {".txt", "text/plain; charset=utf-8"},
      {".md", "text/markdown; charset=utf-8"},
  }};
  for (const auto& [ending, type] : kTypes)
    if (path.ends_with(ending)) return type;
  return "application/octet-stream";
}

// FNV-1a, 64 bits: tells two builds' files apart; no secret hangs on it.
std::string etag_of(std::string_view bytes) {
  std::uint64_t hash = 0xcbf29ce484222325U;
  for (const char c : bytes) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3U;
  return fmt::format("\"{:016x}\"", hash);
}

}  // namespace

StaticFiles::StaticFiles(const std::vector<EmbeddedFile>& files) {
  for (const EmbeddedFile& file : files) {
    std::string small = gzip(file.bytes, 9);
    if (small.size() >= file.bytes.size()) small.clear();
    files_["/" + std::string(file.path)] = {file.bytes, std::move(small), etag_of(file.bytes)};
  }
}

std::optional<http::Response> StaticFiles::find(std::string_view path,
                                                const http::Request& request) const {
  const bool root = path == "/";
  const std::string_view name = root ? "/index.html" : path;
  const auto found = files_.find(name);
  if (found == files_.end())
    return root ? std::optional(http::text_response(200, kWithoutPage)) : std::nullopt;
  const File& file = found->second;
  http::Response response;
  // Asked for again each time, and answered with 304: a new assay shows its own page at once.
  response.headers = {
      {"ETag", file.etag}, {"Vary", "Accept-Encoding"}, {"Cache-Control", "no-cache"}};
  if (http::header(request.headers, "if-none-match") == file.etag) {
    response.status = 304;
    return response;
  }
  response.headers.push_back({"Content-Type", std::string(type_of(name))});
  const bool zipped = !file.gzipped.empty() && takes_gzip(request);
  if (zipped) response.headers.push_back({"Content-Encoding", "gzip"});
  response.body = zipped ? file.gzipped : std::string(file.bytes);
  return response;
}

void add_security_headers(http::Response& response) {
  response.headers.push_back({"Content-Security-Policy",
                              "default-src 'self'; img-src 'self' data:; object-src 'none'; "
                              "base-uri 'none'; form-action 'self'; frame-ancestors 'none'"});
  response.headers.push_back({"X-Content-Type-Options", "nosniff"});
  response.headers.push_back({"Referrer-Policy", "no-referrer"});
  response.headers.push_back({"Cross-Origin-Resource-Policy", "same-origin"});
}

}  // namespace assay::serve
