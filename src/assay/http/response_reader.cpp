// SPDX-License-Identifier: Apache-2.0
#include "assay/http/response_reader.hpp"

#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>
#include <string>

namespace assay::http {

namespace beast = boost::beast;

struct ResponseReader::Impl {
  beast::http::response_parser<beast::http::string_body> parser;
  std::string pending;  // what the parser has not used yet
};

namespace {

constexpr std::uint32_t kMostHeaderBytes = 64 << 10;

Error no_http(const beast::error_code& code) {
  return {ErrorCode::corrupt,
          code == beast::http::error::body_limit || code == beast::http::error::header_limit
              ? "its answer is too long"
              : "its answer is no HTTP (" + code.message() + ")"};
}

}  // namespace

ResponseReader::ResponseReader(std::size_t most_body_bytes) : impl_(std::make_unique<Impl>()) {
  impl_->parser.eager(true);
  impl_->parser.body_limit(most_body_bytes);
  impl_->parser.header_limit(kMostHeaderBytes);
}

ResponseReader::~ResponseReader() = default;

Result<bool> ResponseReader::take(std::string_view bytes) {
  impl_->pending += bytes;
  while (!impl_->parser.is_done() && !impl_->pending.empty()) {
    beast::error_code code;
    const std::size_t used = impl_->parser.put(
        boost::asio::const_buffer(impl_->pending.data(), impl_->pending.size()), code);
    impl_->pending.erase(0, used);
    if (code == beast::http::error::need_more) break;
    if (code) return no_http(code);
  }
  return impl_->parser.is_done();
}

Status ResponseReader::end() {
  beast::error_code code;
  if (!impl_->parser.got_some())
    return Error{ErrorCode::corrupt, "it closed the connection without an answer"};
  impl_->parser.put_eof(code);
  if (code) return Error{ErrorCode::corrupt, "its answer broke off"};
  return {};
}

Response ResponseReader::result() {
  auto message = impl_->parser.release();
  Response response{static_cast<int>(message.result_int()), std::move(message.body()), {}};
  for (const auto& field : message)
    response.headers.push_back({std::string(field.name_string()), std::string(field.value())});
  return response;
}

}  // namespace assay::http
