// SPDX-License-Identifier: Apache-2.0
// The recording of a real H100 that ships: what a newcomer without a GPU sees, and what damage
// does.
#include <gmock/gmock.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>
#include <sstream>
#include <utility>
#include <vector>

#include "program.hpp"

namespace assay::test {
namespace {

using nlohmann::json;
using testing::HasSubstr;

const std::string kShipped = ASSAY_SOURCE_DIR "/data/recordings/h100-lab.assay";

std::vector<json> lines_of(const std::string& text) {
  std::vector<json> lines;
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);) lines.push_back(json::parse(line));
  return lines;
}

// A file of the config folder that nobody named is told of and left out; one that was named is not.
TEST(Replay, ABrokenConfigFileDoesNotKeepTheRecordingFromBeingShown) {
  const std::string config = scratch() + "/config";
  const std::string data = scratch() + "/data";
  std::filesystem::create_directories(config + "/assay/chips");
  std::filesystem::create_directories(data + "/chips");
  const auto write = [](const std::string& path, const char* text) { std::ofstream(path) << text; };
  write(config + "/assay/chips/bad.toml", "this is no TOML");
  write(config + "/assay/config.toml", "[price]\ndefault_usd_per_hr = 2\n");
  const std::string environment = "XDG_CONFIG_HOME=" + config;
  const Outcome shown = run("replay h100-lab --at one-thread", environment);
  EXPECT_EQ(shown.code, 0) << shown.err;
  EXPECT_THAT(shown.out, HasSubstr("SM active"));
  EXPECT_THAT(shown.err, HasSubstr("bad.toml:1: "));
  EXPECT_THAT(shown.err, HasSubstr("config.toml:2: "));
  EXPECT_EQ(std::count(shown.err.begin(), shown.err.end(), '\n'), 2) << shown.err;
  write(data + "/chips/bad.toml", "this is no TOML");
  EXPECT_EQ(run("replay h100-lab --data " + data).code, 2);
}

TEST(Replay, NeedsNoTmpdirThatCanBeWritten) {
  EXPECT_EQ(run("replay h100-lab", "TMPDIR=/proc").code, 0);
}

