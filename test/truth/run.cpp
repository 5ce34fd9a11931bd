// SPDX-License-Identifier: Apache-2.0
#include "truth/run.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdlib>
#include <memory>
#include <optional>
#include <random>
#include <string_view>

#include "assay/probe/nvml/codes.hpp"
#include "assay/probe/nvml/sampler.hpp"
#include "assay/sample/merge.hpp"
#include "assay/sim/world.hpp"
#include "truth/check.hpp"
#include "truth/check_errors.hpp"
#include "truth/random_fleet.hpp"
#include "truth/record_check.hpp"
#include "truth/sim_nvml.hpp"

namespace assay::test {
namespace {

using probe::nvml::Sampler;
using sample::Presence;

constexpr std::int64_t kMs = 1'000'000;
constexpr std::size_t kMostWrongs = 20;
constexpr int kCleanWindows = 3;
constexpr std::uint64_t kRecordEvery = 37;  // prime to 8, so it meets every kind of seed
constexpr int kHangWindows = 4;             // at least, so that the others are seen to go on

struct Course {
  Rigour rigour;
  std::int64_t start_ns = 0;  // after the scenario's epoch
  std::int64_t period_ns = 0;
  int windows = 0;
  int clean_windows = 0;  // after the faults
  std::optional<Hang> hang;
};

// One call of one device that does not come back before the run is over.
Hang hang_of(std::uint64_t dice, std::size_t devices, const Course& course) {
  struct Row {
    Call call;
    bool fast;
  };
  constexpr std::array kCalls{Row{Call::gpm_sample_get, true}, Row{Call::gpm_metrics_get, true},
                              Row{Call::utilization, true},    Row{Call::power, true},
                              Row{Call::energy, true},         Row{Call::memory_v2, true},
                              Row{Call::temperature, true},    Row{Call::compute_processes, true}};
  const Row& row = kCalls[dice % kCalls.size()];
  const auto windows = static_cast<std::int64_t>(dice / 16 % 3);
  return {.device = static_cast<int>(dice / 64 % devices),
          .call = row.call,
          .fast = row.fast,
          .from_ns = course.start_ns + 1 + windows * course.period_ns};
}

// Of every kLongEvery-th seed, which then has no faults: windows longer than a look of the slow
// lane, than what counts as the present, than the driver's buffer.
constexpr std::uint64_t kLongEvery = 100;
constexpr std::array<std::pair<std::int64_t, int>, 3> kLong{
    {{1'000 * kMs, 5}, {6'000 * kMs, 2}, {30'000 * kMs, 1}}};

Course course_of(std::uint64_t seed, std::size_t devices) {
  constexpr std::array<std::int64_t, 6> kPeriods = {100, 125, 150, 200, 250, 330};
  std::mt19937_64 random(seed ^ 0x5eedU);
  const auto below = [&](std::uint64_t n) { return static_cast<std::int64_t>(random() % n); };
  Course out;
  out.rigour = {.faults = seed % 4 >= 2, .delays = seed % 4 == 3, .steps = seed % 4 == 3};
  out.start_ns = below(1'400'000'000) + 1;
  out.period_ns = kPeriods[static_cast<std::size_t>(below(kPeriods.size()))] * kMs;
  // One in five lasts long enough for a second round of the slow lane.
  out.windows = below(5) == 0 ? static_cast<int>(1'300 * kMs / out.period_ns)
                              : 2 + static_cast<int>(below(3));
  if (seed % kLongEvery == 1) {
    const auto& [period_ns, windows] = kLong[seed / kLongEvery % kLong.size()];
    out.period_ns = period_ns;
    out.windows = windows;
  }
  out.clean_windows = out.rigour.faults ? kCleanWindows : 0;
  if (seed % 8 == 5) {
    out.windows = std::max(out.windows, kHangWindows);
    out.hang = hang_of(random(), devices, out);
  }
  return out;
}

// The code that a message of the probe names at its end.
std::optional<Return> code_in(std::string_view message) {
  constexpr std::string_view kMark = "(NVML code ";
  const std::size_t at = message.rfind(kMark);
  if (at == std::string_view::npos) return std::nullopt;
  return static_cast<Return>(std::strtoul(message.data() + at + kMark.size(), nullptr, 10));
}

class Run {
 public:
  Run(std::uint64_t seed, const sim::Scenario& scenario)
      : seed_(seed),
        scenario_(scenario),
        course_(course_of(seed, scenario.devices.size())),
        clock_(std::make_shared<VirtualClock>(course_.start_ns, 2 * scenario.devices.size())),
        faults_(course_.rigour.faults ? std::make_shared<FaultPlan>(seed / 4, course_.rigour.delays)
                                      : nullptr),
        nvml_(std::make_shared<SimNvml>(scenario, clock_, faults_, course_.hang)) {}

  Outcome go() {
    if (!start()) return take_outcome();
    for (int i = 0; i < course_.windows; ++i) window(i);
    if (faults_) faults_->end();
    for (int i = 0; i < course_.clean_windows; ++i) window(course_.windows + i);
    hung_ns_ = nvml_->hung_ns();
    check_stale_events();
    clock_->release();
    sampler_.reset();
    judge();
    return take_outcome();
  }

 private:
  // A driver that does not start says so; then faults end and it must.
  bool start() {
    probe::nvml::SamplerOptions options{
        .period = Seconds(static_cast<double>(course_.period_ns) * 1e-9), .deadline = Seconds(0.4)};
    options.clock = clock_;
    options.origin = sample::Origin{sample::OriginKind::simulation, scenario_.name};
    for (int tries = 0; tries < 2; ++tries) {
      auto started = Sampler::start(nvml_, options);
      if (started) {
        sampler_ = *std::move(started);
        return true;
      }
      verdict_.set_place("start");
      verdict_.require(!started.error().message.empty(), "an error says nothing");
      if (no_driver()) return false;  // rightly so
      verdict_.require(faults_ != nullptr, started.error().message);
      if (!faults_) return false;
      if (const auto code = code_in(started.error().message))
        verdict_.require(started.error().code == probe::nvml::info(*code).error,
                         "a start that fails is another error than its code says");
      faults_->end();
    }
    verdict_.wrong("the sampler does not start after the faults have ended");
    return false;
  }

  // Is there no device with a driver when the run begins?
  [[nodiscard]] bool no_driver() const {
    sim::World world = sim::World::make(scenario_);
    world.advance_to(course_.start_ns);
    return std::ranges::all_of(world.devices(), [](const sim::Device& device) {
      return device.moment().presence == sim::Presence::unloaded;
    });
  }

  void window(int index) {
    if (course_.rigour.steps && faults_ &&
        (seed_ / 4 + static_cast<std::uint64_t>(index)) % 3 == 0) {
      const auto odd = static_cast<std::int64_t>(seed_ % 500'000) * 2 + 1;
      clock_->step_wall((index % 2 == 0 ? -3600 : 3600) * 1'000'000'000LL + odd);
    }
    snapshots_.push_back(sampler_->next());
  }

  void judge() {
    sim::World world = sim::World::make(scenario_);
    for (std::size_t i = 0; i < scenario_.devices.size(); ++i) judge_device(world, i);
    if (seed_ % kRecordEvery != 0) return;
    Boards boards;
    for (const sim::DeviceEntry& device : scenario_.devices)
      boards.push_back(board_of(device.plan->chip));
    check_record(seed_, snapshots_, boards, verdict_);
    ++(course_.rigour.faults ? outcome_.recorded_with_faults : outcome_.recorded);
  }

  // Does the fast lane of that device hang when the window of that tick ends? Its slow lane may
  // hang as it likes: for so short a run nothing may be seen of it.
  [[nodiscard]] bool hangs(std::size_t device, std::int64_t tick) const {
    return course_.hang && course_.hang->fast && hung_ns_ >= 0 &&
           course_.hang->device == static_cast<int>(device) &&
           course_.start_ns + tick * course_.period_ns >= hung_ns_;
  }

  // A device that becomes stale is said to once, and no other is.
  void check_stale_events() {
    events_ = sampler_->take_events();
    if (course_.rigour.faults) return;
    verdict_.set_place("events");
    int stale = 0;
    for (const sample::Event& event : events_) {
      if (event.kind != "device-stale") continue;
      ++stale;
      verdict_.require(course_.hang && event.device == course_.hang->device,
                       "a device is said to be stale that does not hang");
    }
    const bool hung = course_.hang && course_.hang->fast && hung_ns_ >= 0;
    verdict_.near(stale, hung ? 1 : 0, 0, "the number of devices said to be stale");
  }

  void judge_device(sim::World& world, std::size_t device) {
    std::vector<std::int64_t> moments;
    for (const sample::Snapshot& snapshot : snapshots_)
      moments.push_back(clock_->time_of(snapshot.devices[device].sample.at.unix_ns));
    const std::vector<CallEntry> calls = nvml_->log().of(device);
    const Ground ground(std::move(world.device(device)), calls, moments);
    for (std::size_t k = 0; k < snapshots_.size(); ++k) {
      verdict_.set_place(
          fmt::format("device {} ({}) window {}", device, ground.facts().chip->id, k + 1));
      const Case at{ground, calls, snapshots_[k].devices[device].sample, moments[k],
                    course_.rigour};
      if (moments[k] < 0) {
        verdict_.wrong("a sample of a time that never was");
        continue;
      }
      const auto tick = static_cast<std::int64_t>(k + 1);
      if (!hangs(device, tick)) {
        judge_sample(at, tick);
        continue;
      }
      ++outcome_.hung;
      const auto* before = k > 0 ? &snapshots_[k - 1].devices[device].sample : nullptr;
      check_hanging(at, course_.hang->call, before, verdict_);
      check_ladder(at, appraise_sample(at), verdict_);
    }
    check_merged(ground, calls, device, moments);
    if (!course_.rigour.faults) {
      verdict_.set_place(fmt::format("device {} events", device));
      check_xids(ground, calls, static_cast<int>(device), events_, *clock_, verdict_);
    }
    if (faults_) check_recovered(ground, device, moments.back());
  }

  void judge_sample(const Case& at, std::int64_t tick) {
    ++outcome_.windows;
    const bool gone = at.sample.presence != Presence::ok;
    outcome_.gone += gone ? 1 : 0;
    if (!course_.rigour.faults) {
      verdict_.near(static_cast<double>(at.at_ns),
                    static_cast<double>(course_.start_ns + tick * course_.period_ns), 0, "end");
      verdict_.near(at.sample.window.value(), static_cast<double>(course_.period_ns) * 1e-9, 1e-9,
                    "window");
      const bool there = at.ground.at(at.at_ns).moment.presence == sim::Presence::ok;
      verdict_.require(there == !gone, "presence is wrong");
      verdict_.require(at.sample.presence != Presence::stale, "stale without any delay");
    }
    check_states(at, verdict_);
    if (!course_.rigour.delays) check_failed_calls(at, verdict_);
    check_readings(at, verdict_);
    check_ladder(at, appraise_sample(at), verdict_);
  }

  [[nodiscard]] appraise::Appraisal appraise_sample(const Case& at) const {
    return appraise::appraise({{}, at.sample}, board_of(*at.ground.facts().chip));
  }

  // Windows without the device hide nothing of the others, and are told.
  void check_gone(const Case& merged, std::size_t device) {
    Seconds gone{0};
    Seconds all{0};
    for (const sample::Snapshot& snapshot : snapshots_) {
      const sample::Sample& window = snapshot.devices[device].sample;
      all += window.window;
      if (window.presence != Presence::ok) gone += window.window;
    }
    const bool never = gone == all;
    const sample::Sample& sample = merged.sample;
    verdict_.require((sample.presence == Presence::ok) == !never, "presence of all windows");
    verdict_.require(sample.trouble.empty() == (gone == Seconds(0)), "trouble of all windows");
    const appraise::Appraisal appraisal = appraise_sample(merged);
    check_ladder(merged, appraisal, verdict_);
    if (!sample.held.usable()) return;
    verdict_.require(appraisal.ladder.losses.unattributed.value() >= gone / all - 1e-9,
                     "time without the device is given to a part");
  }

  // The windows made into one are their mean, weighted by their lengths.
  void check_merged(const Ground& ground, const std::vector<CallEntry>& calls, std::size_t device,
                    const std::vector<std::int64_t>& moments) {
    sample::Merger merger;
    for (const sample::Snapshot& snapshot : snapshots_) merger.add(snapshot.devices[device].sample);
    verdict_.set_place(fmt::format("device {} merged", device));
    const sample::Sample all = merger.result();
    Rigour conserved = course_.rigour;
    conserved.faults = true;  // what the rungs are is checked window by window
    check_gone({ground, calls, all, moments.back(), conserved}, device);
    if (course_.rigour.faults) return;
    double weighted = 0;
    double weights = 0;
    for (std::size_t k = 0; k < snapshots_.size(); ++k) {
      const sample::Sample& sample = snapshots_[k].devices[device].sample;
      const Case at{ground, calls, sample, moments[k], course_.rigour};
      const auto share = sample.presence == Presence::ok ? expected_counters(at) : std::nullopt;
      if (!share) continue;
      weighted += std::min(share->sm_active, 1.0) * sample.window.value();
      weights += sample.window.value();
    }
    const auto merged = all.at_id(metric::Id::sm_active).value();
    verdict_.require(merged.has_value() == (weights > 0), "SM active of all windows is missing");
    if (merged) verdict_.near(*merged, weighted / weights, 1e-9, "SM active of all windows");
  }

  // With the faults over, what the device can say is said again.
  void check_recovered(const Ground& ground, std::size_t device, std::int64_t at_ns) {
    if (course_.rigour.delays) return;  // a call may still be under way
    const sample::Sample& sample = snapshots_.back().devices[device].sample;
    verdict_.set_place(fmt::format("device {} after the faults", device));
    const bool there = ground.at(at_ns).moment.presence == sim::Presence::ok;
    verdict_.require(there == (sample.presence == Presence::ok), "presence is wrong");
    if (!there || sample.presence != Presence::ok) return;
    for (const auto id : {metric::Id::gpu_util, metric::Id::power, metric::Id::memory_used,
                          metric::Id::temperature, metric::Id::sm_clock})
      verdict_.require(sample.at_id(id).usable(),
                       fmt::format("{} does not come back: {}", metric::to_string(id),
                                   sample::to_string(sample.at_id(id).reason())));
  }

  Outcome take_outcome() {
    outcome_.wrongs = verdict_.wrongs();
    if (outcome_.wrongs.size() > kMostWrongs) outcome_.wrongs.resize(kMostWrongs);
    outcome_.checks = verdict_.checks();
    outcome_.snapshots = std::move(snapshots_);
    return std::move(outcome_);
  }

  std::uint64_t seed_;
  const sim::Scenario& scenario_;
  Course course_;
  std::shared_ptr<VirtualClock> clock_;
  std::shared_ptr<FaultPlan> faults_;
  std::shared_ptr<SimNvml> nvml_;
  std::unique_ptr<Sampler> sampler_;
  std::int64_t hung_ns_ = -1;  // since when a call hangs; -1: none does
  std::vector<sample::Snapshot> snapshots_;
  std::vector<sample::Event> events_;
  Verdict verdict_;
  Outcome outcome_;
};

}  // namespace

appraise::BoardKnowledge board_of(const catalog::Chip& chip) {
  return {.chip = &chip, .price = ladder::Price{DollarsPerHour(2.5), "test"}};
}

std::string scenario_of_seed(std::uint64_t seed, const catalog::Catalog& chips) {
  return RandomFleet(seed, chips).text();
}

Outcome run_seed(std::uint64_t seed, const catalog::Catalog& chips) {
  const auto scenario = sim::parse_scenario("random.toml", scenario_of_seed(seed, chips), chips);
  if (!scenario) return {.wrongs = {"the scenario is refused: " + scenario.error().message}};
  return Run(seed, *scenario).go();
}

}  // namespace assay::test
