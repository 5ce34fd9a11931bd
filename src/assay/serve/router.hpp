// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "assay/http/answer.hpp"
#include "assay/http/query.hpp"

namespace assay::serve {

// A path and what answers there.
struct Route {
  std::string path;
  std::function<http::Answer(const http::Request&, const http::Query&)> answer;
};

// A JSON document; the error's sentence as {"error":"…"} with the status that fits its code.
http::Response json_response(std::string body);
http::Response error_response(const Error& error);
http::Response error_response(int status, std::string_view sentence);

// Finds the route of a request, its query read. 400 for a path or query that can't be.
class Router {
 public:
  void add(Route route) { routes_.push_back(std::move(route)); }
  // What answers where no route does.
  void otherwise(std::function<http::Answer(const http::Request&, std::string_view path)> answer) {
    otherwise_ = std::move(answer);
  }
  [[nodiscard]] http::Answer answer(const http::Request& request) const;
  [[nodiscard]] std::vector<std::string> paths() const;

 private:
  std::vector<Route> routes_;
  std::function<http::Answer(const http::Request&, std::string_view path)> otherwise_;
};

}  // namespace assay::serve
