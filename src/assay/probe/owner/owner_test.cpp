// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <random>

#include "assay/probe/owner/owners.hpp"
#include "assay/probe/owner/parse.hpp"

namespace assay::probe::owner {
namespace {

using sample::Reason;

const std::string kId(64, 'a');

TEST(Parse, TheRealUsersIdFromStatus) {
  EXPECT_EQ(user_id("Name:\tpython\nUid:\t1000\t0\t0\t0\nGid:\t1\n"), 1000U);
  EXPECT_EQ(user_id("Name:\tpython\n"), std::nullopt);
  EXPECT_EQ(user_id("Uid:\n"), std::nullopt);
  EXPECT_EQ(user_id("Uid:\t99999999999\n"), std::nullopt);
}

TEST(Parse, CommandLineAndStartTime) {
  using namespace std::string_literals;
  EXPECT_EQ(command_line("python\0train.py\0--lr\0"s), "python train.py --lr");
  EXPECT_EQ(command_line(""), "");
  const std::string stat =
      "42 (a ) b) S 1 42 42 0 -1 4194560 1 2 3 4 5 6 7 8 20 0 1 0 778899 123 456\n";
  EXPECT_EQ(start_time(stat), "778899");
  EXPECT_EQ(start_time("42 (a) S 1"), "");
  EXPECT_EQ(start_time("garbage"), "");
  EXPECT_EQ(start_time(")"), "");
}

TEST(Parse, ContainersByTheNamesThatEnginesGive) {
  for (const std::string& group :
       {"0::/system.slice/docker-" + kId + ".scope", "12:memory:/docker/" + kId,
        "0::/kubepods.slice/x/cri-containerd-" + kId + ".scope",
        "0::/machine.slice/libpod-" + kId + ".scope", "0::/a/crio-" + kId + ".scope"})
    EXPECT_EQ(cgroup(group).container, std::string(12, 'a')) << group;
  EXPECT_EQ(cgroup("0::/user.slice/user-1000.slice/session-2.scope").container, "");
  EXPECT_EQ(cgroup("0::/docker/" + kId.substr(1)).container, "");
}

TEST(Parse, SlurmJobsAndPods) {
  EXPECT_EQ(cgroup("3:devices:/slurm/uid_1000/job_4242/step_0").slurm_job, "4242");
  EXPECT_EQ(cgroup("0::/system.slice/slurmstepd.scope/job_77/step_batch/user/task_0").slurm_job,
            "77");
  EXPECT_EQ(cgroup("0::/user.slice/job_77").slurm_job, "") << "no Slurm in its path";
  const std::string uid = "0d5f0c1e-1111-2222-3333-444455556666";
  std::string low = uid;
  std::ranges::replace(low, '-', '_');
  EXPECT_EQ(cgroup("0::/kubepods.slice/kubepods-burstable.slice/kubepods-burstable-pod" + low +
                   ".slice/x")
                .pod_uid,
            uid);
  EXPECT_EQ(cgroup("5:cpu:/kubepods/besteffort/pod" + uid + "/" + kId).pod_uid, uid);
  EXPECT_EQ(cgroup("0::/a-podcast.slice").pod_uid, "");
}

TEST(Parse, VariablesOfAnEnvironment) {
  using namespace std::string_literals;
  const std::string environ = "SLURM_JOB_ID=7\0SLURM_JOB_IDS=8\0EMPTY=\0"s;
  EXPECT_EQ(variable(environ, "SLURM_JOB_ID"), "7");
  EXPECT_EQ(variable(environ, "SLURM_JOB"), std::nullopt);
  EXPECT_EQ(variable(environ, "EMPTY"), "");
}

TEST(Parse, NoTextBreaksIt) {
  std::mt19937 random(7);
  const std::string letters = "0af-_/:.\n\0)( podslurmjob_docker=Uid";
  for (int round = 0; round < 20000; ++round) {
    std::string text;
    for (auto i = random() % 120; i > 0; --i) text += letters[random() % letters.size()];
    EXPECT_LE(cgroup(text).container.size(), 12U);
    static_cast<void>(user_id(text));
    static_cast<void>(start_time(text));
    static_cast<void>(variable(text, "a"));
    EXPECT_EQ(command_line(text).find('\0'), std::string::npos);
  }
}

class Proc : public testing::Test {
 protected:
  Proc()
      : root_(std::filesystem::temp_directory_path() /
              ("assay-proc-" + std::to_string(::getpid()))) {
    std::filesystem::create_directories(root_ / "42");
    write("status", "Uid:\t4294967000\t0\t0\t0\n");
    write("cmdline", std::string("python\0serve.py\0", 16));
    write("stat", "42 (python) S 1 42 42 0 -1 4194560 1 2 3 4 5 6 7 8 20 0 1 0 1000 1 2\n");
    write("cgroup", "0::/kubepods/pod0d5f0c1e-1111-2222-3333-444455556666/" + kId + "\n");
    write("environ", std::string("HOSTNAME=llm-0\0SLURM_JOB_ID=9\0", 30));
  }
  ~Proc() override { std::filesystem::remove_all(root_); }
  void write(const char* name, const std::string& text) const {
    std::ofstream(root_ / "42" / name, std::ios::binary) << text;
  }
  std::filesystem::path root_;
};

TEST_F(Proc, SaysWhoseAProcessIs) {
  Owners owners(root_);
  const sample::Owner& owner = owners.of(42, 0);
  EXPECT_EQ(owner.user, sample::Fact::known("4294967000")) << "no name belongs to it: the number";
  EXPECT_EQ(owner.command, sample::Fact::known("python serve.py"));
  EXPECT_EQ(owner.container, sample::Fact::known(std::string(12, 'a')));
  EXPECT_EQ(owner.pod, sample::Fact::known("llm-0"));
  EXPECT_EQ(owner.slurm_job, sample::Fact::known("9"));
}

TEST_F(Proc, WhatCantBeReadIsUnknownAndNotNone) {
  std::filesystem::remove(root_ / "42" / "environ");
  write("cgroup", "0::/user.slice\n");
  Owners owners(root_);
  EXPECT_FALSE(owners.of(42, 0).slurm_job.is_known());
  EXPECT_FALSE(owners.of(42, 0).pod.is_known());
  EXPECT_EQ(owners.of(42, 0).container, sample::Fact::known(""));
  EXPECT_EQ(owners.of(43, 0).user.reason, Reason::missing_input);
}

TEST_F(Proc, APidThatWentToAnotherIsReadAgain) {
  Owners owners(root_);
  owners.of(42, 0);
  write("cmdline", std::string("other\0", 6));
  EXPECT_EQ(owners.of(42, 6'000'000'000).command.text, "python serve.py") << "the same process";
  write("stat", "42 (other) S 1 42 42 0 -1 4194560 1 2 3 4 5 6 7 8 20 0 1 0 2000 1 2\n");
  EXPECT_EQ(owners.of(42, 7'000'000'000).command.text, "python serve.py") << "too soon to look";
  EXPECT_EQ(owners.of(42, 12'000'000'000).command.text, "other");
}

TEST(Owners, OfThisProcess) {
  Owners owners;
  const sample::Owner& self = owners.of(::getpid(), 0);
  EXPECT_TRUE(self.user.is_known());
  EXPECT_NE(self.command.text.find("owner_test"), std::string::npos);
}

}  // namespace
}  // namespace assay::probe::owner
