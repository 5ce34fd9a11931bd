// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>
#include <sys/stat.h>

#include <cstdio>
#include <memory>
#include <string>

#include "assay/base/check.hpp"

namespace assay::http {

// Writes a key (mode 0600) and a certificate for 127.0.0.1 and localhost, signed by itself and good
// for an hour: for tests of TLS.
inline void write_self_signed(const std::string& certificate_file, const std::string& key_file) {
  const std::unique_ptr<EVP_PKEY, void (*)(EVP_PKEY*)> key(
      EVP_PKEY_Q_keygen(nullptr, nullptr, "EC", "P-256"), EVP_PKEY_free);
  const std::unique_ptr<X509, void (*)(X509*)> certificate(X509_new(), X509_free);
  CHECK(key && certificate);
  X509* x = certificate.get();
  X509_set_version(x, 2);
  ASN1_INTEGER_set(X509_get_serialNumber(x), 1);
  X509_gmtime_adj(X509_getm_notBefore(x), -60);
  X509_gmtime_adj(X509_getm_notAfter(x), 3600);
  X509_set_pubkey(x, key.get());
  X509_NAME* name = X509_get_subject_name(x);
  const std::string host = "localhost";
  X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC,
                             reinterpret_cast<const unsigned char*>(host.data()),
                             static_cast<int>(host.size()), -1, 0);
  X509_set_issuer_name(x, name);
  X509_EXTENSION* names =
      X509V3_EXT_conf_nid(nullptr, nullptr, NID_subject_alt_name, "DNS:localhost,IP:127.0.0.1");
  CHECK(names != nullptr);
  X509_add_ext(x, names, -1);
  X509_EXTENSION_free(names);
  CHECK(X509_sign(x, key.get(), EVP_sha256()) > 0);
  std::FILE* file = std::fopen(certificate_file.c_str(), "w");
  CHECK(file != nullptr && PEM_write_X509(file, x) == 1);
  std::fclose(file);
  file = std::fopen(key_file.c_str(), "w");
  CHECK(file != nullptr && ::chmod(key_file.c_str(), 0600) == 0);
  CHECK(PEM_write_PrivateKey(file, key.get(), nullptr, nullptr, 0, nullptr, nullptr) == 1);
  std::fclose(file);
}

}  // namespace assay::http
