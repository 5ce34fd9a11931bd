// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "assay/base/result.hpp"
#include "assay/http/tls.hpp"

namespace assay::http {

// How far a call got. `again_…`: nothing more now; call once the socket is readable or writable.
enum class Io : std::uint8_t { done, again_read, again_write, closed, failed };

struct Transfer {
  Io state = Io::done;
  std::size_t bytes = 0;  // with done: at least one
  std::string why;        // with failed
};

// One connected socket that never blocks, plain or with TLS. Owns the descriptor. No signal comes
// of a peer that is gone. One thread at a time.
class Stream {
 public:
  // Both take the descriptor, whatever comes of it.
  static Stream plain(int fd);
  // `name`: the host that the certificate must name; empty on the server's side.
  static Result<Stream> tls(int fd, const TlsContext& context,
                            const std::optional<std::string>& name);

  Stream(Stream&& other) noexcept;
  Stream& operator=(Stream&& other) noexcept;
  ~Stream();

  [[nodiscard]] int fd() const { return fd_; }
  [[nodiscard]] bool encrypted() const { return ssl_ != nullptr; }
  // Until it says done; at once where there is no TLS.
  Transfer handshake();
  Transfer read(std::span<char> into);
  Transfer write(std::string_view from);  // not empty
  // Tells the peer that no more is to come, as far as that can be said without waiting.
  void shut_down();

 private:
  struct Free {
    void operator()(SSL* ssl) const;
  };
  explicit Stream(int fd) : fd_(fd) {}
  Transfer verdict(int answer);

  int fd_ = -1;
  std::unique_ptr<SSL, Free> ssl_;
};

}  // namespace assay::http
