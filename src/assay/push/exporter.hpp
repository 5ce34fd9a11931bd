// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "assay/base/result.hpp"
#include "assay/exposition/exposition.hpp"
#include "assay/http/message.hpp"
#include "assay/http/url.hpp"
#include "assay/units/units.hpp"

namespace assay::push {

enum class Protocol { remote_write, otlp };
std::string_view to_string(Protocol protocol);  // "remote write", "OTLP"

struct Destination {
  Protocol protocol = Protocol::remote_write;
  http::Url url;
  http::Headers headers;           // Authorization and the like
  exposition::Labels target;       // remote write: job, instance; OTLP: the resource's attributes
  std::int64_t start_unix_ms = 0;  // when counters began

  // Of --remote-write or --otlp. A URL without a path gets the usual one: /api/v1/write,
  // /v1/metrics.
  static Result<Destination> parse(Protocol protocol, std::string_view url, std::string host,
                                   std::int64_t start_unix_ms);
};

struct Limits {
  std::size_t queued = 120;     // scrapes, and
  Bytes queued_bytes = mib(8);  // compressed: beyond either the oldest are dropped
  Seconds deadline{5};          // of one request
  Seconds first_wait{0.5};      // after a failure, doubled up to:
  Seconds longest_wait{30};
};

struct Counters {
  std::uint64_t sent = 0;      // scrapes that the other side took
  std::uint64_t dropped = 0;   // for want of room
  std::uint64_t refused = 0;   // by the other side for good (a 4xx other than 429), or no text
  std::uint64_t failures = 0;  // requests that will be made again
  std::size_t queued = 0;
  Bytes queued_bytes{0};
  std::string last_error;  // one sentence; empty after a success
};

// Sends what it is offered on a thread of its own. Any thread may call any of it.
class Exporter {
 public:
  explicit Exporter(Destination destination, Limits limits = {});
  // Sends what is queued as long as that succeeds, for at most a deadline more.
  ~Exporter();
  Exporter(const Exporter&) = delete;
  Exporter& operator=(const Exporter&) = delete;

  // Text as /metrics serves it, and when it was true. Never waits for the network; compresses the
  // text meanwhile, and keeps this one however long it is.
  void offer(std::string_view text, std::int64_t unix_ms);

  [[nodiscard]] Counters counters() const;
  [[nodiscard]] const Destination& destination() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace assay::push
