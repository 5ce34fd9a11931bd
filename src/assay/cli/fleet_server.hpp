// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "assay/base/result.hpp"
#include "assay/fleet/answer.hpp"
#include "assay/http/url.hpp"
#include "assay/units/units.hpp"

namespace assay::cli {

// A server that speaks Prometheus' HTTP API: Prometheus itself, VictoriaMetrics, or the select node
// of its cluster (http://host:8481/select/0/prometheus).
class FleetServer {
 public:
  struct Options {
    std::string url;
    std::string token_file;  // a bearer token; empty: none
    std::string ca_file;     // empty: the system's certificates
    Seconds deadline{30};    // of one query
  };
  // Errors: a malformed URL, a token file that others can read. Asks nothing yet.
  static Result<FleetServer> open(const Options& options);

  // Errors, each one sentence: the server can't be reached, is no Prometheus, or refused the query.
  [[nodiscard]] Result<fleet::Answer> at(const std::string& query, double unix_s) const;
  [[nodiscard]] Result<fleet::Trace> over(const std::string& query, double from, double to,
                                          double step) const;

  [[nodiscard]] std::string name() const { return url_.to_string(); }

 private:
  FleetServer(Options options, http::Url url, std::string token)
      : options_(std::move(options)), url_(std::move(url)), token_(std::move(token)) {}
  [[nodiscard]] Result<std::string> ask(const char* path, const std::string& form) const;

  Options options_;
  http::Url url_;
  std::string token_;
};

}  // namespace assay::cli
