// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <memory>
#include <string_view>

#include "assay/base/result.hpp"
#include "assay/http/message.hpp"

namespace assay::http {

// Takes a response's bytes in any pieces (RFC 9112: with a length, chunked, or up to the end of the
// connection).
class ResponseReader {
 public:
  explicit ResponseReader(std::size_t most_body_bytes);
  ~ResponseReader();

  // True once the response is whole. corrupt: these bytes are no response, or too many.
  Result<bool> take(std::string_view bytes);
  // The connection has ended; corrupt where that is too early.
  Status end();
  // Once it is whole.
  Response result();

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace assay::http
