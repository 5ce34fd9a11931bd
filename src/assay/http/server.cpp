// SPDX-License-Identifier: Apache-2.0
#include "assay/http/server.hpp"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cerrno>
#include <chrono>
#include <map>
#include <utility>
#include <vector>

#include "assay/base/check.hpp"
#include "assay/http/mailbox.hpp"
#include "assay/http/request_reader.hpp"
#include "assay/http/response_text.hpp"

namespace assay::http {
namespace {

using Clock = Connection::Clock;

constexpr std::chrono::seconds kGrace{2};
// Without descriptors left, accept() fails at once and for ever: look again after this.
constexpr std::chrono::milliseconds kNoDescriptors{200};
// What the kernel may hold of an answer, so that 64 clients that never read cost little.
constexpr int kSendBuffer = 128 << 10;

struct Tally {
  std::atomic<std::int64_t> connections_now = 0, subscribers_now = 0, connections = 0, requests = 0,
                            refused = 0, malformed = 0, slow = 0, dropped = 0;
};

}  // namespace

struct Server::Impl {
  ListenAddress address;
  std::shared_ptr<const TlsContext> tls;
  ServerLimits limits;
  Handler handler;
  int listener = -1;
  int epoll = -1;
  Mailbox mailbox;
  struct Watched {
    Connection connection;
    std::uint32_t events;
  };
  std::map<int, Watched> connections;  // by descriptor
  std::uint64_t accepted = 0;
  bool stopping = false;
  Clock::time_point last_moment = Clock::time_point::max();
  Clock::time_point listen_again = Clock::time_point::max();
  Tally tally;

  ~Impl() {
    connections.clear();
    if (listener >= 0) ::close(listener);
    if (epoll >= 0) ::close(epoll);
  }

  void watch(int fd, std::uint32_t events, int operation) const {
    epoll_event event{};
    event.events = events;
    event.data.fd = fd;
    ::epoll_ctl(epoll, operation, fd, &event);
  }

  void accept_all() {
    for (;;) {
      const int fd = ::accept4(listener, nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC);
      if (fd < 0 && (errno == EMFILE || errno == ENFILE || errno == ENOMEM || errno == ENOBUFS)) {
        watch(listener, 0, EPOLL_CTL_MOD);
        listen_again = Clock::now() + kNoDescriptors;
      }
      if (fd < 0) return;
      admit(fd);
    }
  }

  // Without TLS it is told why; what it asks is not waited for.
  void turn_away(int fd) const {
    if (!tls) {
      Response busy = text_response(503, "too many connections at once; ask again later");
      busy.headers.push_back({"Retry-After", "5"});
      const std::string text = response_text(busy, false, false);
      static_cast<void>(::send(fd, text.data(), text.size(), MSG_NOSIGNAL));
      ::shutdown(fd, SHUT_WR);
      // Closing with bytes unread would take the answer back.
      std::array<char, 4096> asked;
      for (int i = 0; i < 8 && ::recv(fd, asked.data(), asked.size(), 0) > 0; ++i) {
      }
    }
    ::close(fd);
  }

  void admit(int fd) {
    if (connections.size() >= limits.connections) {
      ++tally.refused;
      turn_away(fd);
      return;
    }
    const int on = 1;
    ::setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    ::setsockopt(fd, SOL_SOCKET, SO_SNDBUF, &kSendBuffer, sizeof kSendBuffer);
    // So many requests on one connection that its tickets reach the next one's never come.
    const auto ticket = static_cast<Ticket>(++accepted << 32);
    Result<Stream> stream = tls ? Stream::tls(fd, *tls, std::nullopt) : Stream::plain(fd);
    if (!stream) {
      ++tally.malformed;
      return;
    }
    ++tally.connections;
    watch(fd, EPOLLIN, EPOLL_CTL_ADD);
    connections.emplace(fd, Watched{Connection(*std::move(stream), ticket, limits), EPOLLIN});
    tally.connections_now = static_cast<std::int64_t>(connections.size());
  }

  // After anything happened to a connection: what to watch next, or its end.
  void settle(std::map<int, Watched>::iterator at) {
    const Connection& connection = at->second.connection;
    if (connection.ending() == Ending::none) {
      const std::uint32_t events = (connection.wants_read() ? EPOLLIN | EPOLLRDHUP : 0U) |
                                   (connection.wants_write() ? EPOLLOUT : 0U);
      if (events != at->second.events) watch(at->first, events, EPOLL_CTL_MOD);
      at->second.events = events;
      return;
    }
    if (connection.ending() == Ending::refused) ++tally.malformed;
    if (connection.ending() == Ending::slow) ++tally.slow;
    if (connection.ending() == Ending::lagging) ++tally.dropped;
    connections.erase(at);
    tally.connections_now = static_cast<std::int64_t>(connections.size());
  }

