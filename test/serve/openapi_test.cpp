// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "assay/base/read_file.hpp"
#include "assay/http/query.hpp"
#include "serve/daemon_process.hpp"
#include "serve/schema.hpp"

namespace assay::test {
namespace {

using nlohmann::json;
using testing::HasSubstr;
using testing::IsEmpty;

json document() { return json::parse(read_file(ASSAY_SOURCE_DIR "/docs/openapi.json").value()); }

// The query made of the examples of a route's parameters.
std::string example_query(const json& route, bool required_only) {
  std::string query;
  for (const json& parameter : route.value("parameters", json::array())) {
    if (required_only && !parameter.value("required", false)) continue;
    if (!parameter.contains("example")) continue;
    const json& example = parameter["example"];
    const std::string value = example.is_string() ? example.get<std::string>() : example.dump();
    query += (query.empty() ? "" : "&") + parameter["name"].get<std::string>() + "=" +
             http::percent_encode(value);
  }
  return query;
}

class OpenApi : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    daemon_ = std::make_unique<DaemonProcess>(
        DaemonProcess::Options{{"--listen", "127.0.0.1:0", "--period", "200ms"}, {}});
    ASSERT_TRUE(daemon_->listens()) << daemon_->said();
    ASSERT_NE(daemon_->snapshot(), "");
  }
  static void TearDownTestSuite() { daemon_.reset(); }

  static std::unique_ptr<DaemonProcess> daemon_;
  json api_ = document();
};
std::unique_ptr<DaemonProcess> OpenApi::daemon_;

TEST_F(OpenApi, EachDocumentedRouteAnswersAsDocumented) {
  int documents = 0;
  for (const auto& [path, item] : api_["paths"].items()) {
    if (path == "/api/v1/events") continue;  // never ends; below
    const json& route = item["get"];
    for (const bool required_only : {true, false}) {
      const auto response = daemon_->get(path, example_query(route, required_only));
      ASSERT_TRUE(response) << path << ": " << response.error().message;
      EXPECT_EQ(response->status, 200) << path << ": " << response->body.substr(0, 300);
      const json& content = route["responses"]["200"]["content"];
      const std::string type = content.begin().key();
      EXPECT_THAT(std::string(http::header(response->headers, "content-type")), HasSubstr(type));
      if (type != "application/json") continue;
      EXPECT_THAT(faults(api_, content[type]["schema"], json::parse(response->body), path),
                  IsEmpty());
      ++documents;
    }
  }
  EXPECT_EQ(documents, 14);
}

// A parameter that the document does not name is refused, so that all that work are in it.
TEST_F(OpenApi, NoOtherParameterWorks) {
  for (const auto& [path, item] : api_["paths"].items()) {
    if (!path.starts_with("/api/") || path.ends_with("events") || path.ends_with("snapshot"))
      continue;
    const std::string query = example_query(item["get"], true);
    const auto response = daemon_->get(path, query + (query.empty() ? "" : "&") + "undocumented=1");
    EXPECT_EQ(response.value().status, 400) << path;
    const json& error = api_["components"]["schemas"]["Error"];
    EXPECT_THAT(faults(api_, error, json::parse(response.value().body), path), IsEmpty());
  }
}

// The routes are all in one place of the source; each must be in the document.
TEST_F(OpenApi, NoRouteIsLeftOut) {
  const std::string source = read_file(ASSAY_SOURCE_DIR "/src/assay/serve/daemon.cpp").value();
  std::set<std::string> routes;
  for (std::size_t at = 0; (at = source.find("\"/", at)) != std::string::npos; ++at) {
    const std::string path = source.substr(at + 1, source.find('"', at + 1) - at - 1);
    if (path.starts_with("/api/") || path == "/metrics" || path == "/healthz") routes.insert(path);
  }
  std::set<std::string> documented;
  for (const auto& [path, item] : api_["paths"].items()) documented.insert(path);
  EXPECT_EQ(routes, documented);
}

TEST(Schema, FindsEachKindOfFault) {
  const json schema = json::parse(R"({"type":"object","required":["a"],"properties":{
      "a":{"type":["number","null"]},"b":{"type":"array","items":{"type":"string","enum":["x"]}}}})");
  const auto count = [&](const char* text) {
    return faults({}, schema, json::parse(text), "").size();
  };
  EXPECT_EQ(count(R"({"a":1,"b":["x"]})"), 0U);
  EXPECT_EQ(count(R"({"a":null})"), 0U);
  EXPECT_EQ(count(R"({})"), 1U);
  EXPECT_EQ(count(R"({"a":"1"})"), 1U);
  EXPECT_EQ(count(R"({"a":1,"c":1})"), 1U);
  EXPECT_EQ(count(R"({"a":1,"b":["y",1]})"), 2U);
}

}  // namespace
}  // namespace assay::test
