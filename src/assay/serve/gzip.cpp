// SPDX-License-Identifier: Apache-2.0
#include "assay/serve/gzip.hpp"

#include <boost/beast/zlib/deflate_stream.hpp>

#include "assay/base/check.hpp"
#include "assay/store/crc32.hpp"

namespace assay::serve {
namespace {

void append_u32(std::string& out, std::size_t value) {
  for (int shift = 0; shift < 32; shift += 8) out += static_cast<char>(value >> shift & 0xff);
}

}  // namespace

std::string gzip(std::string_view bytes, int level) {
  namespace zlib = boost::beast::zlib;
  // No name, no time: the same bytes always give the same file. 3: written on Unix.
  std::string out("\x1f\x8b\x08\x00\x00\x00\x00\x00\x02\x03", 10);
  const std::size_t head = out.size();
  zlib::deflate_stream stream;
  stream.reset(level, 15, 8, zlib::Strategy::normal);
  out.resize(head + stream.upper_bound(bytes.size()));
  zlib::z_params step;
  step.next_in = bytes.data();
  step.avail_in = bytes.size();
  step.next_out = out.data() + head;
  step.avail_out = out.size() - head;
  boost::beast::error_code code;
  stream.write(step, zlib::Flush::finish, code);
  CHECK(code == zlib::error::end_of_stream);
  out.resize(head + step.total_out);
  append_u32(out,
             store::crc32(0, {reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size()}));
  append_u32(out, bytes.size());
  out.shrink_to_fit();
  return out;
}

bool takes_gzip(const http::Request& request) {
  const std::string_view accepted = http::header(request.headers, "accept-encoding");
  const std::size_t at = accepted.find("gzip");
  if (at == std::string_view::npos) return false;
  const std::string_view rest = accepted.substr(at + 4);
  return !rest.starts_with(";q=0,") && rest != ";q=0";
}

}  // namespace assay::serve
