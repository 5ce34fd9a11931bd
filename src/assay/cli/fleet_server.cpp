// SPDX-License-Identifier: Apache-2.0
#include "assay/cli/fleet_server.hpp"

#include <fmt/format.h>

#include "assay/cli/token_file.hpp"
#include "assay/http/client.hpp"
#include "assay/http/query.hpp"

namespace assay::cli {
namespace {

// What went wrong is the server's affair, never how the program was called.
template <typename T>
Result<T> of_server(Result<T> result, const std::string& server, std::string_view query) {
  if (result) return result;
  return Error{ErrorCode::io, fmt::format("{} did not answer the query {}: {}", server, query,
                                          result.error().message)};
}

}  // namespace

Result<FleetServer> FleetServer::open(const Options& options) {
  TRY_ASSIGN(http::Url url, http::Url::parse(options.url));
  TRY_ASSIGN(std::string token, token_in(options.token_file));
  return FleetServer(options, std::move(url), std::move(token));
}

Result<std::string> FleetServer::ask(const char* path, const std::string& form) const {
  http::Options options{.deadline = options_.deadline,
                        .most_bytes = std::size_t{256} << 20,
                        .ca_file = options_.ca_file};
  if (!token_.empty()) options.headers.push_back({"Authorization", "Bearer " + token_});
  const http::Url url = url_.at(path);
  TRY_ASSIGN(http::Response response,
             http::post(url, form, "application/x-www-form-urlencoded", options));
  // A refused query has a JSON body that says why; it is read as any other answer.
  if (response.status / 100 != 2 && !response.body.starts_with('{')) {
    const Status refused = http::expect_success(url, response);
    const char* hint = response.status == 404
                           ? "; is it Prometheus, or does its API lie below another path "
                             "(http://host:8481/select/0/prometheus)?"
                           : "";
    return Error{ErrorCode::io, refused.error().message + hint};
  }
  return std::move(response.body);
}

Result<fleet::Answer> FleetServer::at(const std::string& query, double unix_s) const {
  TRY_ASSIGN(const std::string body,
             ask("/api/v1/query",
                 fmt::format("query={}&time={:.3f}", http::percent_encode(query), unix_s)));
  return of_server(fleet::parse_vector(body), url_.server(), query);
}

Result<fleet::Trace> FleetServer::over(const std::string& query, double from, double to,
                                       double step) const {
  TRY_ASSIGN(const std::string body,
             ask("/api/v1/query_range", fmt::format("query={}&start={:.3f}&end={:.3f}&step={:.3f}",
                                                    http::percent_encode(query), from, to, step)));
  return of_server(fleet::parse_trace(body), url_.server(), query);
}

}  // namespace assay::cli
