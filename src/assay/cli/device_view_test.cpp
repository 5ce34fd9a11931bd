// SPDX-License-Identifier: Apache-2.0
#include "assay/cli/device_view.hpp"

#include <gtest/gtest.h>

#include <sstream>

#include "assay/cli/fixture_for_test.hpp"

namespace assay::cli {
namespace {

Style style(int width, bool unicode = true) {
  return {.width = width, .colour = false, .unicode = unicode};
}

TEST(DeviceView, TellsTheOneThreadTruth) {
  const Appraisal device = appraise(one_thread_device(), priced_board());
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
  const Appraisal device = appraise(one_thread_device(), priced_board());
  for (const int width : {60, 61, 79, 80, 100, 160}) {
    for (const bool unicode : {true, false}) {
      std::istringstream lines(device_view(style(width, unicode), device));
      for (std::string line; std::getline(lines, line);)
        EXPECT_LE(columns(line), width) << width << ": " << line;
    }
  }
}

TEST(DeviceView, AsciiIsAscii) {
  const Appraisal device = appraise(one_thread_device(), priced_board());
  for (const char c : device_view(style(80, false), device))
    EXPECT_LT(static_cast<unsigned char>(c), 0x80);
}

TEST(DeviceView, UnknownCountersSayWhyAndAreNeverZero) {
  sample::DeviceSample old = one_thread_device();
  for (const metric::Def& def : metric::all())
    if (def.source == metric::Source::gpm)
      old.sample.at_id(def.id) =
          sample::Reading<double>::unknown(sample::Reason::no_gpm, metric::Source::gpm);
  const std::string text = device_view(style(80), appraise(old, priced_board()));
  EXPECT_NE(text.find("unknown (no-gpm)"), std::string::npos) << text;
  EXPECT_NE(text.find("Hopper or newer"), std::string::npos);
  EXPECT_NE(text.find("unattributed"), std::string::npos);
  EXPECT_EQ(text.find("SM active    0"), std::string::npos);
}

TEST(DeviceView, NamesFromOutsideCannotMoveTheCursor) {
  sample::DeviceSample hostile = one_thread_device();
  hostile.sample.processes[0].name = "a\x1b[2J\nb";
  const std::string text = device_view(style(80), appraise(hostile, {}));
  EXPECT_EQ(text.find('\x1b'), std::string::npos);
}

TEST(DeviceView, LostDeviceShowsItsSentenceAndNoNumbers) {
  sample::DeviceSample lost = one_thread_device();
  lost.sample.presence = sample::Presence::lost;
  lost.sample.trouble = "it fell off the bus";
  const std::string text = device_view(style(80), appraise(lost, priced_board()));
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
