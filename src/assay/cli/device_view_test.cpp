// SPDX-License-Identifier: Apache-2.0
#include "assay/cli/device_view.hpp"

#include <gtest/gtest.h>

#include <sstream>

#include "assay/appraise/fixture_for_tests.hpp"

namespace assay::cli {

using appraise::Appraisal;
using appraise::AppraisedSnapshot;
using appraise::BoardKnowledge;
using appraise::link_peaks;

namespace {

using metric::Id;

Style style(int width, bool unicode = true) {
  return {.width = width, .colour = false, .unicode = unicode};
}

TEST(DeviceView, TellsTheOneThreadTruth) {
  const Appraisal device =
      appraise::appraise(appraise::one_thread_device(), appraise::priced_board());
  const std::string text = device_view(style(80), device);
  EXPECT_NE(text.find("nvidia-smi says 100 %; really 0.76 % of the SMs had work"),
            std::string::npos)
      << text;
  EXPECT_NE(text.find("132 SMs"), std::string::npos);
  EXPECT_NE(text.find("kernel resident, SMs empty"), std::string::npos);
  EXPECT_NE(text.find("$2.48/h"), std::string::npos) << text;
  EXPECT_NE(text.find("4242"), std::string::npos);
}

TEST(DeviceView, StaysWithinAnyWidthFrom60) {
  const Appraisal device =
      appraise::appraise(appraise::one_thread_device(), appraise::priced_board());
  for (const int width : {60, 61, 79, 80, 100, 160}) {
    for (const bool unicode : {true, false}) {
      std::istringstream lines(device_view(style(width, unicode), device));
      for (std::string line; std::getline(lines, line);)
        EXPECT_LE(columns(line), width) << width << ": " << line;
    }
  }
}

TEST(DeviceView, AsciiIsAscii) {
  const Appraisal device =
      appraise::appraise(appraise::one_thread_device(), appraise::priced_board());
  for (const char c : device_view(style(80, false), device))
    EXPECT_LT(static_cast<unsigned char>(c), 0x80);
}

TEST(DeviceView, UnknownCountersSayWhyAndAreNeverZero) {
  sample::DeviceSample old = appraise::one_thread_device();
  for (const metric::Def& def : metric::all())
    if (def.source == metric::Source::gpm)
      old.sample.at_id(def.id) =
          sample::Reading<double>::unknown(sample::Reason::no_gpm, metric::Source::gpm);
  const std::string text =
      device_view(style(80), appraise::appraise(old, appraise::priced_board()));
  EXPECT_NE(text.find("unknown (no-gpm)"), std::string::npos) << text;
  EXPECT_NE(text.find("Hopper or newer"), std::string::npos);
  EXPECT_NE(text.find("unattributed"), std::string::npos);
  EXPECT_EQ(text.find("SM active    0"), std::string::npos);
}

TEST(DeviceView, EstimatesAndOldValuesAreMarked) {
  sample::DeviceSample device = appraise::one_thread_device();
  device.sample.at_id(Id::graphics_util) =
      sample::Reading<double>::unknown(sample::Reason::not_read, metric::Source::gpm);
  device.sample.at_id(Id::gpu_util) =
      sample::Reading<double>::measured(0.9, metric::Source::nvml, Seconds(0.2));
  device.sample.processes[0].time_share = sample::Reading<Ratio>::stale(
      Ratio::fraction(0.17), sample::Reason::between_rounds, metric::Source::nvml);
  const std::string text =
      device_view(style(80), appraise::appraise(device, appraise::priced_board()));
  EXPECT_NE(text.find("~90.0 %  as driver sampled"), std::string::npos) << text;
  EXPECT_NE(text.find("~89.2 %"), std::string::npos) << text;  // empty SMs
  EXPECT_NE(text.find("17.0 % stale"), std::string::npos) << text;
}

TEST(DeviceView, TheCatalogCountsTheSmsWhereTheDriverDoesNot) {
  catalog::Chip chip;
  chip.unit = "SM";
  chip.units = catalog::Figure<int>{};
  chip.units->value = 132;
  sample::DeviceSample device = appraise::one_thread_device();
  BoardKnowledge board;
  board.chip = &chip;
  EXPECT_EQ(appraise::appraise(device, board).facts.sm_count.source(), metric::Source::nvml);
  device.facts.sm_count = sample::Reading<Count>::unknown(sample::Reason::not_supported);
  const Appraisal appraisal = appraise::appraise(device, board);
  EXPECT_EQ(appraisal.facts.sm_count.value(), Count(132));
  EXPECT_EQ(appraisal.facts.sm_count.state(), sample::State::estimated);
  EXPECT_EQ(appraisal.facts.sm_count.source(), metric::Source::catalog);
  EXPECT_NE(device_view(style(80), appraisal).find("132 SMs (catalog)"), std::string::npos);
}

TEST(DeviceView, ABusyThatWasRaisedSaysSo) {
  sample::DeviceSample device = appraise::one_thread_device();
  const auto put = [&](Id id, double value) {
    device.sample.at_id(id) =
        sample::Reading<double>::measured(value, metric::Source::gpm, Seconds(1));
  };
  EXPECT_EQ(device_view(style(80), appraise::appraise(device, {})).find("raised"),
            std::string::npos);
  for (const Id id : {Id::graphics_util, Id::gpu_util, Id::gpu_util_samples, Id::sm_active})
    put(id, 0);
  put(Id::dram_util, 0.5);
  const std::string text = device_view(style(80), appraise::appraise(device, {}));
  const std::size_t first = text.find("raised to SOL");
  ASSERT_NE(first, std::string::npos) << text;
  EXPECT_NE(text.find("raised to SOL", first + 1), std::string::npos) << text;
}

TEST(DeviceView, WindowsWithoutTheDeviceAreTold) {
  sample::DeviceSample device = appraise::one_thread_device();
  device.sample.trouble = "lost in 3 of 8 windows";
  EXPECT_NE(device_view(style(80), appraise::appraise(device, {})).find("lost in 3 of 8 windows"),
            std::string::npos);
}

TEST(DeviceView, APcieRoofThatTrafficDisprovesIsNoRoof) {
  sample::DeviceSample device = appraise::one_thread_device();
  BoardKnowledge board;
  board.roofs = lab::Roofs{};
  board.roofs->pcie_h2d = BytesPerSecond(20e9);
  const auto put = [&](Id id, double value) {
    device.sample.at_id(id) = sample::Reading<double>::measured(value, metric::Source::gpm);
  };
  put(Id::pcie_rx, 40e9);
  put(Id::pcie_tx, 0);
  const Appraisal without_link = appraise::appraise(device, board);
  EXPECT_EQ(without_link.ladder.sol.pcie.state(), sample::State::invalid);
  EXPECT_NE(device_view(style(80), without_link).find("PCIe carried 200.0 % of its peak"),
            std::string::npos);
  put(Id::pcie_gen, 5);
  put(Id::pcie_width, 16);
  EXPECT_DOUBLE_EQ(link_peaks(device.sample, board).pcie->value(),
                   ladder::pcie_rate(5, 16)->value());
  put(Id::pcie_rx, 19e9);
  EXPECT_DOUBLE_EQ(link_peaks(device.sample, board).pcie->value(), 20e9);
  put(Id::nvlink_rx, 12e9);
  put(Id::nvlink_tx, 1e9);
  const std::string seen = device_view(style(120), appraise::appraise(device, board));
  EXPECT_NE(seen.find("NVLink carried 12.0 GB/s, of a peak that is not known"), std::string::npos)
      << seen;
  EXPECT_NE(seen.find("~"), std::string::npos) << "the speed of light is an estimate";
}

TEST(DeviceView, SelfCostFitsSixtyColumns) {
  AppraisedSnapshot snapshot;
  snapshot.self = {Seconds(0.1234), mib(25), 123456, 12};
  std::istringstream lines(snapshot_view(style(60), snapshot));
  for (std::string line; std::getline(lines, line);) EXPECT_LE(columns(line), 60) << line;
}

TEST(DeviceView, NamesFromOutsideCannotMoveTheCursor) {
  sample::DeviceSample hostile = appraise::one_thread_device();
  hostile.sample.processes[0].name = "a\x1b[2J\nb";
  const std::string text = device_view(style(80), appraise::appraise(hostile, {}));
  EXPECT_EQ(text.find('\x1b'), std::string::npos);
}

TEST(DeviceView, LostDeviceShowsItsSentenceAndNoNumbers) {
  sample::DeviceSample lost = appraise::one_thread_device();
  lost.sample.presence = sample::Presence::lost;
  lost.sample.trouble = "it fell off the bus";
  const std::string text =
      device_view(style(80), appraise::appraise(lost, appraise::priced_board()));
  EXPECT_NE(text.find("LOST: it fell off the bus"), std::string::npos);
  EXPECT_EQ(text.find('%'), std::string::npos);
}

TEST(OriginBanner, StampsWhatIsNotLive) {
  EXPECT_EQ(origin_banner(style(80), {sample::OriginKind::device, "host"}), "");
  EXPECT_NE(origin_banner(style(80), {sample::OriginKind::recording, "a.assay"}).find("RECORDING"),
            std::string::npos);
  EXPECT_NE(origin_banner(style(80), {sample::OriginKind::simulation, "x"}).find("SIMULATED"),
            std::string::npos);
}

}  // namespace
}  // namespace assay::cli
