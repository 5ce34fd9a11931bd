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
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "assay/appraise/appraisal.hpp"
#include "assay/catalog/embedded.hpp"
#include "assay/nvml_sim/time_source.hpp"
#include "assay/probe/nvml/dl_nvml.hpp"
#include "assay/probe/nvml/sampler.hpp"
#include "assay/sim/world.hpp"
#include "truth/counter_rows.hpp"
#include "truth/ground.hpp"
#include "truth/record_check.hpp"
#include "truth/run.hpp"
#include "truth/verdict.hpp"

namespace assay::test {
namespace {

using metric::Id;
using probe::nvml::DlNvml;
using probe::nvml::Sampler;

constexpr std::uint64_t kSeeds = 50;
constexpr int kAtOnce = 10;
constexpr int kWindows = 4;
constexpr int kChainWindows = 6;
constexpr std::int64_t kRefresh = 100'000'000;
constexpr std::int64_t kLate = 4 * kRefresh;  // how long a loaded host may keep a sample from us
constexpr double kExact = 1e-9;

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

// A sample, and when it was complete on the devices' clock.
struct Taken {
  sample::Snapshot snapshot;
  std::vector<std::int64_t> at_ns;  // by device
};

// The wall clock has not been stepped since.
Taken take(Sampler& sampler, std::int64_t epoch_ns) {
  Taken out{sampler.next(), {}};
  const std::int64_t now = nvml_sim::MonotonicTime::monotonic_ns() - epoch_ns;
  const auto wall = std::chrono::duration_cast<std::chrono::nanoseconds>(
      std::chrono::system_clock::now().time_since_epoch());
  for (const sample::DeviceSample& device : out.snapshot.devices)
    out.at_ns.push_back(
        std::clamp<std::int64_t>(now - (wall.count() - device.sample.at.unix_ns), 0, now));
  return out;
}

// What the devices did, at each refresh of the counters, each end of a sampling window, and when
// the samples were taken.
std::vector<Ground> grounds_of(const sim::Scenario& scenario, const std::vector<Taken>& taken) {
  sim::World world = sim::World::make(scenario);
  std::vector<Ground> out;
  for (std::size_t i = 0; i < scenario.devices.size(); ++i) {
    std::vector<std::int64_t> moments;
    for (const Taken& one : taken)
      moments.insert(moments.end(),
                     {one.at_ns[i], std::max<std::int64_t>(0, one.at_ns[i] - kLate)});
    const std::int64_t end = std::ranges::max(moments) + kRefresh;
    const auto window = std::llround(world.device(i).facts().utilization_window.value() * 1e9);
    for (std::int64_t t = 0; t <= end; t += kRefresh) moments.push_back(t);
    for (std::int64_t t = 0; t <= end; t += window) moments.push_back(t);
    out.emplace_back(std::move(world.device(i)), std::vector<CallEntry>{}, moments);
  }
  return out;
}

// How many values were there and right, by metric: a meter that gives none is not a sound one.
struct Tally {
  std::size_t windows = 0;        // of devices that were there
  std::size_t with_counters = 0;  // of these: of chips that have hardware counters for sure
  std::size_t dollars = 0;
  std::map<Id, std::size_t> good;
  void add(const Tally& other) {
    windows += other.windows;
    with_counters += other.with_counters;
    dollars += other.dollars;
    for (const auto& [id, count] : other.good) good[id] += count;
  }
  [[nodiscard]] std::size_t count(Id id) const {
    const auto it = good.find(id);
    return it == good.end() ? 0 : it->second;
  }
};

// One device in one window. The driver looked at its clock at some time during the sample, so
// either edge of a window is one of few.
class Look {
 public:
  Look(const Ground& ground, std::int64_t at_ns, Seconds window, Tally& tally, Verdict& verdict)
      : ground_(ground),
        at_ns_(at_ns),
        window_ns_(static_cast<std::int64_t>(window.value() * 1e9)),
        tally_(tally),
        verdict_(verdict) {}

