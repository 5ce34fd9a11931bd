// SPDX-License-Identifier: Apache-2.0
#include "assay/http/stream.hpp"

#include <arpa/inet.h>
#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <climits>
#include <cstring>
#include <utility>

namespace assay::http {
namespace {

bool must_wait(int error) { return error == EAGAIN || error == EWOULDBLOCK || error == EINTR; }

int fd_of(BIO* bio) { return static_cast<int>(reinterpret_cast<std::intptr_t>(BIO_get_data(bio))); }

// OpenSSL's own socket BIO writes with write(), which raises SIGPIPE.
int bio_write(BIO* bio, const char* data, int size) {
  BIO_clear_retry_flags(bio);
  const ssize_t sent = ::send(fd_of(bio), data, static_cast<std::size_t>(size), MSG_NOSIGNAL);
  if (sent < 0 && must_wait(errno)) BIO_set_retry_write(bio);
  return static_cast<int>(sent);
}

int bio_read(BIO* bio, char* data, int size) {
  BIO_clear_retry_flags(bio);
  const ssize_t got = ::recv(fd_of(bio), data, static_cast<std::size_t>(size), 0);
  if (got < 0 && must_wait(errno)) BIO_set_retry_read(bio);
  return static_cast<int>(got);
}

long bio_control(BIO*, int command, long, void*) { return command == BIO_CTRL_FLUSH ? 1 : 0; }

const BIO_METHOD* quiet_socket() {
  static const BIO_METHOD* const kMethod = [] {
    BIO_METHOD* method = BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, "quiet socket");
    BIO_meth_set_write(method, bio_write);
    BIO_meth_set_read(method, bio_read);
    BIO_meth_set_ctrl(method, bio_control);
    return method;
  }();
  return kMethod;
}

bool is_address(const std::string& name) {
  in6_addr scratch{};
  return ::inet_pton(AF_INET, name.c_str(), &scratch) == 1 ||
         ::inet_pton(AF_INET6, name.c_str(), &scratch) == 1;
}

bool expect_name(SSL* ssl, const std::string& name) {
  if (is_address(name))
    return X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(ssl), name.c_str()) == 1;
  // What the macro SSL_set_tlsext_host_name does, without its C cast.
  SSL_ctrl(ssl, SSL_CTRL_SET_TLSEXT_HOSTNAME, TLSEXT_NAMETYPE_host_name,
           const_cast<char*>(name.c_str()));
  return SSL_set1_host(ssl, name.c_str()) == 1;
}

}  // namespace

void Stream::Free::operator()(SSL* ssl) const { SSL_free(ssl); }

Stream Stream::plain(int fd) { return Stream(fd); }

Result<Stream> Stream::tls(int fd, const TlsContext& context,
                           const std::optional<std::string>& name) {
  Stream stream(fd);
  ERR_clear_error();
  stream.ssl_.reset(SSL_new(context.get()));
  BIO* bio = stream.ssl_ ? BIO_new(quiet_socket()) : nullptr;
  if (bio == nullptr) return Error{ErrorCode::io, "can't set up TLS: " + tls_error()};
  BIO_set_data(bio, reinterpret_cast<void*>(static_cast<std::intptr_t>(fd)));
  BIO_set_init(bio, 1);
  SSL_set_bio(stream.ssl_.get(), bio, bio);
  if (!name) {
    SSL_set_accept_state(stream.ssl_.get());
    return stream;
  }
  SSL_set_connect_state(stream.ssl_.get());
  if (!expect_name(stream.ssl_.get(), *name))
    return Error{ErrorCode::invalid_argument, "\"" + *name + "\" can't be a host's name"};
  return stream;
}

Stream::Stream(Stream&& other) noexcept
    : fd_(std::exchange(other.fd_, -1)), ssl_(std::move(other.ssl_)) {}

Stream& Stream::operator=(Stream&& other) noexcept {
  std::swap(fd_, other.fd_);
  std::swap(ssl_, other.ssl_);
  return *this;
}

Stream::~Stream() {
  if (fd_ >= 0) ::close(fd_);
}

// Of an answer of 0 or less.
Transfer Stream::verdict(int answer) {
  const int error = errno;
  switch (SSL_get_error(ssl_.get(), answer)) {
    case SSL_ERROR_WANT_READ: return {.state = Io::again_read, .why = {}};
    case SSL_ERROR_WANT_WRITE: return {.state = Io::again_write, .why = {}};
    case SSL_ERROR_ZERO_RETURN: return {.state = Io::closed, .why = {}};
    default: break;
  }
  const long verified = SSL_get_verify_result(ssl_.get());
  if (verified != X509_V_OK) {
    ERR_clear_error();
    return {.state = Io::failed,
            .why = std::string("its certificate is not trusted: ") +
                   X509_verify_cert_error_string(verified)};
  }
  if (ERR_peek_error() == 0)
    return {.state = Io::failed,
            .why = error != 0 ? std::strerror(error) : "the connection broke off"};
  return {.state = Io::failed, .why = tls_error()};
}

Transfer Stream::handshake() {
  if (!ssl_) return {};
  ERR_clear_error();
  errno = 0;
  const int answer = SSL_do_handshake(ssl_.get());
  return answer == 1 ? Transfer{} : verdict(answer);
}

Transfer Stream::read(std::span<char> into) {
  if (ssl_) {
    ERR_clear_error();
    errno = 0;
    const int size = static_cast<int>(std::min<std::size_t>(into.size(), INT_MAX));
    const int got = SSL_read(ssl_.get(), into.data(), size);
    return got > 0 ? Transfer{.bytes = static_cast<std::size_t>(got), .why = {}} : verdict(got);
  }
  const ssize_t got = ::recv(fd_, into.data(), into.size(), 0);
  if (got > 0) return {.bytes = static_cast<std::size_t>(got), .why = {}};
  if (got == 0) return {.state = Io::closed, .why = {}};
  if (must_wait(errno)) return {.state = Io::again_read, .why = {}};
  return {.state = Io::failed, .why = std::strerror(errno)};
}

Transfer Stream::write(std::string_view from) {
  if (ssl_) {
    ERR_clear_error();
    errno = 0;
    const int size = static_cast<int>(std::min<std::size_t>(from.size(), INT_MAX));
    const int sent = SSL_write(ssl_.get(), from.data(), size);
    return sent > 0 ? Transfer{.bytes = static_cast<std::size_t>(sent), .why = {}} : verdict(sent);
  }
  const ssize_t sent = ::send(fd_, from.data(), from.size(), MSG_NOSIGNAL);
  if (sent > 0) return {.bytes = static_cast<std::size_t>(sent), .why = {}};
  if (sent < 0 && must_wait(errno)) return {.state = Io::again_write, .why = {}};
  return {.state = Io::failed, .why = std::strerror(errno)};
}

void Stream::shut_down() {
  if (ssl_) {
    ERR_clear_error();
    SSL_shutdown(ssl_.get());
    ERR_clear_error();
  }
  ::shutdown(fd_, SHUT_WR);
}

}  // namespace assay::http
