// SPDX-License-Identifier: Apache-2.0
#include "assay/http/request_reader.hpp"

#include <algorithm>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>
#include <string>

namespace assay::http {

namespace beast = boost::beast;

struct RequestReader::Impl {
  beast::http::request_parser<beast::http::string_body> parser;
};

namespace {

Response refuse(const beast::error_code& code) {
  using beast::http::error;
  if (code == error::header_limit) return text_response(431, "the request's header is too long");
  if (code == error::body_limit) return text_response(413, "the request's body is too long");
  if (code == error::bad_version) return text_response(505, "assay speaks HTTP/1.1");
  return text_response(400, "this is no HTTP request: " + code.message());
}

// Clients behind a proxy's settings send all of the URL. RFC 9112 3.2.2: it is to be taken, and its
// host counts instead of the header's.
void take_absolute_form(Request& request) {
  const std::size_t scheme = request.path.find("://");
  if (scheme == std::string::npos) return;
  const std::string_view name = std::string_view(request.path).substr(0, scheme);
  if (!same_ignoring_case(name, "http") && !same_ignoring_case(name, "https")) return;
  const std::size_t begin = scheme + 3;
  const std::size_t slash = std::min(request.path.find('/', begin), request.path.size());
  const std::string authority = request.path.substr(begin, slash - begin);
  if (authority.empty() || authority.contains('@')) return;  // a user's name: nobody's path
  for (Header& header : request.headers)
    if (same_ignoring_case(header.name, "host")) header.value = authority;
  request.path.erase(0, slash);
  if (request.path.empty()) request.path = "/";
}

Request taken(beast::http::request<beast::http::string_body> message) {
  Request request;
  request.method = message.method_string();
  const std::string_view target(message.target().data(), message.target().size());
  const std::size_t question = target.find('?');
  request.path = target.substr(0, question);
  if (question != std::string_view::npos) request.query = target.substr(question + 1);
  for (const auto& field : message)
    request.headers.push_back({std::string(field.name_string()), std::string(field.value())});
  take_absolute_form(request);
  request.keep_alive = message.keep_alive();
  request.body = std::move(message.body());
  return request;
}

}  // namespace

Response text_response(int status, std::string_view text) {
  return {status, std::string(text) + "\n", {{"Content-Type", "text/plain; charset=utf-8"}}};
}

RequestReader::RequestReader(const RequestLimits& limits) : limits_(limits) { start(); }
RequestReader::~RequestReader() = default;
RequestReader::RequestReader(RequestReader&&) noexcept = default;

void RequestReader::start() {
  impl_ = std::make_unique<Impl>();
  impl_->parser.eager(true);
  impl_->parser.header_limit(limits_.head_bytes);
  impl_->parser.body_limit(limits_.body_bytes);
}

void RequestReader::take(std::string_view bytes) { pending_ += bytes; }

bool RequestReader::begun() const { return impl_->parser.got_some() || !pending_.empty(); }

std::optional<Request> RequestReader::next() {
  while (!refusal_ && !impl_->parser.is_done() && !pending_.empty()) {
    beast::error_code code;
    const std::size_t used =
        impl_->parser.put(boost::asio::const_buffer(pending_.data(), pending_.size()), code);
    pending_.erase(0, used);
    if (code == beast::http::error::need_more) break;
    if (code) refusal_ = refuse(code);
  }
  if (refusal_ || !impl_->parser.is_done()) return std::nullopt;
  Request request = taken(impl_->parser.release());
  start();
  return request;
}

}  // namespace assay::http
