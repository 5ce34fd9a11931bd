// SPDX-License-Identifier: Apache-2.0
// The closed loop in real time: the shared library by dlopen, a copy of it for each seed, several
// at once. What the clock of the host adds is in the bounds.
#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <memory>
#include <mutex>
#include <thread>

#include <fmt/format.h>

#include "assay/catalog/embedded.hpp"
#include "assay/cli/appraisal.hpp"
#include "assay/nvml_sim/time_source.hpp"
#include "assay/probe/nvml/dl_nvml.hpp"
#include "assay/probe/nvml/sampler.hpp"
#include "assay/sim/world.hpp"
#include "truth/ground.hpp"
#include "truth/run.hpp"
#include "truth/verdict.hpp"

namespace assay::test {
namespace {

using metric::Id;
using probe::nvml::DlNvml;
using probe::nvml::Sampler;

constexpr std::uint64_t kSeeds = 50;
constexpr int kAtOnce = 10;
constexpr int kWindows = 3;
constexpr std::int64_t kRefresh = 100'000'000;
constexpr std::int64_t kLate = 4 * kRefresh;  // how long a loaded host may keep a sample from us

// A copy of the library is a library of its own, as in a program of its own, and has its scenario
// from the environment, which is the process's: so one at a time is opened and initialized.
std::mutex opening;

struct Loaded {
  std::filesystem::path folder;
  std::shared_ptr<DlNvml> nvml;
  std::int64_t epoch_ns = 0;
  ~Loaded() { std::filesystem::remove_all(folder); }
};

void load(std::uint64_t seed, const std::string& scenario, Loaded& out) {
  const std::lock_guard lock(opening);
  out.folder = std::filesystem::temp_directory_path() /
               fmt::format("assay-truth-{}-{}", nvml_sim::MonotonicTime::monotonic_ns(), seed);
  std::filesystem::create_directory(out.folder);
  std::filesystem::copy_file(ASSAY_SIM_LIBRARY, out.folder / "nvml.so");
  std::ofstream(out.folder / "random.toml") << scenario;
  out.epoch_ns = nvml_sim::MonotonicTime::monotonic_ns();
  ::setenv("ASSAY_SIM_SCENARIO", (out.folder / "random.toml").c_str(), 1);
  ::setenv("ASSAY_SIM_EPOCH", std::to_string(out.epoch_ns).c_str(), 1);
  auto nvml = DlNvml::open(out.folder / "nvml.so");
  ASSERT_TRUE(nvml.ok());
  out.nvml = *nvml;
  EXPECT_EQ(out.nvml->init(), probe::nvml::Return::success);
}

// The shares over each pair of refreshes that the window may have lain between: the driver looked
// at its clock at some time during the sample, so either edge is one of few.
bool told(const sim::World& world, std::size_t device, std::int64_t from, std::int64_t to, Id id,
          double value) {
  const auto at = [&](std::int64_t refresh) {
    sim::Device copy = world.device(device);
    copy.advance_to(std::max<std::int64_t>(refresh, 0));
    return copy.integrals();
  };
  for (std::int64_t early = refresh_before(from) - kLate; early <= refresh_before(from) + kRefresh;
       early += kRefresh) {
    for (std::int64_t late = refresh_before(to) - kLate; late <= refresh_before(to);
         late += kRefresh) {
      if (late <= early || early < 0) continue;
      const auto share = sim::shares(at(late) - at(early), world.device(device).facts().capacity);
      if (!share) continue;
      const double right = id == Id::sm_active      ? share->sm_active.value()
                           : id == Id::sm_occupancy ? share->occupancy.value()
                                                    : share->dram.value();
      if (std::abs(right - value) < 1e-9) return true;
    }
  }
  return false;
}

void judge(const sample::Snapshot& snapshot, const sim::World& world, std::int64_t at_ns,
           Verdict& verdict) {
  for (std::size_t i = 0; i < snapshot.devices.size(); ++i) {
    const sample::Sample& sample = snapshot.devices[i].sample;
    if (sample.presence != sample::Presence::ok) continue;
    const auto window = static_cast<std::int64_t>(sample.window.value() * 1e9);
    for (const Id id : {Id::sm_active, Id::sm_occupancy, Id::dram_util}) {
      const auto& reading = sample.at_id(id);
      if (!reading.value()) {
        verdict.require(reading.reason() != sample::Reason::none,
                        "a counter is missing without why");
        continue;
      }
      verdict.require(
          told(world, i, at_ns - window, at_ns, id, *reading.value()),
          fmt::format("device {}: {} is {}", i, metric::to_string(id), *reading.value()));
    }
    const cli::Appraisal appraisal = cli::appraise({{}, sample}, {});
    double sum = appraisal.ladder.losses.unattributed.value();
    for (const ladder::Part& part : appraisal.ladder.losses.parts)
      sum += part.share.value().value_or(Ratio::fraction(0)).value();
    verdict.near(sum, 1, 1e-9, "the sum of all parts");
  }
}

void run(std::uint64_t seed, const catalog::Catalog& chips, Verdict& verdict) {
  verdict.set_place(fmt::format("seed {}", seed));
  const std::string text = scenario_of_seed(seed, chips);
  const auto scenario = sim::parse_scenario("random.toml", text, chips);
  if (!scenario) return verdict.wrong(scenario.error().message);
  Loaded loaded;
  load(seed, text, loaded);
  const double period = 0.15 + 0.01 * static_cast<double>(seed % 6);
  auto sampler = Sampler::start(loaded.nvml, {.period = Seconds(period)});
  if (!sampler) return verdict.wrong(sampler.error().message);
  const sim::World world = sim::World::make(*scenario);
  for (int i = 0; i < kWindows; ++i) {
    const sample::Snapshot snapshot = (*sampler)->next();
    // When the sample was complete, on the devices' clock: the wall clock has not been stepped.
    const std::int64_t now = nvml_sim::MonotonicTime::monotonic_ns() - loaded.epoch_ns;
    judge(snapshot, world, now, verdict);
  }
}

TEST(TruthInRealTime, FiftyFleetsThroughTheSharedLibrary) {
  const auto chips = catalog::embedded();
  ASSERT_TRUE(chips.ok());
  std::atomic<std::uint64_t> next{0};
  std::mutex reporting;
  std::size_t checks = 0;
  {
    std::vector<std::jthread> workers;
    for (int i = 0; i < kAtOnce; ++i)
      workers.emplace_back([&] {
        for (std::uint64_t seed = next++; seed < kSeeds; seed = next++) {
          Verdict verdict;
          run(seed, *chips, verdict);
          const std::lock_guard lock(reporting);
          for (const std::string& wrong : verdict.wrongs()) ADD_FAILURE() << wrong;
          checks += verdict.checks();
        }
      });
  }
  EXPECT_GT(checks, 4 * kSeeds) << "hardly anything was looked at";
}

}  // namespace
}  // namespace assay::test