  void counter(const CounterRow& row, double most, double value, double within) {
    judge(row.id, value, told(row, most, value, within));
  }
  // The driver's counter only ever grows, unless its driver is loaded anew.
  void energy(double joules, double within) {
    const Then& early = ground_.at(std::max<std::int64_t>(0, at_ns_ - kLate));
    const Then& late = ground_.at(at_ns_);
    if (early.loaded_at_ns != late.loaded_at_ns) return;
    judge(Id::energy, joules,
          joules >= early.done.energy_j - early.at_load.energy_j - within &&
              joules <= late.done.energy_j - late.at_load.energy_j + within);
  }
  // Of one of the driver's last whole sampling windows; not judged where none may have been over.
  void gpu_util(double value, double within) {
    const std::int64_t step = ground_.window_ns();
    const std::int64_t first = (at_ns_ - kLate) / step * step;
    if (at_ns_ < kLate || first <= ground_.at(at_ns_).loaded_at_ns) return;
    bool right = false;
    for (std::int64_t end = first; end <= at_ns_; end += step)
      right =
          right || std::abs(std::round(100 * ground_.sampled(end).busy) / 100 - value) <= within;
    judge(Id::gpu_util, value, right);
  }

 private:
  void judge(Id id, double value, bool right) {
    verdict_.require(right,
                     fmt::format("{} is {}, which no moment told", metric::to_string(id), value));
    if (right) ++tally_.good[id];
  }
  [[nodiscard]] bool told(const CounterRow& row, double most, double value, double within) const {
    const std::int64_t from = refresh_before(at_ns_ - window_ns_);
    const std::int64_t to = refresh_before(at_ns_);
    for (std::int64_t early = from - kLate; early <= from + kRefresh; early += kRefresh) {
      for (std::int64_t late = to - kLate; late <= to; late += kRefresh) {
        if (late <= early || early < 0) continue;
        const auto share = ground_.counters(early, late);
        if (share && std::abs(std::min(row.of(*share), most) - value) <= within) return true;
      }
    }
    return false;
  }

