// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <memory>

#include "assay/base/result.hpp"
#include "assay/http/answer.hpp"
#include "assay/http/connection.hpp"
#include "assay/http/listen_address.hpp"
#include "assay/http/tls.hpp"

namespace assay::http {

// What a server did so far, and has open now.
struct ServerCounters {
  std::int64_t connections_now = 0;
  std::int64_t subscribers_now = 0;
  std::int64_t connections = 0;
  std::int64_t requests = 0;
  std::int64_t refused_connections = 0;  // over the limit of connections
  std::int64_t malformed = 0;            // requests and handshakes that were none
  std::int64_t slow = 0;                 // closed because they kept us waiting
  std::int64_t subscribers_dropped = 0;  // lagged too far behind
};

// An HTTP/1.1 server on the one thread that calls run(). Never waits for a client: what a client
// does not take is kept up to a limit, then the client goes, and is counted.
class Server {
 public:
  // Listens at once; `tls` null: plain HTTP. Errors as open_listener.
  static Result<std::unique_ptr<Server>> listen(const ListenAddress& address,
                                                std::shared_ptr<const TlsContext> tls,
                                                const ServerLimits& limits, Handler handler);
  ~Server();
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  [[nodiscard]] const ListenAddress& address() const;  // with the port that it really got

  // Until stop(). Then no more is accepted, answers on their way get two seconds.
  void run();

  // From any thread, before, during and after run():
  void stop();
  void post(std::function<void()> on_the_servers_thread);
  void answer(Ticket ticket, Response response);
  void publish(SharedText text);
  // For connections made from now on.
  void use_tls(std::shared_ptr<const TlsContext> tls);
  [[nodiscard]] ServerCounters counters() const;

 private:
  struct Impl;
  explicit Server(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace assay::http
