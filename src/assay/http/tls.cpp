// SPDX-License-Identifier: Apache-2.0
#include "assay/http/tls.hpp"

#include <fmt/format.h>
#include <openssl/err.h>
#include <openssl/ssl.h>

#include "assay/http/private_file.hpp"

namespace assay::http {
namespace {

Error refused(const std::string& what) {
  return {ErrorCode::io, fmt::format("{}: {}", what, tls_error())};
}

Result<SSL_CTX*> fresh(const SSL_METHOD* method) {
  ERR_clear_error();
  SSL_CTX* context = SSL_CTX_new(method);
  if (context == nullptr) return refused("can't set up TLS");
  SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION);
  // A write that could not be finished is tried again from a buffer that may have moved.
  SSL_CTX_set_mode(context, SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER |
                                SSL_MODE_RELEASE_BUFFERS);
  return context;
}

}  // namespace

void TlsContext::Free::operator()(SSL_CTX* context) const { SSL_CTX_free(context); }

Result<std::shared_ptr<const TlsContext>> TlsContext::client(const std::string& ca_file) {
  TRY_ASSIGN(SSL_CTX * raw, fresh(TLS_client_method()));
  std::shared_ptr<const TlsContext> context(new TlsContext(raw));
  const int trusted = ca_file.empty() ? SSL_CTX_set_default_verify_paths(raw)
                                      : SSL_CTX_load_verify_file(raw, ca_file.c_str());
  if (trusted != 1)
    return refused(ca_file.empty() ? "can't read the system's certificates"
                                   : "can't read the certificates in " + ca_file);
  SSL_CTX_set_verify(raw, SSL_VERIFY_PEER, nullptr);
  return context;
}

Result<std::shared_ptr<const TlsContext>> TlsContext::server(const std::string& certificate_file,
                                                             const std::string& key_file) {
  TRY(check_private(key_file));
  TRY_ASSIGN(SSL_CTX * raw, fresh(TLS_server_method()));
  std::shared_ptr<const TlsContext> context(new TlsContext(raw));
  if (SSL_CTX_use_certificate_chain_file(raw, certificate_file.c_str()) != 1)
    return refused("can't use the certificate " + certificate_file);
  if (SSL_CTX_use_PrivateKey_file(raw, key_file.c_str(), SSL_FILETYPE_PEM) != 1)
    return refused(
        fmt::format("can't use the key {} with the certificate {}", key_file, certificate_file));
  SSL_CTX_set_session_cache_mode(raw, SSL_SESS_CACHE_OFF);
  return context;
}

std::string tls_error() {
  const unsigned long code = ERR_get_error();
  ERR_clear_error();
  if (code == 0) return "the connection broke off";
  const char* reason = ERR_reason_error_string(code);
  return reason != nullptr ? reason : fmt::format("OpenSSL error {:x}", code);
}

}  // namespace assay::http