  template <typename Act>
  void with(std::map<int, Watched>::iterator at, const Act& act) {
    Connection& connection = at->second.connection;
    const std::uint64_t asked = connection.requests();
    const bool subscribed = connection.subscribed();
    act(connection);
    tally.requests += static_cast<std::int64_t>(connection.requests() - asked);
    const bool stays = connection.subscribed() && connection.ending() == Ending::none;
    tally.subscribers_now += (stays ? 1 : 0) - (subscribed ? 1 : 0);
    settle(at);
  }

  template <typename Act>
  void with_each(const Act& act) {
    for (auto at = connections.begin(); at != connections.end();) with(at++, act);
  }

  void ready(int fd, std::uint32_t events) {
    if (fd == mailbox.fd()) return mailbox.do_all();
    if (fd == listener) return accept_all();
    const auto at = connections.find(fd);
    if (at == connections.end()) return;
    // Reported whatever we watch for: who waits for an answer to come would be told without end.
    const bool broken = (events & (EPOLLERR | EPOLLHUP)) != 0;
    with(at, [&](Connection& c) { broken&& c.idle() ? c.hang_up() : c.ready(handler); });
  }

  void look_at_the_clock() {
    const Clock::time_point now = Clock::now();
    for (auto at = connections.begin(); at != connections.end();) {
      const auto one = at++;
      if (one->second.connection.deadline() <= now)
        with(one, [](Connection& c) { c.time_is_up(); });
    }
    if (listen_again > now) return;
    listen_again = Clock::time_point::max();
    if (!stopping) watch(listener, EPOLLIN, EPOLL_CTL_MOD);
  }

  [[nodiscard]] int milliseconds_to_next() const {
    Clock::time_point next = std::min(last_moment, listen_again);
    for (const auto& [fd, one] : connections) next = std::min(next, one.connection.deadline());
    if (next == Clock::time_point::max()) return -1;
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(next - Clock::now()).count();
    return static_cast<int>(std::clamp<std::int64_t>(left, 0, 60'000));
  }

  void begin_to_stop() {
    stopping = true;
    last_moment = Clock::now() + kGrace;
    watch(listener, 0, EPOLL_CTL_DEL);
    with_each([](Connection& c) { c.finish(); });
  }

  void run() {
    std::array<epoll_event, 64> events;
    while (!stopping || (!connections.empty() && Clock::now() < last_moment)) {
      const int count = ::epoll_wait(epoll, events.data(), static_cast<int>(events.size()),
                                     milliseconds_to_next());
      for (std::size_t i = 0; std::cmp_less(i, count); ++i)
        ready(events[i].data.fd, events[i].events);
      look_at_the_clock();
    }
    connections.clear();
    tally.connections_now = 0;
    tally.subscribers_now = 0;
  }
};

Server::Server(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Server::~Server() = default;

Result<std::unique_ptr<Server>> Server::listen(const ListenAddress& address,
                                               std::shared_ptr<const TlsContext> tls,
                                               const ServerLimits& limits, Handler handler) {
  auto impl = std::make_unique<Impl>();
  TRY_ASSIGN(impl->listener, open_listener(address));
  impl->address = {address.host, port_of(impl->listener)};
  impl->tls = std::move(tls);
  impl->limits = limits;
  impl->handler = std::move(handler);
  impl->epoll = ::epoll_create1(EPOLL_CLOEXEC);
  CHECK(impl->epoll >= 0);
  impl->watch(impl->listener, EPOLLIN, EPOLL_CTL_ADD);
  impl->watch(impl->mailbox.fd(), EPOLLIN, EPOLL_CTL_ADD);
  return std::unique_ptr<Server>(new Server(std::move(impl)));
}

const ListenAddress& Server::address() const { return impl_->address; }

void Server::run() { impl_->run(); }

void Server::stop() {
  post([this] { impl_->begin_to_stop(); });
}

void Server::post(std::function<void()> work) { impl_->mailbox.put(std::move(work)); }

void Server::answer(Ticket ticket, Response response) {
  post([this, ticket, response = std::move(response)] {
    // A connection that has gone meanwhile needs no answer.
    impl_->with_each([&](Connection& c) {
      if (c.waits_for(ticket)) c.answer(response, impl_->handler);
    });
  });
}

void Server::publish(SharedText text) {
  post([this, text = std::move(text)] {
    impl_->with_each([&](Connection& c) {
      if (c.subscribed()) c.publish(text);
    });
  });
}

void Server::use_tls(std::shared_ptr<const TlsContext> tls) {
  post([this, tls = std::move(tls)] { impl_->tls = tls; });
}

ServerCounters Server::counters() const {
  const Tally& t = impl_->tally;
  return {.connections_now = t.connections_now,
          .subscribers_now = t.subscribers_now,
          .connections = t.connections,
          .requests = t.requests,
          .refused_connections = t.refused,
          .malformed = t.malformed,
          .slow = t.slow,
          .subscribers_dropped = t.dropped};
}

}  // namespace assay::http