std::string shipped_bytes() {
  std::ifstream file(kShipped, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

std::string written(const std::string& name, const std::string& bytes) {
  const std::string path = scratch() + "/" + name;
  std::ofstream(path, std::ios::binary) << bytes;
  return path;
}

TEST(Shipped, IsUnderOneMegabyteAndBuiltIn) {
  EXPECT_LT(std::filesystem::file_size(kShipped), 1'000'000U);
  const Outcome overview = run("replay h100-lab", "COLUMNS=100");
  EXPECT_EQ(overview.code, 0) << overview.err;
  EXPECT_EQ(overview.err, "");
  EXPECT_THAT(overview.out, HasSubstr("RECORDING h100-lab.assay: not live"));
  EXPECT_THAT(overview.out, HasSubstr("nvidia-smi says 100 %; really 0.76 % of the SMs had work"));
  EXPECT_THAT(overview.out, HasSubstr("NVIDIA-SMI"));
  for (const char* kernel : {"one-thread", "half-sms", "full-spin", "fp32-fma", "tensor",
                             "dram-copy", "tiny-kernels", "h2d-copy", "divergent"})
    EXPECT_THAT(overview.out, HasSubstr(kernel));
}

TEST(Shipped, OneThreadIsOneSmOf132) {
  const auto lines = lines_of(run("replay h100-lab --at one-thread --json").out);
  ASSERT_EQ(lines.size(), 1U);
  EXPECT_EQ(lines[0]["origin"]["kind"], "recording");
  const json& device = lines[0]["devices"][0];
  EXPECT_EQ(device["gpu_util"]["value"], 1.0);
  EXPECT_NEAR(device["ladder"]["sm_active"]["value"].get<double>(), 1.0 / 132, 0.0005);
  EXPECT_EQ(device["sm_count"], 132);
  EXPECT_EQ(device["chip"], "h100-sxm5-80gb");
}

TEST(Shipped, EachWindowConservesItsParts) {
  const auto lines = lines_of(run("replay h100-lab --json").out);
  EXPECT_GT(lines.size(), 20U);
  for (const json& line : lines) {
    EXPECT_EQ(line["schema"], "assay.snapshot/1");
    double sum = 0;
    for (const json& part : line["devices"][0]["losses"])
      if (part.is_number()) sum += part.get<double>();
    EXPECT_NEAR(sum, 1.0, 1e-9);
  }
}

TEST(Replay, MomentsByOffsetTimeAndKernel) {
  EXPECT_EQ(run("replay h100-lab --at 3s").code, 0);
  EXPECT_EQ(run("replay h100-lab --at full-spin").code, 0);
  const Outcome wrong = run("replay h100-lab --at nowhere");
  EXPECT_EQ(wrong.code, 2);
  EXPECT_THAT(wrong.err, HasSubstr("--at nowhere"));
  EXPECT_EQ(run("replay h100-lab --at 1999-01-01T00:00:00Z").code, 1);
}

TEST(Replay, PriceMovesTheDollarsOnly) {
  const auto at = [](const std::string& price) {
    return lines_of(run("replay h100-lab --at one-thread --json " + price).out)[0]["devices"][0];
  };
  const json cheap = at("--price 1");
  const json dear = at("--price 4");
  EXPECT_EQ(cheap["losses"], dear["losses"]);
  EXPECT_NEAR(dear["cost"]["lost_usd_per_hour"].get<double>(),
              4 * cheap["cost"]["lost_usd_per_hour"].get<double>(), 1e-9);
  EXPECT_EQ(dear["cost"]["source"], "--price");
}

TEST(Damage, GetsOneSentenceAndCodeOne) {
  const std::string bytes = shipped_bytes();
  const std::vector<std::pair<const char*, std::string>> files = {
      {"empty.assay", ""},
      {"text.assay", "This is no recording.\n"},
      {"head.assay", bytes.substr(0, 100)},
  };
  for (const auto& [name, content] : files) {
    const Outcome outcome = run("replay " + written(name, content));
    EXPECT_NE(outcome.code, 0) << name;
    EXPECT_EQ(std::count(outcome.err.begin(), outcome.err.end(), '\n'), 1) << outcome.err;
    EXPECT_THAT(outcome.err, HasSubstr(name));
  }
  EXPECT_EQ(run("replay " + scratch() + "/absent.assay").code, 1);
}

TEST(Damage, HalfAFileGivesWhatItStillHolds) {
  const std::string bytes = shipped_bytes();
  std::size_t before = 0;
  for (std::size_t part = 1; part < 40; ++part) {
    const std::string path = written("cut.assay", bytes.substr(0, bytes.size() * part / 40));
    const Outcome outcome = run("replay --json " + path);
    EXPECT_EQ(std::count(outcome.err.begin(), outcome.err.end(), '\n'), 1) << outcome.err;
    EXPECT_THAT(outcome.err, HasSubstr("cut.assay"));
    EXPECT_EQ(outcome.code, outcome.out.empty() ? 1 : 0) << outcome.err;
    EXPECT_GE(outcome.out.size() + 1, before) << "more of the file, less in it, at " << part;
    before = outcome.out.size();
    for (const json& line : lines_of(outcome.out)) EXPECT_EQ(line["schema"], "assay.snapshot/1");
  }
  EXPECT_GT(before, 0U);
}

TEST(Look, AnyWidthFromSixtyAndNoColourInAPipe) {
  for (const int width : {60, 80, 132, 160}) {
    const Outcome outcome = run("replay h100-lab", "COLUMNS=" + std::to_string(width));
    EXPECT_THAT(outcome.out, testing::Not(HasSubstr("\x1b[")));
    std::istringstream in(outcome.out);
    for (std::string line; std::getline(in, line);) {
      const auto columns =
          std::count_if(line.begin(), line.end(), [](char c) { return (c & 0xC0) != 0x80; });
      EXPECT_LE(columns, width) << line;
    }
  }
}

}  // namespace
}  // namespace assay::test
