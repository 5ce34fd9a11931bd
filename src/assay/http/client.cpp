// SPDX-License-Identifier: Apache-2.0
#include "assay/http/client.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "assay/http/connect.hpp"
#include "assay/http/response_reader.hpp"

namespace assay::http {
namespace {

Error late(const Url& url) {
  return {ErrorCode::timeout,
          fmt::format("{} did not answer in time; is it overloaded or hung?", url.server())};
}

Error broken(const Url& url, const std::string& why) {
  return {ErrorCode::io, fmt::format("{}: {}", url.server(), why)};
}

Result<Stream> open(const Url& url, const Options& options, const Deadline& deadline) {
  std::shared_ptr<const TlsContext> context;
  if (url.tls) {
    TRY_ASSIGN(context, TlsContext::client(options.ca_file));
  }
  TRY_ASSIGN(const int fd, connect_to(url, deadline));
  if (!url.tls) return Stream::plain(fd);
  TRY_ASSIGN(Stream stream, Stream::tls(fd, *context, url.host));
  for (;;) {
    const Transfer got = stream.handshake();
    if (got.state == Io::done) return stream;
    if (got.state == Io::closed) return broken(url, "it closed the connection; does it speak TLS?");
    if (got.state == Io::failed) return broken(url, got.why);
    if (!wait_for(stream.fd(), got.state, deadline)) return late(url);
  }
}

Status send_all(const Url& url, Stream& stream, std::string_view text, const Deadline& deadline) {
  while (!text.empty()) {
    const Transfer sent = stream.write(text);
    if (sent.state == Io::done) text.remove_prefix(sent.bytes);
    else if (sent.state == Io::closed || sent.state == Io::failed)
      return broken(url, sent.state == Io::failed ? sent.why : "it closed the connection");
    else if (!wait_for(stream.fd(), sent.state, deadline)) return late(url);
  }
  return {};
}

Result<Response> receive(const Url& url, Stream& stream, const Options& options,
                         const Deadline& deadline) {
  ResponseReader reader(options.most_bytes);
  std::array<char, 16384> buffer;
  for (;;) {
    const Transfer got = stream.read(buffer);
    // A peer that sends without end must not outlive the deadline by never letting us wait.
    if (deadline.over()) return late(url);
    if (got.state == Io::failed) return broken(url, got.why);
    if (got.state == Io::closed) {
      if (const Status ended = reader.end(); !ended) return broken(url, ended.error().message);
      return reader.result();
    }
    if (got.state == Io::done) {
      const auto whole = reader.take({buffer.data(), got.bytes});
      if (!whole) return broken(url, whole.error().message);
      if (*whole) return reader.result();
    } else if (!wait_for(stream.fd(), got.state, deadline)) {
      return late(url);
    }
  }
}

bool fit_for_a_header(std::string_view text) {
  return std::ranges::none_of(text, [](char c) { return c == '\r' || c == '\n' || c == '\0'; });
}

Result<std::string> head_of(std::string_view method, const Url& url, const Options& options) {
  std::string head = fmt::format(
      "{} {} HTTP/1.1\r\nHost: {}\r\nUser-Agent: assay\r\nAccept: */*\r\nConnection: close\r\n",
      method, url.target, url.authority());
  for (const Header& one : options.headers) {
    if (!fit_for_a_header(one.name) || !fit_for_a_header(one.value))
      return Error{ErrorCode::invalid_argument,
                   "a header to be sent holds a line break; take it out"};
    head += fmt::format("{}: {}\r\n", one.name, one.value);
  }
  return head;
}

Result<Response> exchange(const Url& url, std::string_view head, std::string_view body,
                          const Options& options) {
  const Deadline deadline(options.deadline);
  TRY_ASSIGN(Stream stream, open(url, options, deadline));
  TRY(send_all(url, stream, head, deadline));
  // A server that refuses a body may answer and close before it has read it all: hear it out.
  const Status sent = send_all(url, stream, body, deadline);
  auto response = receive(url, stream, options, deadline);
  if (!response && !sent) return sent.error();
  return response;
}

}  // namespace

Result<Response> get(const Url& url, const Options& options) {
  TRY_ASSIGN(const std::string head, head_of("GET", url, options));
  return exchange(url, head + "\r\n", "", options);
}

Result<Response> post(const Url& url, std::string_view body, std::string_view content_type,
                      const Options& options) {
  TRY_ASSIGN(std::string head, head_of("POST", url, options));
  head += fmt::format("Content-Type: {}\r\nContent-Length: {}\r\n\r\n", content_type, body.size());
  return exchange(url, head, body, options);
}

Status expect_success(const Url& url, const Response& response) {
  if (response.status >= 200 && response.status < 300) return {};
  const std::string_view line =
      std::string_view(response.body)
          .substr(0, std::min<std::size_t>(response.body.find('\n'), 200));
  return broken(url, fmt::format("it answered {} {}{}{}", response.status,
                                 phrase_of(response.status), line.empty() ? "" : ": ", line));
}

}  // namespace assay::http
