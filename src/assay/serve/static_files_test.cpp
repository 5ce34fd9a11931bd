// SPDX-License-Identifier: Apache-2.0
#include "assay/serve/static_files.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/beast/zlib/inflate_stream.hpp>

#include "assay/serve/gzip.hpp"

namespace assay::serve {
namespace {

using testing::HasSubstr;

// The inverse of gzip(), by the library's own inflate: header and trailer cut off.
std::string unzipped(const std::string& file, std::size_t size) {
  namespace zlib = boost::beast::zlib;
  std::string out(size, '\0');
  zlib::inflate_stream stream;
  zlib::z_params step;
  step.next_in = file.data() + 10;
  step.avail_in = file.size() - 18;
  step.next_out = out.data();
  step.avail_out = out.size();
  boost::beast::error_code code;
  stream.write(step, zlib::Flush::finish, code);
  EXPECT_EQ(step.total_out, size);
  return out;
}

TEST(Gzip, GivesTheBytesBack) {
  std::string text;
  for (int i = 0; i < 20'000; ++i) text += "line " + std::to_string(i * 7919 % 1000) + "\n";
  const std::string file = gzip(text, 9);
  EXPECT_LT(file.size(), text.size() / 3);
  EXPECT_EQ(unzipped(file, text.size()), text);
  EXPECT_EQ(unzipped(gzip("x", 9), 1), "x");
  EXPECT_EQ(gzip("", 9).size(), 20U);
}

class Files : public testing::Test {
 protected:
  std::string big_ = "<html>" + std::string(5000, 'x');
  StaticFiles files_{{{"index.html", big_}, {"app.js", "1"}, {"causes/a.md", "# A"}}};

  std::optional<http::Response> ask(std::string_view path, http::Headers headers = {}) {
    http::Request request;
    request.headers = std::move(headers);
    return files_.find(path, request);
  }
  static std::string_view header(const http::Response& response, std::string_view name) {
    return http::header(response.headers, name);
  }
};

TEST_F(Files, TypesAndTheRoot) {
  EXPECT_EQ(ask("/")->body, big_);
  EXPECT_EQ(header(*ask("/"), "content-type"), "text/html; charset=utf-8");
  EXPECT_EQ(header(*ask("/app.js"), "content-type"), "text/javascript; charset=utf-8");
  EXPECT_EQ(ask("/causes/a.md")->body, "# A");
}

TEST_F(Files, NothingLiesOutside) {
  for (const char* path : {"", "app.js", "/nothing", "//app.js", "/../app.js", "/./app.js",
                           "/causes", "/causes/", "/causes/../app.js", "/app.js/", "/etc/passwd"})
    EXPECT_FALSE(ask(path)) << path;
}

TEST_F(Files, CompressedForWhoTakesIt) {
  const auto zipped = ask("/", {{"Accept-Encoding", "br, gzip"}});
  EXPECT_EQ(header(*zipped, "content-encoding"), "gzip");
  EXPECT_EQ(unzipped(zipped->body, big_.size()), big_);
  EXPECT_EQ(header(*ask("/", {{"Accept-Encoding", "gzip;q=0"}}), "content-encoding"), "");
  // One byte gets no smaller.
  EXPECT_EQ(ask("/app.js", {{"Accept-Encoding", "gzip"}})->body, "1");
}

TEST_F(Files, WhoHasItIsToldSo) {
  const std::string tag(header(*ask("/"), "etag"));
  EXPECT_EQ(ask("/", {{"If-None-Match", tag}})->status, 304);
  EXPECT_EQ(ask("/", {{"If-None-Match", tag}})->body, "");
  EXPECT_EQ(ask("/", {{"If-None-Match", "\"other\""}})->status, 200);
  EXPECT_NE(header(*ask("/app.js"), "etag"), tag);
}

TEST_F(Files, WithoutAPageTheApiIsNamed) {
  const StaticFiles none({});
  EXPECT_THAT(none.find("/", {})->body, HasSubstr("/api/v1/snapshot"));
  EXPECT_FALSE(none.find("/index.html", {}));
}

TEST(SecurityHeaders, NothingForeign) {
  http::Response response;
  add_security_headers(response);
  const std::string_view policy = http::header(response.headers, "content-security-policy");
  EXPECT_THAT(policy, HasSubstr("default-src 'self'"));
  EXPECT_EQ(policy.find("unsafe"), std::string_view::npos);
  EXPECT_EQ(http::header(response.headers, "x-content-type-options"), "nosniff");
}

}  // namespace
}  // namespace assay::serve
