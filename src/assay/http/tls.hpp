// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>

#include "assay/base/result.hpp"

// OpenSSL's own types, which its headers declare the same way.
using SSL = struct ssl_st;
using SSL_CTX = struct ssl_ctx_st;

namespace assay::http {

// Keys and trust for connections with TLS 1.2 or newer. Shared by many connections; immutable.
class TlsContext {
 public:
  // Trusts the certificates in `ca_file` (PEM), or the system's where it is empty.
  static Result<std::shared_ptr<const TlsContext>> client(const std::string& ca_file);
  // Presents this chain (PEM). Errors name the file and what is wrong with it; a key that others
  // than its owner may read is refused (no_permission).
  static Result<std::shared_ptr<const TlsContext>> server(const std::string& certificate_file,
                                                          const std::string& key_file);
  [[nodiscard]] SSL_CTX* get() const { return context_.get(); }

 private:
  struct Free {
    void operator()(SSL_CTX* context) const;
  };
  explicit TlsContext(SSL_CTX* context) : context_(context) {}
  std::unique_ptr<SSL_CTX, Free> context_;
};

// What OpenSSL's error queue of this thread says, in one line; empties it.
std::string tls_error();

}  // namespace assay::http
