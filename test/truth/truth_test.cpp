// SPDX-License-Identifier: Apache-2.0
// The closed loop in virtual time: thousands of random fleets, on two threads.
// One seed by itself: truth_test --seed=N, or ASSAY_TRUTH_SEED=N; its scenario is printed with it.
// Others than the usual ten thousand: --seeds=FIRST..LAST.
#include <gtest/gtest.h>

#include <atomic>
#include <charconv>
#include <chrono>
#include <cstdlib>
#include <mutex>
#include <string_view>
#include <thread>

#include <fmt/format.h>

#include "assay/catalog/embedded.hpp"
#include "truth/run.hpp"

namespace assay::test {
namespace {

struct Range {
  std::uint64_t first = 0;
  std::uint64_t last = ASSAY_TRUTH_SEEDS - 1;
};
Range range;
bool alone = false;

constexpr int kWorkers = 2;
constexpr int kMostFailures = 10;
constexpr std::uint64_t kEnough = 300;  // seeds, to have some of each kind

std::uint64_t number(std::string_view text) {
  std::uint64_t out = 0;
  std::from_chars(text.data(), text.data() + text.size(), out);
  return out;
}

struct Sum {
  std::mutex mutex;
  std::size_t checks = 0, windows = 0, gone = 0, hung = 0, recorded = 0, with_faults = 0;
  std::atomic<int> failures{0};
};

std::string program;

void report(std::uint64_t seed, const Outcome& outcome, Sum& sum) {
  const std::lock_guard lock(sum.mutex);
  sum.checks += outcome.checks;
  sum.windows += outcome.windows;
  sum.gone += outcome.gone;
  sum.hung += outcome.hung;
  sum.recorded += outcome.recorded;
  sum.with_faults += outcome.recorded_with_faults;
  if (outcome.wrongs.empty()) return;
  std::string text = fmt::format("seed {}; alone: {} --seed={}\n", seed, program, seed);
  for (const std::string& wrong : outcome.wrongs) text += "  " + wrong + "\n";
  ADD_FAILURE() << text;
  ++sum.failures;
}

TEST(Truth, TheMeterRecoversTheSimulatorsIntegrals) {
  const auto chips = catalog::embedded();
  ASSERT_TRUE(chips.ok());
  if (alone) fmt::print("{}\n", scenario_of_seed(range.first, *chips));
  Sum sum;
  std::atomic<std::uint64_t> next{range.first};
  const auto began = std::chrono::steady_clock::now();
  {
    std::vector<std::jthread> workers;
    for (int i = 0; i < kWorkers; ++i)
      workers.emplace_back([&] {
        for (std::uint64_t seed = next++; seed <= range.last && sum.failures < kMostFailures;
             seed = next++)
          report(seed, run_seed(seed, *chips), sum);
      });
  }
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - began;
  const std::uint64_t seeds = range.last - range.first + 1;
  fmt::print(
      "{} seeds, {} device windows ({} lost or stale) and {} in a call that hung, {} + {} runs "
      "recorded without and with faults, {} checks, {:.1f} s\n",
      seeds, sum.windows, sum.gone, sum.hung, sum.recorded, sum.with_faults, sum.checks,
      took.count());
  EXPECT_GT(sum.checks, seeds);
  if (seeds < kEnough || sum.failures > 0) return;
  EXPECT_GT(sum.hung, seeds / 16);
  EXPECT_GT(sum.recorded, seeds / 100);
  EXPECT_GT(sum.with_faults, seeds / 100);
}

}  // namespace

void choose_seeds(int count, char** arguments) {
  program = arguments[0];
  if (const char* seed = std::getenv("ASSAY_TRUTH_SEED")) {
    range = {number(seed), number(seed)};
    alone = true;
  }
  for (int i = 1; i < count; ++i) {
    const std::string_view argument(arguments[i]);
    if (argument.starts_with("--seed=")) {
      const std::uint64_t seed = number(argument.substr(7));
      range = {seed, seed};
      alone = true;
    } else if (argument.starts_with("--seeds=")) {
      const std::size_t dots = argument.find("..");
      range.first = number(argument.substr(8));
      range.last = dots == std::string_view::npos ? range.first : number(argument.substr(dots + 2));
    }
  }
}

}  // namespace assay::test

int main(int argc, char** argv) {
  testing::InitGoogleTest(&argc, argv);
  assay::test::choose_seeds(argc, argv);
  return RUN_ALL_TESTS();
}
