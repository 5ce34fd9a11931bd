// SPDX-License-Identifier: Apache-2.0
#include "assay/cli/magnifier.hpp"

#include <gmock/gmock.h>

#include <filesystem>
#include <thread>

namespace assay::cli {
namespace {

using metric::Id;
using testing::HasSubstr;

constexpr const char* kSeen = R"(echo '{"while_active":{"lanes":0.25,"issue":0.8}}')";

sample::DeviceFacts device(std::string uuid = "GPU-7e57") {
  sample::DeviceFacts facts;
  facts.uuid = std::move(uuid);
  return facts;
}

// Full SMs of which some pipe is busy for that share.
sample::Sample working(Id pipe, double share) {
  sample::Sample out;
  out.window = Seconds(1);
  const auto set = [&](Id id, double value) {
    out.at_id(id) = sample::Reading<double>::measured(value, sample::Source::gpm, Seconds(1));
  };
  for (const Id id :
       {Id::dram_util, Id::tensor_util, Id::fp64_util, Id::fp32_util, Id::fp16_util, Id::int_util})
    set(id, 0.01);
  for (const Id id : {Id::graphics_util, Id::sm_active}) set(id, 1);
  set(Id::sm_occupancy, 0.9);
  set(pipe, share);
  return out;
}

Magnifier::Options looking_by(const std::string& script) {
  return {.command = {"sh", "-c", script},
          .is_the_jobs = [](const std::string& uuid) { return uuid != "GPU-other"; }};
}

template <typename Done>
void await(Done done) {
  for (int i = 0; i < 1000 && !done(); ++i)
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
}

void offer_and_await(Magnifier& magnifier, const sample::Sample& sample) {
  magnifier.offer(device(), sample);
  // Its end is seen by its being past.
  await([&] { return !magnifier.restarted("GPU-7e57", Magnifier::Clock::now()); });
}

TEST(Magnifier, LooksWhereLanesAreTheQuestion) {
  Magnifier magnifier(
      looking_by(std::string("test \"$CUDA_VISIBLE_DEVICES\" = GPU-7e57 && ") + kSeen));
  offer_and_await(magnifier, working(Id::fp32_util, 0.7));
  const auto looks = magnifier.finish();
  ASSERT_EQ(looks.size(), 1U) << magnifier.trouble();
  EXPECT_DOUBLE_EQ(looks[0].seen.lanes.value_or(0), 0.25);
  EXPECT_DOUBLE_EQ(looks[0].seen.issue.value_or(0), 0.8);
  EXPECT_EQ(looks[0].looks, 1);
  EXPECT_DOUBLE_EQ(seen_of(looks, "GPU-7e57").lanes.value_or(0), 0.25);
  EXPECT_FALSE(seen_of(looks, "GPU-other").lanes);
}

TEST(Magnifier, TakesNoCountersUnasked) {
  const std::string mark = testing::TempDir() + "/looked";
  std::filesystem::remove(mark);
  Magnifier magnifier(looking_by("touch " + mark));
  magnifier.offer(device(), working(Id::tensor_util, 0.7));
  magnifier.offer(device(), working(Id::dram_util, 0.9));
  magnifier.offer(device("GPU-other"), working(Id::fp32_util, 0.7));
  EXPECT_FALSE(magnifier.restarted("GPU-7e57", Magnifier::Clock::time_point::min()));
  EXPECT_TRUE(magnifier.finish().empty());
  EXPECT_FALSE(std::filesystem::exists(mark));
  EXPECT_EQ(magnifier.trouble(), "");
}

TEST(Magnifier, WhatALookTouchedIsKnown) {
  Magnifier magnifier(looking_by(std::string("sleep 0.2; ") + kSeen));
  const auto before = Magnifier::Clock::now();
  magnifier.offer(device(), working(Id::fp32_util, 0.7));
  EXPECT_TRUE(magnifier.restarted("GPU-7e57", Magnifier::Clock::now())) << "still looking";
  offer_and_await(magnifier, working(Id::fp32_util, 0.7));
  EXPECT_TRUE(magnifier.restarted("GPU-7e57", before));
  EXPECT_FALSE(magnifier.restarted("GPU-7e57", Magnifier::Clock::now()));
  EXPECT_FALSE(magnifier.restarted("GPU-other", before));
}

TEST(Magnifier, LooksAgainAndTakesTheMeanByInstructions) {
  auto options =
      looking_by(R"(f=$0; if [ -e "$f" ]; then l=1.0 i=0.2; else l=0.5 i=0.8; fi; touch "$f"
      echo "{\"while_active\":{\"lanes\":$l,\"issue\":$i}}")");
  const std::string mark = testing::TempDir() + "/again";
  std::filesystem::remove(mark);
  options.command.push_back(mark);
  options.between = std::chrono::milliseconds(1);
  Magnifier magnifier(std::move(options));
  offer_and_await(magnifier, working(Id::fp32_util, 0.7));
  std::this_thread::sleep_for(std::chrono::milliseconds(5));
  offer_and_await(magnifier, working(Id::fp32_util, 0.7));
  const auto looks = magnifier.finish();
  ASSERT_EQ(looks.size(), 1U);
  EXPECT_EQ(looks[0].looks, 2);
  EXPECT_DOUBLE_EQ(looks[0].seen.lanes.value_or(0), 0.5 * 0.8 + 1.0 * 0.2);
  EXPECT_DOUBLE_EQ(looks[0].seen.issue.value_or(0), 0.5);
}

TEST(Magnifier, ARefusalIsSaidAndNotAskedForAgain) {
  const std::string count = testing::TempDir() + "/asked";
  std::filesystem::remove(count);
  auto options = looking_by("echo x >>" + count + "; echo 'assay: ncu holds it' >&2; exit 1");
  options.between = std::chrono::milliseconds(0);
  Magnifier magnifier(std::move(options));
  for (int i = 0; i < 3; ++i) offer_and_await(magnifier, working(Id::fp32_util, 0.7));
  EXPECT_TRUE(magnifier.finish().empty());
  EXPECT_THAT(magnifier.trouble(), HasSubstr("ncu holds it"));
  EXPECT_EQ(std::filesystem::file_size(count), 2U);
}

TEST(Magnifier, NonsenseAndHangsAreSurvived) {
  for (const char* script : {"echo {", "echo '[1]'", "exit 0", "head -c 3000000 /dev/zero"}) {
    Magnifier magnifier(looking_by(script));
    offer_and_await(magnifier, working(Id::fp32_util, 0.7));
    EXPECT_TRUE(magnifier.finish().empty()) << script;
    EXPECT_NE(magnifier.trouble(), "") << script;
  }
  auto options = looking_by("trap '' TERM; sleep 60");
  options.longest = std::chrono::milliseconds(50);
  Magnifier slow(std::move(options));
  offer_and_await(slow, working(Id::fp32_util, 0.7));
  EXPECT_THAT(slow.trouble(), HasSubstr("too long"));

  Magnifier ended(looking_by("sleep 60"));
  ended.offer(device(), working(Id::fp32_util, 0.7));
  EXPECT_TRUE(ended.finish().empty());
  EXPECT_EQ(ended.trouble(), "") << "the run was over: no trouble";
}

}  // namespace
}  // namespace assay::cli
