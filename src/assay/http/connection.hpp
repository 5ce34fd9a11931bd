// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <deque>
#include <optional>

#include "assay/http/answer.hpp"
#include "assay/http/request_reader.hpp"
#include "assay/http/stream.hpp"
#include "assay/units/units.hpp"

namespace assay::http {

struct ServerLimits {
  std::size_t connections = 256;
  RequestLimits request;
  Seconds request_time{10};  // handshake and header; between requests, too
  Seconds answer_time{300};  // for what comes Later
  Seconds write_time{20};    // without any byte taken by the peer
  std::size_t backlog = 8;   // texts that a subscriber may lag behind before it is dropped
  Seconds heartbeat{15};     // a comment to a subscriber that heard nothing for so long
};

// Why a connection is over.
enum class Ending : std::uint8_t { none, done, refused, slow, lagging };

// One client's connection: reads requests, asks the handler, writes answers. Knows nothing of how
// its socket is watched. On the server's thread alone.
class Connection {
 public:
  using Clock = std::chrono::steady_clock;

  Connection(Stream stream, Ticket first, const ServerLimits& limits);

  [[nodiscard]] int fd() const { return stream_.fd(); }
  [[nodiscard]] Ending ending() const { return ending_; }
  [[nodiscard]] bool subscribed() const { return state_ == State::subscribed; }
  [[nodiscard]] bool wants_write() const;
  [[nodiscard]] bool wants_read() const;
  // When time_is_up() is due.
  [[nodiscard]] Clock::time_point deadline() const { return deadline_; }

  // The socket is readable or writable.
  void ready(const Handler& handler);
  void time_is_up();
  // The answer of a request that was to come Later, for whom waits_for() it.
  void answer(const Response& response, const Handler& handler);
  [[nodiscard]] bool waits_for(Ticket ticket) const {
    return state_ == State::waiting && static_cast<std::uint64_t>(ticket) == ticket_;
  }
  // For a subscriber. Drops it if it lags too far behind.
  void publish(const SharedText& text);
  // Nothing is to be read or written now; if the peer then goes, hang_up() ends it.
  [[nodiscard]] bool idle() const { return !wants_read() && !wants_write(); }
  void hang_up() { end(Ending::done); }
  // What is being written may still go out; all else is over.
  void finish();
  [[nodiscard]] std::uint64_t requests() const { return requests_; }

 private:
  enum class State : std::uint8_t { handshake, reading, waiting, writing, subscribed, draining };

  void shake_hands();
  bool read_some();
  void serve(const Handler& handler);
  void take_answer(Answer answer);
  void respond(const Response& response, bool close_after);
  void flush();
  void written();
  void enter(State state, Seconds time);
  void end(Ending why) { ending_ = why; }

  Stream stream_;
  ServerLimits limits_;
  RequestReader reader_;
  State state_ = State::handshake;
  Ending ending_ = Ending::none;
  Ending after_draining_ = Ending::done;
  Clock::time_point deadline_;
  std::uint64_t ticket_;
  std::deque<SharedText> out_;
  std::size_t sent_of_first_ = 0;
  bool tls_wants_write_ = false;
  bool keep_alive_ = true;
  bool head_only_ = false;
  bool close_after_ = false;
  std::uint64_t requests_ = 0;
};

}  // namespace assay::http
