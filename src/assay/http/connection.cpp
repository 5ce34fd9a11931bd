// SPDX-License-Identifier: Apache-2.0
#include "assay/http/connection.hpp"

#include <array>
#include <string>
#include <utility>

#include "assay/http/response_text.hpp"

namespace assay::http {
namespace {

// After the last byte: time for the peer to read it before the socket goes, since closing with
// unread bytes resets the connection.
constexpr Seconds kDraining{1};

constexpr int kMostReads = 16;

}  // namespace

Connection::Connection(Stream stream, Ticket first, const ServerLimits& limits)
    : stream_(std::move(stream)),
      limits_(limits),
      reader_(limits.request),
      ticket_(static_cast<std::uint64_t>(first)) {
  enter(stream_.encrypted() ? State::handshake : State::reading, limits_.request_time);
}

void Connection::enter(State state, Seconds time) {
  state_ = state;
  deadline_ = Clock::now() + std::chrono::duration_cast<Clock::duration>(
                                 std::chrono::duration<double>(time.value()));
}

bool Connection::wants_write() const { return !out_.empty() || tls_wants_write_; }

bool Connection::wants_read() const {
  // While a request is being answered, further ones wait in the socket; a peer that goes away
  // meanwhile is noticed when it is written to.
  return state_ != State::waiting && state_ != State::writing;
}

void Connection::ready(const Handler& handler) {
  tls_wants_write_ = false;
  if (state_ == State::handshake) shake_hands();
  // A peer that sends faster than it is read must leave a turn to the others.
  for (int turns = 0; turns < kMostReads && ending_ == Ending::none && wants_read(); ++turns)
    if (state_ == State::handshake || !read_some()) break;
  if (ending_ == Ending::none && state_ == State::reading) serve(handler);
  if (ending_ == Ending::none) flush();
  // What was answered may have had the next request right behind it.
  while (ending_ == Ending::none && state_ == State::reading && reader_.begun()) {
    const std::uint64_t before = requests_;
    serve(handler);
    if (ending_ == Ending::none) flush();
    if (requests_ == before) break;
  }
}

void Connection::shake_hands() {
  const Transfer shaken = stream_.handshake();
  if (shaken.state == Io::done) state_ = State::reading;  // within the same deadline
  else if (shaken.state == Io::again_write) tls_wants_write_ = true;
  else if (shaken.state != Io::again_read) end(Ending::refused);
}

// False: nothing more to read now.
bool Connection::read_some() {
  std::array<char, 8192> buffer;
  const Transfer got = stream_.read(buffer);
  if (got.state == Io::again_write) tls_wants_write_ = true;
  if (got.state == Io::closed || got.state == Io::failed)
    end(state_ == State::draining ? after_draining_ : Ending::done);
  if (got.state != Io::done) return false;
  if (state_ != State::reading) return true;  // a subscriber has nothing more to say
  if (!reader_.begun()) enter(State::reading, limits_.request_time);
  reader_.take({buffer.data(), got.bytes});
  // One request at a time: what may pile up is bounded by the limits of one.
  return got.bytes == buffer.size() && !reader_.refusal();
}

void Connection::serve(const Handler& handler) {
  std::optional<Request> request = reader_.next();
  if (reader_.refusal()) {
    after_draining_ = Ending::refused;
    return respond(*reader_.refusal(), true);
  }
  if (!request) return;
  ++requests_;
  request->ticket = static_cast<Ticket>(++ticket_);
  request->encrypted = stream_.encrypted();
  keep_alive_ = request->keep_alive;
  head_only_ = request->method == "HEAD";
  take_answer(handler(*request));
}

void Connection::take_answer(Answer answer) {
  if (const auto* response = std::get_if<Response>(&answer)) return respond(*response, false);
  if (std::holds_alternative<Later>(answer)) return enter(State::waiting, limits_.answer_time);
  const auto& subscription = std::get<Subscription>(answer);
  out_.push_back(std::make_shared<const std::string>(open_ended_head(subscription.headers)));
  if (head_only_) {
    close_after_ = true;
    return enter(State::writing, limits_.write_time);
  }
  if (subscription.first) out_.push_back(subscription.first);
  enter(State::subscribed, limits_.heartbeat);
}

void Connection::respond(const Response& response, bool close_after) {
  close_after_ = close_after || !keep_alive_;
  out_.push_back(
      std::make_shared<const std::string>(response_text(response, head_only_, !close_after_)));
  enter(State::writing, limits_.write_time);
}

void Connection::answer(const Response& response, const Handler& handler) {
  respond(response, false);
  ready(handler);
}

void Connection::publish(const SharedText& text) {
  if (out_.size() >= limits_.backlog) return end(Ending::lagging);
  out_.push_back(text);
  flush();
}

void Connection::flush() {
  while (!out_.empty()) {
    const std::string_view rest = std::string_view(*out_.front()).substr(sent_of_first_);
    const Transfer sent = rest.empty() ? Transfer{} : stream_.write(rest);
    if (sent.state == Io::closed || sent.state == Io::failed) return end(Ending::done);
    if (sent.state != Io::done) return;
    enter(state_, state_ == State::subscribed ? limits_.heartbeat : limits_.write_time);
    sent_of_first_ += sent.bytes;
    if (sent_of_first_ < out_.front()->size()) continue;
    out_.pop_front();
    sent_of_first_ = 0;
  }
  if (state_ == State::writing) written();
}

void Connection::written() {
  if (!close_after_) return enter(State::reading, limits_.request_time);
  stream_.shut_down();
  enter(State::draining, kDraining);
}

void Connection::time_is_up() {
  static const SharedText kHeartbeat = std::make_shared<const std::string>(":\n\n");
  switch (state_) {
    case State::subscribed:
      if (!out_.empty()) return end(Ending::lagging);
      return publish(kHeartbeat);
    case State::reading:
      if (!reader_.begun()) return end(Ending::done);  // it had nothing more to ask
      after_draining_ = Ending::slow;
      respond(text_response(408, "the request did not come in time"), true);
      return flush();
    case State::waiting:
      respond(text_response(503, "the answer took too long"), true);
      return flush();
    case State::draining: return end(after_draining_);
    case State::handshake:
    case State::writing: return end(Ending::slow);
  }
}

void Connection::finish() {
  if (state_ == State::writing) {
    close_after_ = true;
    return;
  }
  stream_.shut_down();
  end(Ending::done);
}

}  // namespace assay::http
