// SPDX-License-Identifier: Apache-2.0
#include "assay/appraise/appraisal.hpp"

#include <gtest/gtest.h>

#include <memory>

#include "assay/appraise/fixture_for_tests.hpp"
#include "assay/causes/named_loss.hpp"

namespace assay::appraise {
namespace {

using causes::Cause;
using metric::Id;
using sample::Reading;
using sample::Source;

// A job of 8 s that worked for two of them: kernels of a microsecond, a tenth of that time, which
// the counters missed.
struct TinyKernels {
  sample::KernelTable table;
  sample::Sample working = window(Seconds(2), 0.002);
  sample::DeviceSample whole = one_thread_device();

  TinyKernels() {
    table.devices.push_back({.uuid = whole.facts.uuid,
                             .name = "",
                             .cc_major = 9,
                             .cc_minor = 0,
                             .sm_count = 132,
                             .busy = Seconds(0.2),
                             .kernels = Seconds(0.2),
                             .span = Seconds(2)});
    table.rows.push_back({.signature = {.name = "tiny", .grid = {1, 1, 1}, .block = {32, 1, 1}},
                          .launches = 100'000,
                          .total = Seconds(0.2)});
    table.records = table.launches = 100'000;
    table.processes.push_back({.pid = 4242, .name = "spin", .cupti = "", .trouble = ""});
    whole.sample = window(Seconds(8), 0.0005);
    whole.sample.held = Reading<Ratio>::derived(Ratio::fraction(0.3), Source::nvml, Seconds(8));
  }
  static sample::Sample window(Seconds length, double sm_active) {
    sample::Sample out = one_thread_device().sample;
    out.window = length;
    const auto set = [&](Id id, double share) {
      out.at_id(id) = Reading<double>::measured(share, Source::gpm, length);
    };
    set(Id::graphics_util, 0);
    set(Id::gpu_util, 0.03);
    set(Id::sm_active, sm_active);
    set(Id::int_util, sm_active / 10);
    return out;
  }
  [[nodiscard]] Appraisal appraised() const {
    Appraisal device = appraise(whole, priced_board());
    set_job(device,
            {.working = working, .kernels = std::make_shared<const sample::KernelTable>(table)});
    return device;
  }
};

TEST(Job, BusyIsWhatTheTraceSays) {
  const Appraisal device = TinyKernels().appraised();
  EXPECT_NEAR(device.ladder.busy.value()->value(), 0.2 / 8, 1e-12);
  EXPECT_EQ(device.ladder.busy.source(), Source::trace);
  EXPECT_EQ(device.ladder.busy.state(), sample::State::derived);
}

TEST(Job, ASampledTraceEstimatesBusy) {
  TinyKernels job;
  job.table.scale = 2;
  const Appraisal device = job.appraised();
  EXPECT_NEAR(device.ladder.busy.value()->value(), 0.4 / 8, 1e-12);
  EXPECT_EQ(device.ladder.busy.state(), sample::State::estimated);
}

TEST(Job, WhereOthersUseTheDeviceTheCountersMaySayMore) {
  TinyKernels job;
  const auto seen = [](double busy) {
    return Reading<double>::measured(busy, Source::gpm, Seconds(8));
  };
  job.whole.sample.at_id(Id::graphics_util) = seen(0.25);
  EXPECT_EQ(job.appraised().ladder.busy.source(), Source::trace) << "launching counts as busy";
  job.whole.sample.processes.push_back({.pid = 1, .name = "x", .memory = {}, .time_share = {}});
  EXPECT_EQ(job.appraised().ladder.busy.source(), Source::gpm);
  job.whole.sample.at_id(Id::graphics_util) = seen(0.01);
  EXPECT_EQ(job.appraised().ladder.busy.source(), Source::trace) << "so much at least";
  job.whole.sample.processes.pop_back();
  job.whole.sample.at_id(Id::graphics_util) = seen(0.25);
  job.table.lost = 1;
  EXPECT_EQ(job.appraised().ladder.busy.source(), Source::gpm);
}

TEST(Job, DollarsAreOfTheWholeRunAndWithinItsLadder) {
  const Appraisal device = TinyKernels().appraised();
  ASSERT_FALSE(device.findings.empty());
  const causes::Finding& first = device.findings.front();
  EXPECT_EQ(first.cause, Cause::launch_bound);
  EXPECT_NEAR(*first.counterfactual.speedup_max, 10, 0.1) << "of the part in which it worked";
  EXPECT_NEAR(first.counterfactual.saved_max->value(), 0.9 * 2 / 8 * 2.5, 1e-9);
  for (const causes::Finding& finding : device.findings) {
    if (!finding.counterfactual.saved_max) continue;
    EXPECT_LE(finding.counterfactual.saved_max->value(),
              2.5 * causes::named_loss(finding.cause, device.ladder.losses) + 1e-9);
  }
}

TEST(Job, AUsefulRungKeepsTheTrace) {
  Appraisal device = TinyKernels().appraised();
  set_useful(device, Reading<Ratio>::derived(Ratio::fraction(1e-5), Source::catalog, Seconds(8)));
  EXPECT_EQ(device.ladder.busy.source(), Source::trace);
}

}  // namespace
}  // namespace assay::appraise
