// SPDX-License-Identifier: Apache-2.0
#include "assay/wire/prometheus.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <set>

#include "assay/appraise/fixture_for_tests.hpp"
#include "assay/exposition/exposition.hpp"

namespace assay::wire {
namespace {

using testing::HasSubstr;
using testing::Not;

appraise::AppraisedSnapshot snapshot_of(sample::DeviceSample device) {
  appraise::AppraisedSnapshot snapshot;
  snapshot.origin = {sample::OriginKind::simulation, "fleet-8"};
  snapshot.devices.push_back(appraise::appraise(std::move(device), appraise::priced_board()));
  return snapshot;
}

exposition::Scrape scrape(const std::string& text) {
  auto parsed = exposition::parse(text);
  EXPECT_TRUE(parsed) << parsed.error().message;
  return *std::move(parsed);
}

// The one sample of this name whose label says so; NaN if there is none.
double value(const exposition::Scrape& scrape, std::string_view name, std::string_view label = "",
             std::string_view says = "") {
  for (const exposition::Point& point : scrape.points)
    if (point.name == name && (label.empty() || exposition::label(point.labels, label) == says))
      return point.value;
  return std::nan("");
}

TEST(Prometheus, SaysWhatTheSnapshotSays) {
  const auto text = prometheus_text(snapshot_of(appraise::one_thread_device()), {.node = "n1"});
  const auto all = scrape(text);
  EXPECT_DOUBLE_EQ(value(all, "assay_sm_active_ratio"), 0.00758);
  EXPECT_DOUBLE_EQ(value(all, "assay_power_watts"), 128);
  EXPECT_DOUBLE_EQ(value(all, "assay_rung_ratio", "rung", "busy"), 1);
  EXPECT_DOUBLE_EQ(value(all, "assay_rung_ratio", "rung", "sm_active"), 0.00758);
  EXPECT_DOUBLE_EQ(value(all, "assay_cost_dollars_per_hour"), 2.5);
  EXPECT_NEAR(value(all, "assay_lost_dollars_per_hour"), 2.5 * (1 - 0.00039), 1e-9);
  EXPECT_EQ(value(all, "assay_limiter", "limiter", "int"), 1);
  EXPECT_THAT(text, HasSubstr("assay_device_info{device=\"0\",uuid=\"GPU-7e57\",chip=\"h100-sxm5-"
                              "80gb\",node=\"n1\",origin=\"simulation\",name="));
  double sum = 0;
  for (const exposition::Point& point : all.points)
    if (point.name == "assay_loss_ratio") sum += point.value;
  EXPECT_NEAR(sum, 1, 1e-9);
}

TEST(Prometheus, UnknownIsNoSeriesButAState) {
  sample::DeviceSample device = appraise::one_thread_device();
  device.sample.at_id(metric::Id::sm_active) =
      sample::Reading<double>::unknown(sample::Reason::no_gpm, metric::Source::gpm);
  const auto all = scrape(prometheus_text(snapshot_of(device), {.dcgm_names = true}));
  EXPECT_TRUE(std::isnan(value(all, "assay_sm_active_ratio")));
  EXPECT_TRUE(std::isnan(value(all, "DCGM_FI_PROF_SM_ACTIVE")));
  EXPECT_TRUE(std::isnan(value(all, "assay_rung_ratio", "rung", "sm_active")));
  for (const exposition::Point& point : all.points) {
    if (point.name != "assay_reading_state" ||
        exposition::label(point.labels, "metric") != "sm_active")
      continue;
    EXPECT_EQ(exposition::label(point.labels, "state"), "unknown");
    EXPECT_EQ(exposition::label(point.labels, "reason"), "no-gpm");
    return;
  }
  FAIL() << "no state series";
}

TEST(Prometheus, WhatIsReadNowAndThenKeepsItsLastValueAndAState) {
  sample::DeviceSample device = appraise::one_thread_device();
  device.sample.at_id(metric::Id::energy) = sample::Reading<double>::stale(
      5, sample::Reason::between_rounds, metric::Source::nvml, Seconds(60));
  device.sample.at_id(metric::Id::temperature) =
      sample::Reading<double>::stale(40, sample::Reason::timeout, metric::Source::nvml);
  device.sample.at_id(metric::Id::encoder_util) = sample::Reading<double>::stale(
      0.25, sample::Reason::between_rounds, metric::Source::nvml, Seconds(1));
  const auto all = scrape(prometheus_text(snapshot_of(device), {.dcgm_names = true}));
  // A share of time that is minutes old is not what the encoder does now.
  EXPECT_TRUE(std::isnan(value(all, "assay_encoder_util_ratio")));
  EXPECT_TRUE(std::isnan(value(all, "DCGM_FI_DEV_ENC_UTIL")));
  EXPECT_EQ(value(all, "assay_reading_state", "metric", "encoder_util"), 1);
  EXPECT_EQ(value(all, "assay_energy_joules_total"), 5);
  EXPECT_EQ(value(all, "DCGM_FI_DEV_TOTAL_ENERGY_CONSUMPTION"), 5000);
  EXPECT_TRUE(std::isnan(value(all, "assay_temperature_celsius")));
  EXPECT_EQ(value(all, "assay_reading_state", "reason", "between-rounds"), 1);
  EXPECT_EQ(value(all, "assay_reading_state", "reason", "timeout"), 1);
  EXPECT_EQ(all.kind_of("assay_energy_joules_total"), exposition::Kind::counter);
}

TEST(Prometheus, DcgmNamesKeepDcgmUnitsAndLabels) {
  sample::DeviceSample device = appraise::one_thread_device();
  device.sample.set<metric::Id::memory_used>(
      sample::Reading<Bytes>::measured(mib(518), sample::Source::nvml));
  device.sample.set<metric::Id::sm_clock>(
      sample::Reading<Hertz>::measured(Hertz(1.98e9), sample::Source::nvml));
  const auto snapshot = snapshot_of(device);
  EXPECT_THAT(prometheus_text(snapshot, {}), Not(HasSubstr("DCGM_")));
  const std::string text = prometheus_text(snapshot, {.node = "n1", .dcgm_names = true});
  const auto all = scrape(text);
  EXPECT_EQ(value(all, "DCGM_FI_DEV_GPU_UTIL"), 100);
  EXPECT_DOUBLE_EQ(value(all, "DCGM_FI_DEV_SM_CLOCK"), 1980);
  EXPECT_DOUBLE_EQ(value(all, "DCGM_FI_DEV_FB_USED"), 518);
  EXPECT_DOUBLE_EQ(value(all, "DCGM_FI_PROF_SM_ACTIVE"), 0.00758);
  EXPECT_THAT(text, HasSubstr("DCGM_FI_DEV_GPU_UTIL{gpu=\"0\",UUID=\"GPU-7e57\",pci_bus_id="
                              "\"00000000:01:00.0\",device=\"nvidia0\",modelName=\"NVIDIA H100 "
                              "80GB HBM3\",Hostname=\"n1\",origin=\"simulation\"} 100\n"));
}

TEST(Prometheus, TheHolderIsNamedWhereItIsKnown) {
  sample::Owner holder;
  holder.user = sample::Fact::known("ada");
  holder.container = sample::Fact::known("");
  holder.pod = sample::Fact::known("train-\"7\"\n");
  const auto snapshot = snapshot_of(appraise::one_thread_device());
  const auto all = scrape(prometheus_text(snapshot, {.holders = {&holder, 1}}));
  EXPECT_EQ(value(all, "assay_power_watts", "user", "ada"), 128);
  EXPECT_EQ(value(all, "assay_power_watts", "pod", "train-\"7\"\n"), 128);
  EXPECT_EQ(value(all, "assay_power_watts", "container", ""), 128);
}

TEST(Prometheus, ThePodsUidIsNotItsNameAndTheJobHasDcgmsWordAmongItsNames) {
  sample::Owner holder;
  holder.pod = sample::Fact::known("0c4f3b52-6c1e-4e0a-9d2b-5a7e8f901234");
  holder.slurm_job = sample::Fact::known("4242");
  const auto snapshot = snapshot_of(appraise::one_thread_device());
  const std::string text = prometheus_text(snapshot, {.dcgm_names = true, .holders = {&holder, 1}});
  const auto all = scrape(text);
  EXPECT_EQ(value(all, "assay_power_watts", "pod_uid", holder.pod.text), 128);
  EXPECT_EQ(value(all, "assay_power_watts", "slurm_job", "4242"), 128);
  EXPECT_EQ(value(all, "DCGM_FI_DEV_GPU_UTIL", "hpc_job", "4242"), 100);
  EXPECT_THAT(text, Not(HasSubstr(",pod=")));
  for (const exposition::Point& point : all.points)
    EXPECT_TRUE(!point.name.starts_with("DCGM_") ||
                exposition::label(point.labels, "slurm_job").empty());
}

TEST(Prometheus, GpuUtilStandsForTheEngineBetweenItsReadingsAndSaysSo) {
  sample::DeviceSample device = appraise::one_thread_device();
  sample::Reading<double>& engine = device.sample.at_id(metric::Id::graphics_util);
  engine = sample::Reading<double>::unknown(sample::Reason::not_read, metric::Source::gpm);
  auto all = scrape(prometheus_text(snapshot_of(device), {.dcgm_names = true}));
  EXPECT_EQ(value(all, "DCGM_FI_PROF_GR_ENGINE_ACTIVE"), 1);
  EXPECT_EQ(value(all, "assay_reading_state", "metric", "DCGM_FI_PROF_GR_ENGINE_ACTIVE"), 1);
  EXPECT_EQ(value(all, "assay_reading_state", "metric", "graphics_util"), 1);
  EXPECT_TRUE(std::isnan(value(all, "assay_graphics_util_ratio")));

  engine = sample::Reading<double>::measured(0.75, metric::Source::gpm, Seconds(1));
  all = scrape(prometheus_text(snapshot_of(device), {.dcgm_names = true}));
  EXPECT_EQ(value(all, "DCGM_FI_PROF_GR_ENGINE_ACTIVE"), 0.75);
  EXPECT_TRUE(
      std::isnan(value(all, "assay_reading_state", "metric", "DCGM_FI_PROF_GR_ENGINE_ACTIVE")));
}

TEST(Prometheus, NumbersWithoutWhatArithmeticLeftBehind) {
  sample::DeviceSample device = appraise::one_thread_device();
  device.sample.at_id(metric::Id::power) =
      sample::Reading<double>::measured(337.60200000000003, metric::Source::nvml, Seconds(1));
  device.sample.at_id(metric::Id::memory_used) =
      sample::Reading<double>::measured(1234567890123457, metric::Source::nvml, Seconds(1));
  const std::string text = prometheus_text(snapshot_of(device), {});
  EXPECT_THAT(text, testing::ContainsRegex("assay_power_watts[^\n]*} 337.602\n"));
  EXPECT_THAT(text, testing::ContainsRegex("assay_memory_used_bytes[^\n]*} 1234567890123457\n"));
}

// A family stands in one piece, and no two series are the same: scrapers refuse the whole else.
TEST(Prometheus, EachSeriesOnceAndFamiliesInOnePiece) {
  auto snapshot = snapshot_of(appraise::one_thread_device());
  snapshot.devices.push_back(snapshot.devices[0]);
  snapshot.devices[1].facts.index = 1;
  snapshot.devices[1].facts.uuid = "GPU-2";
  const auto all = scrape(prometheus_text(snapshot, {.dcgm_names = true}));
  std::set<std::string> series;
  std::set<std::string> families;
  std::string last;
  for (const exposition::Point& point : all.points) {
    EXPECT_TRUE(series.insert(exposition::to_text(point.name, point.labels)).second) << point.name;
    if (point.name == last) continue;
    EXPECT_TRUE(families.insert(point.name).second) << point.name;
    last = point.name;
  }
  EXPECT_GT(series.size(), 60U);
}

}  // namespace
}  // namespace assay::wire
