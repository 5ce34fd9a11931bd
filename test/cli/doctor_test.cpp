// SPDX-License-Identifier: Apache-2.0
// `assay doctor` covers each part of the program, and finds what is wrong with it.
#include <arpa/inet.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>

#include "program.hpp"

namespace assay::test {
namespace {

using testing::HasSubstr;
using Json = nlohmann::json;

Json finding(const std::string& what, const std::string& environment = "",
             const std::string& arguments = "") {
  const Outcome outcome = run("doctor --json " + arguments, environment);
  const Json document = Json::parse(outcome.out);
  for (const Json& each : document["findings"])
    if (each["what"] == what) return each;
  ADD_FAILURE() << "nothing is said of the " << what << "\n" << outcome.out;
  return {};
}

// What is written there must not reach the other tests.
std::string own_home() {
  const std::string home = scratch() + "/doctor";
  std::filesystem::remove_all(home);
  std::filesystem::create_directories(home);
  return home;
}

void write(const std::string& path, const std::string& text) {
  std::filesystem::create_directories(std::filesystem::path(path).parent_path());
  std::ofstream(path) << text;
}

TEST(Doctor, CoversEachPart) {
  for (const char* part : {"nvml library", "microscope", "tracer", "lab", "simulation", "config",
                           "roofs", "port of serve", "store of serve", "placement"})
    EXPECT_FALSE(finding(part, "HOME=" + scratch())["text"].get<std::string>().empty()) << part;
}

TEST(Doctor, SaysWhatIsWrongAndTheCommandThatMendsIt) {
  const std::string home = own_home();
  const Json cupti = finding("microscope", "ASSAY_CUPTI=/nonexistent HOME=" + home);
  EXPECT_EQ(cupti["verdict"], "warn");
  EXPECT_THAT(cupti["remedy"].get<std::string>(), HasSubstr("libcupti"));

  EXPECT_EQ(finding("roofs", "HOME=/dev/null")["verdict"], "warn");
  EXPECT_EQ(finding("roofs", "HOME=" + home)["verdict"], "ok");
  EXPECT_EQ(finding("simulation", "TMPDIR=/proc HOME=" + home)["verdict"], "warn");

  write(home + "/.config/assay/config.toml", "[price]\ndefault_usd_per_hour = 'dear'\n");
  const Json config = finding("config", "HOME=" + home);
  EXPECT_EQ(config["verdict"], "warn");
  EXPECT_THAT(config["text"].get<std::string>(), HasSubstr("config.toml"));
  EXPECT_EQ(finding("tracer", "CUDA_INJECTION64_PATH=/x.so HOME=" + home)["verdict"], "warn");
}

TEST(Doctor, NoticesThatThePortIsTaken) {
  const std::string home = own_home();
  const int other = ::socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  ASSERT_EQ(::bind(other, reinterpret_cast<sockaddr*>(&address), size), 0);
  ASSERT_EQ(::listen(other, 1), 0);
  ASSERT_EQ(::getsockname(other, reinterpret_cast<sockaddr*>(&address), &size), 0);
  const auto port = std::to_string(ntohs(address.sin_port));
  write(home + "/.config/assay/serve.toml", "listen = \"127.0.0.1:" + port + "\"\n");
  const Json taken = finding("port of serve", "HOME=" + home);
  EXPECT_EQ(taken["verdict"], "warn") << taken;
  EXPECT_THAT(taken["remedy"].get<std::string>(), HasSubstr(port));
  ::close(other);
  EXPECT_EQ(finding("port of serve", "HOME=" + home)["verdict"], "ok");
}

TEST(Doctor, OfASimulationSaysNothingOfThisHostsDriver) {
  const Outcome outcome = run("doctor --sim one-thread", "HOME=" + scratch());
  EXPECT_EQ(outcome.code, 0);
  EXPECT_THAT(outcome.out, HasSubstr("SIMULATED one-thread"));
  EXPECT_THAT(outcome.out, testing::Not(HasSubstr("kernel driver")));
  EXPECT_THAT(outcome.out, testing::Not(HasSubstr("fail ")));
}

}  // namespace
}  // namespace assay::test
