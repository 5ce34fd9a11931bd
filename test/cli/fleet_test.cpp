// SPDX-License-Identifier: Apache-2.0
// assay fleet against servers that answer badly: one clear sentence and the right exit code.
#include <gmock/gmock.h>

#include <filesystem>
#include <fstream>
#include <regex>
#include <string>

#include "assay/http/canned_server_test.hpp"
#include "program.hpp"

namespace assay::test {
namespace {

using http::CannedServer;
using testing::HasSubstr;

std::string vector_of(const std::string& rows, const std::string& more = "") {
  return CannedServer::ok("{\"status\":\"success\"," + more +
                          "\"data\":{\"resultType\":\"vector\",\"result\":[" + rows + "]}}");
}

Outcome fleet(const CannedServer& server, const std::string& more = "") {
  return run("fleet --url " + server.url().to_string() + " " + more);
}

TEST(Fleet, AServerThatIsNotThere) {
  const Outcome seen = run("fleet --url http://127.0.0.1:1");
  EXPECT_EQ(seen.code, 1);
  EXPECT_THAT(seen.err, HasSubstr("http://127.0.0.1:1"));
  EXPECT_EQ(seen.out, "");
}

TEST(Fleet, AServerThatHangs) {
  const Outcome seen =
      fleet(CannedServer("", CannedServer::Manner::never_answer), "--timeout 200ms");
  EXPECT_EQ(seen.code, 1);
  EXPECT_NE(seen.err, "");
}

TEST(Fleet, AServerThatGoesDownMidQuery) {
  const CannedServer server([](int before) {
    return before < 3 ? vector_of("{\"metric\":{},\"value\":[1,\"10\"]}") : std::string();
  });
  const Outcome seen = fleet(server, "--json");
  EXPECT_EQ(seen.code, 1);
  EXPECT_EQ(seen.out, "");  // no half of an answer
  EXPECT_THAT(seen.err, HasSubstr("127.0.0.1"));
}

TEST(Fleet, AServerThatIsNoPrometheus) {
  EXPECT_THAT(fleet(CannedServer(CannedServer::ok("<html>"))).err,
              HasSubstr("none of Prometheus' API"));
  const Outcome lost = fleet(CannedServer("HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n"));
  EXPECT_EQ(lost.code, 1);
  EXPECT_THAT(lost.err, HasSubstr("select/0/prometheus"));
}

TEST(Fleet, AServerThatRefusesTheQuery) {
  const std::string body =
      R"({"status":"error","errorType":"bad_data","error":"too many samples"})";
  const Outcome seen = fleet(CannedServer("HTTP/1.1 422 Unprocessable Entity\r\nContent-Length: " +
                                          std::to_string(body.size()) + "\r\n\r\n" + body));
  EXPECT_EQ(seen.code, 1);
  EXPECT_THAT(seen.err, HasSubstr("too many samples"));
}

TEST(Fleet, AServerThatKnowsNoDevice) {
  const Outcome seen = fleet(CannedServer(vector_of("")));
  EXPECT_EQ(seen.code, 3);
  EXPECT_THAT(seen.err, HasSubstr("assay_device_info"));
  EXPECT_THAT(seen.err, HasSubstr("DCGM_FI_DEV_GPU_UTIL"));
}

TEST(Fleet, APartialAnswerIsSaidToBeOne) {
  const std::string matrix =
      CannedServer::ok(R"({"status":"success","data":{"resultType":"matrix","result":[]}})");
  // In the order asked: names, counts, intervals, parts, devices, price; the window before; trend, what-if.
  const CannedServer server([&](int before) {
    const std::string more = "\"isPartial\":true,\"warnings\":[\"vmstorage-2 is away\"],";
    if (before == 3)
      return vector_of("{\"metric\":{\"node\":\"a\",\"loss\":\"idle_held\"},\"value\":[1,\"5\"]}",
                       more);
    if (before == 7) return matrix;
    if (before == 2) return vector_of("{\"metric\":{},\"value\":[1,\"360\"]}");
    return before < 2 ? vector_of("{\"metric\":{},\"value\":[1,\"10\"]}") : vector_of("");
  });
  const Outcome seen = fleet(server, "--json");
  EXPECT_EQ(seen.code, 0) << seen.err;
  EXPECT_THAT(seen.err, HasSubstr("vmstorage-2 is away"));
  EXPECT_THAT(seen.err, HasSubstr("partial"));
  EXPECT_THAT(seen.out, HasSubstr("\"partial\":true"));
  EXPECT_THAT(seen.out, HasSubstr("\"lost_gpu_hours\":0.5"));
  EXPECT_THAT(seen.out, HasSubstr("\"lost_usd\":null"));  // no price is known
}

TEST(Fleet, TakesATokenFromAFileOfOnesOwn) {
  const std::string path = scratch() + "/token";
  std::ofstream(path) << "secret-of-sixteen-bytes\n";
  std::filesystem::permissions(path, std::filesystem::perms(0644));
  CannedServer server(vector_of(""));
  EXPECT_EQ(fleet(server, "--token-file " + path).code, 1);
  EXPECT_TRUE(server.requests().empty());
  std::filesystem::permissions(path, std::filesystem::perms(0600));
  fleet(server, "--token-file " + path);
  EXPECT_THAT(server.requests().at(0),
              HasSubstr("Authorization: Bearer secret-of-sixteen-bytes\r\n"));
}

TEST(Fleet, AsksBelowThePathOfAClustersSelectNode) {
  CannedServer server(vector_of(""));
  run("fleet --url " + server.url().to_string() + "select/0/prometheus");
  EXPECT_THAT(server.requests().at(0),
              HasSubstr("POST /select/0/prometheus/api/v1/query HTTP/1.1"));
}

TEST(Fleet, WrongOptionsAreTold) {
  EXPECT_EQ(run("fleet").code, 2);
  EXPECT_EQ(run("fleet --url nowhere").code, 2);
  EXPECT_EQ(run("fleet --url http://127.0.0.1:1 --by colour").code, 2);
  EXPECT_EQ(run("fleet --url http://127.0.0.1:1 --json --csv").code, 2);
  EXPECT_EQ(run("fleet --url http://127.0.0.1:1 --window 1s").code, 2);
}

TEST(Serve, SaysWhatIsWrongWithWhereItShallSend) {
  const std::string store = " --sim one-thread --store " + scratch() + "/store";
  const Outcome scheme = run("serve --remote-write nowhere" + store);
  EXPECT_EQ(scheme.code, 2);
  EXPECT_THAT(scheme.err, HasSubstr("nowhere"));
  const std::string token = scratch() + "/push-token";
  std::ofstream(token) << "secret\n";
  std::filesystem::permissions(token, std::filesystem::perms(0644));
  const Outcome seen = run("serve --otlp http://127.0.0.1:1 --push-token-file " + token + store);
  EXPECT_EQ(seen.code, 1);
  EXPECT_THAT(seen.err, HasSubstr("chmod"));
  EXPECT_EQ(run("serve --model llama-3.1-8b" + store).code, 2);
}

// What deploy/ starts the daemon with are flags that it has.
TEST(Deploy, NamesFlagsThatThereAre) {
  std::ifstream in(ASSAY_SOURCE_DIR "/deploy/kubernetes/daemonset.yaml");
  const std::string text{std::istreambuf_iterator<char>(in), {}};
  const std::string help = run("serve --help").out;
  const std::regex flag("- (--[a-z-]+)=");
  int found = 0;
  for (std::sregex_iterator it(text.begin(), text.end(), flag), end; it != end; ++it, ++found)
    EXPECT_THAT(help, HasSubstr((*it)[1].str() + " "));
  EXPECT_GE(found, 5);
}

}  // namespace
}  // namespace assay::test
