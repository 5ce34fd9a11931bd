// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <string_view>

#include "assay/http/message.hpp"
#include "assay/http/request.hpp"

namespace assay::http {

struct RequestLimits {
  std::uint32_t head_bytes = 16 << 10;
  std::size_t body_bytes = 64 << 10;
};

// Takes the bytes of one request after another in any pieces.
class RequestReader {
 public:
  explicit RequestReader(const RequestLimits& limits);
  ~RequestReader();
  RequestReader(RequestReader&&) noexcept;

  void take(std::string_view bytes);
  // The next request once it is whole. After a malformed one there is none: refusal() says why.
  std::optional<Request> next();
  [[nodiscard]] const std::optional<Response>& refusal() const { return refusal_; }
  // Some bytes of a request have come, but not all.
  [[nodiscard]] bool begun() const;

 private:
  struct Impl;
  void start();

  RequestLimits limits_;
  std::unique_ptr<Impl> impl_;
  std::string pending_;
  std::optional<Response> refusal_;
};

// A short text for people, with a line break at its end.
Response text_response(int status, std::string_view text);

}  // namespace assay::http
