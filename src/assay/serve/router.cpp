// SPDX-License-Identifier: Apache-2.0
#include "assay/serve/router.hpp"

#include <algorithm>
#include <utility>

#include "assay/wire/json_text.hpp"

namespace assay::serve {
namespace {

int status_of(ErrorCode code) {
  switch (code) {
    case ErrorCode::invalid_argument: return 400;
    case ErrorCode::not_found: return 404;
    case ErrorCode::not_supported:
    case ErrorCode::nothing_to_measure: return 422;
    default: return 500;
  }
}

}  // namespace

http::Response json_response(std::string body) {
  return {
      200, std::move(body), {{"Content-Type", "application/json"}, {"Cache-Control", "no-store"}}};
}

http::Response error_response(int status, std::string_view sentence) {
  std::string body = R"({"error":)";
  wire::append_json(body, sentence);
  http::Response response = json_response(body + "}");
  response.status = status;
  return response;
}

http::Response error_response(const Error& error) {
  return error_response(status_of(error.code), error.message);
}

http::Answer Router::answer(const http::Request& request) const {
  const auto path = http::percent_decode(request.path, false);
  if (!path || !path->starts_with('/')) return error_response(400, "this is no path");
  const auto route = std::ranges::find(routes_, *path, &Route::path);
  if (route == routes_.end()) return otherwise_(request, *path);
  const auto query = http::Query::parse(request.query);
  if (!query) return error_response(query.error());
  return route->answer(request, *query);
}

std::vector<std::string> Router::paths() const {
  std::vector<std::string> all;
  for (const Route& route : routes_) all.push_back(route.path);
  return all;
}

}  // namespace assay::serve