  const Ground& ground_;
  std::int64_t at_ns_;
  std::int64_t window_ns_;
  Tally& tally_;
  Verdict& verdict_;
};

// What is lost and what is engaged is the whole device; what is engaged is no less than any of the
// chip's own units that was seen at work.
void check_dollars(const sample::Sample& sample, const appraise::Appraisal& appraisal, Tally& tally,
                   Verdict& verdict) {
  double sum = appraisal.ladder.losses.unattributed.value();
  for (const ladder::Part& part : appraisal.ladder.losses.parts)
    sum += part.share.value().value_or(Ratio::fraction(0)).value();
  verdict.near(sum, 1, kExact, "the sum of all parts");
  if (!appraisal.cost.lost || !appraisal.cost.per_hour) return;
  double engaged = 0;
  for (const Id id :
       {Id::dram_util, Id::tensor_util, Id::fp64_util, Id::fp32_util, Id::fp16_util, Id::int_util})
    engaged = std::max(engaged, sample.at_id(id).value().value_or(0));
  const double lost = appraisal.cost.lost->value() / appraisal.cost.per_hour->value();
  const double sol = appraisal.ladder.sol.value.value().value_or(Ratio::fraction(NAN)).value();
  verdict.near(lost, 1 - sol, kExact, "the share of the price that is lost");
  verdict.require(sol >= engaged, "the speed of light is under that of a unit of the chip");
  ++tally.dollars;
}

void judge(const sample::Sample& sample, const Ground& ground, std::int64_t at_ns, Tally& tally,
           Verdict& verdict) {
  if (sample.presence != sample::Presence::ok) return;
  ++tally.windows;
  if (ground.facts().chip->compute_capability->major >= 9) ++tally.with_counters;
  Look look(ground, at_ns, sample.window, tally, verdict);
  const auto value_of = [&](Id id) {
    const auto& reading = sample.at_id(id);
    verdict.require(reading.usable() || reading.reason() != sample::Reason::none,
                    fmt::format("{} is missing without why", metric::to_string(id)));
    return reading.value();
  };
  for (const CounterRow& row : ratio_rows())
    if (const auto value = value_of(row.id)) look.counter(row, 1, *value, kExact);
  for (const CounterRow& row : rate_rows())
    if (const auto value = value_of(row.id))
      look.counter(row, HUGE_VAL, *value, kExact * std::max(1.0, *value));
  if (const auto joules = value_of(Id::energy)) look.energy(*joules, 2e-3);
  if (const auto busy = value_of(Id::gpu_util)) look.gpu_util(*busy, kExact);
  check_dollars(sample, appraise::appraise({{}, sample}, board_of(*ground.facts().chip)), tally,
                verdict);
}

void run(std::uint64_t seed, const catalog::Catalog& chips, Tally& tally, Verdict& verdict) {
  verdict.set_place(fmt::format("seed {}", seed));
  const std::string text = scenario_of_seed(seed, chips);
  const auto scenario = sim::parse_scenario("random.toml", text, chips);
  if (!scenario) return verdict.wrong(scenario.error().message);
  Loaded loaded;
  load(seed, text, loaded);
  const double period = 0.15 + 0.01 * static_cast<double>(seed % 6);
  auto sampler = Sampler::start(loaded.nvml, {.period = Seconds(period)});
  if (!sampler) return verdict.wrong(sampler.error().message);
  std::vector<Taken> taken;
  for (int i = 0; i < kWindows; ++i) taken.push_back(take(**sampler, loaded.epoch_ns));
  const std::vector<Ground> grounds = grounds_of(*scenario, taken);
  for (const Taken& one : taken) {
    for (std::size_t i = 0; i < one.snapshot.devices.size(); ++i) {
      verdict.set_place(fmt::format("seed {} device {}", seed, i));
      judge(one.snapshot.devices[i].sample, grounds[i], one.at_ns[i], tally, verdict);
    }
  }
}

// Each counter in nine of ten windows that a chip has them in, and the rest in half of all.
void expect_enough(const Tally& tally) {
  for (const CounterRow& row : ratio_rows()) {
    // It costs more than all the others, so the probe asks for it now and then.
    if (row.id == Id::graphics_util) continue;
    EXPECT_GE(tally.count(row.id), tally.with_counters * 9 / 10) << metric::to_string(row.id);
  }
  EXPECT_GE(tally.count(Id::energy), tally.windows / 2);
  EXPECT_GE(tally.count(Id::gpu_util), tally.windows / 4) << "its first windows are not over";
  EXPECT_GE(tally.dollars, tally.with_counters * 9 / 10);
}

TEST(TruthInRealTime, FiftyFleetsThroughTheSharedLibrary) {
  const auto chips = catalog::embedded();
  ASSERT_TRUE(chips.ok());
  std::atomic<std::uint64_t> next{0};
  std::mutex reporting;
  Tally all;
  {
    std::vector<std::jthread> workers;
    for (int i = 0; i < kAtOnce; ++i)
      workers.emplace_back([&] {
        for (std::uint64_t seed = next++; seed < kSeeds; seed = next++) {
          Verdict verdict;
          Tally tally;
          run(seed, *chips, tally, verdict);
          const std::lock_guard lock(reporting);
          for (const std::string& wrong : verdict.wrongs()) ADD_FAILURE() << wrong;
          all.add(tally);
        }
      });
  }
  EXPECT_GE(all.with_counters, 2 * kSeeds) << "hardly anything was looked at";
  expect_enough(all);
}

// What the file keeps of a value: store/precision.hpp, both of its roundings.
constexpr double kRatioKept = 5.2e-5;
constexpr double kRateKept = 4.9e-4;

// A device as a line of JSON says it, against what the library's own world did.
void judge_json(const nlohmann::json& device, const Ground& ground, std::int64_t at_ns,
                Tally& tally, Verdict& verdict) {
  ASSERT_EQ(device["presence"], "ok");
  ++tally.windows;
  ++tally.with_counters;
  Look look(ground, at_ns, Seconds(device["window_s"].get<double>()), tally, verdict);
  const auto value_of = [&](Id id) -> std::optional<double> {
    const auto it = device["readings"].find(metric::to_string(id));
    if (it == device["readings"].end() || !(*it)["value"].is_number()) return std::nullopt;
    return (*it)["value"].get<double>();
  };
  for (const CounterRow& row : ratio_rows())
    if (const auto value = value_of(row.id)) look.counter(row, 1, *value, kRatioKept);
  for (const CounterRow& row : rate_rows())
    if (const auto value = value_of(row.id))
      look.counter(row, HUGE_VAL, *value, 0.5 + kRateKept * *value);
  if (const auto joules = value_of(Id::energy)) look.energy(*joules, 0.1);
  if (const auto busy = value_of(Id::gpu_util)) look.gpu_util(*busy, kRatioKept);
  const auto& held = ground.at(at_ns).processes;
  verdict.require(device["processes"].size() == held.size(), "the JSON has other processes");
  for (const auto& process : device["processes"])
    verdict.require(std::ranges::find(held, process["pid"].get<std::int64_t>(),
                                      &sim::ProcessState::pid) != held.end(),
                    "the JSON has a process that is none");
  const auto& cost = device["cost"];
  if (!cost["lost_usd_per_hour"].is_number()) return;
  const double sol = device["ladder"]["sol"]["value"].get<double>();
  verdict.near(cost["lost_usd_per_hour"].get<double>(),
               cost["usd_per_hour"].get<double>() * (1 - sol), kExact, "dollars lost in JSON");
  ++tally.dollars;
}

// Eight H100s, each at something else: sampler, file, replay and JSON in one.
TEST(TruthInRealTime, FromTheSharedLibraryToTheJson) {
  const auto text = sim::embedded_scenario_text("fleet-8");
  const auto scenario = sim::embedded_scenario("fleet-8");
  ASSERT_TRUE(text && scenario.ok());
  Loaded loaded;
  load(kSeeds, std::string(*text), loaded);
  auto sampler = Sampler::start(
      loaded.nvml, {.period = Seconds(0.2),
                    .origin = sample::Origin{sample::OriginKind::simulation, "fleet-8"}});
  ASSERT_TRUE(sampler.ok());
  std::vector<Taken> taken;
  std::vector<sample::Snapshot> snapshots;
  for (int i = 0; i < kChainWindows; ++i) {
    taken.push_back(take(**sampler, loaded.epoch_ns));
    snapshots.push_back(taken.back().snapshot);
  }
  Boards boards;
  for (const sim::DeviceEntry& device : scenario->devices)
    boards.push_back(board_of(device.plan->chip));
  Verdict verdict;
  const std::vector<std::string> lines = check_record(kSeeds, snapshots, boards, verdict);
  ASSERT_EQ(lines.size(), taken.size());
  const std::vector<Ground> grounds = grounds_of(*scenario, taken);
  Tally tally;
  for (std::size_t k = 0; k < lines.size(); ++k) {
    const auto json = nlohmann::json::parse(lines[k], nullptr, false);
    ASSERT_EQ(json["devices"].size(), grounds.size());
    for (std::size_t i = 0; i < grounds.size(); ++i) {
      verdict.set_place(fmt::format("line {} device {}", k + 1, i));
      judge_json(json["devices"][i], grounds[i], taken[k].at_ns[i], tally, verdict);
    }
  }
  for (const std::string& wrong : verdict.wrongs()) ADD_FAILURE() << wrong;
  EXPECT_EQ(tally.windows, lines.size() * grounds.size());
  expect_enough(tally);
}

}  // namespace
}  // namespace assay::test
