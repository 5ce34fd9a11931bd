// SPDX-License-Identifier: Apache-2.0
#include "assay/probe/pm/counter_users.hpp"

#include <gmock/gmock.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "assay/probe/pm/refusal.hpp"

namespace assay::probe::pm {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

class CounterUsers : public testing::Test {
 protected:
  void SetUp() override { std::filesystem::create_directories(proc_); }
  void TearDown() override { std::filesystem::remove_all(proc_); }

  void process(const std::string& pid, const std::string& name, const std::string& maps) const {
    std::filesystem::create_directories(proc_ + "/" + pid);
    std::ofstream(proc_ + "/" + pid + "/comm") << name << "\n";
    if (!maps.empty()) std::ofstream(proc_ + "/" + pid + "/maps") << maps;
  }

  std::string proc_ = testing::TempDir() + "/proc-" + std::to_string(getpid());
};

constexpr const char* kCounters = "7f00-7f01 r-xp 00000000 08:01 5 /usr/lib/libnvperf_host.so\n";
constexpr const char* kOthers = "7f00-7f01 r-xp 00000000 08:01 5 /usr/lib/libcupti.so.13\n";

TEST_F(CounterUsers, AreThoseWithTheLibraryAndKnownProfilers) {
  process("12", "python3", kOthers);
  process("13", "my-profiler", std::string(kOthers) + kCounters);
  process("14", "nv-hostengine", "");  // another user's
  process("15", "bash", "");
  process(std::to_string(getpid()), "assay", kCounters);
  process("self", "assay", kCounters);
  EXPECT_THAT(counter_users(proc_), ElementsAre("my-profiler (pid 13)", "nv-hostengine (pid 14)"));
}

TEST_F(CounterUsers, AreNoneWhereNothingCanBeSeen) {
  EXPECT_THAT(counter_users(proc_), testing::IsEmpty());
  EXPECT_THAT(counter_users("/nowhere"), testing::IsEmpty());
}

TEST(Refusal, NamesTheHolder) {
  const Error named =
      refusal(abi::kHardwareBusy, "taking the counters", std::vector<std::string>{"ncu (pid 7)"});
  EXPECT_THAT(named.message, HasSubstr("ncu (pid 7) seems to hold the counters; stop it"));
  const Error two = refusal(abi::kHardwareBusy, "taking the counters",
                            std::vector<std::string>{"a (pid 7)", "b (pid 8)"});
  EXPECT_THAT(two.message, HasSubstr("a (pid 7) or b (pid 8) seems to"));
  EXPECT_THAT(refusal(abi::kHardwareBusy, "taking the counters", {}).message,
              HasSubstr("another profiler holds the counters (ncu, nsys, DCGM or a second scope"));
  EXPECT_THAT(
      refusal(abi::kMig, "taking the counters", std::vector<std::string>{"ncu (pid 7)"}).message,
      testing::Not(HasSubstr("pid")));
}

}  // namespace
}  // namespace assay::probe::pm
