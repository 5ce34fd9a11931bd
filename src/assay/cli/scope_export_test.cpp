// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>

#include <limits>

#include "assay/cli/scope_view.hpp"

namespace assay::cli {
namespace {

using sample::Channel;

TEST(ScopeSvg, LeavesAGapOpenWhereAChannelWasNotMeasured) {
  sample::Timeline timeline;
  timeline.interval = Seconds(1e-3);
  timeline.channels = {Channel::sm_active};
  for (int i = 0; i < 900; ++i) {
    sample::Tick tick{.begin_ns = i * 1'000'000LL, .end_ns = (i + 1) * 1'000'000LL};
    tick.share.fill(std::numeric_limits<float>::quiet_NaN());
    const bool gap = i >= 400 && i < 500;
    if (!gap) tick.share[static_cast<std::size_t>(Channel::sm_active)] = 0.5F;
    timeline.add(tick);
  }
  const std::string picture = scope_svg(timeline, {0, "", Seconds(1)});
  EXPECT_THAT(picture, testing::StartsWith("<svg xmlns="));
  EXPECT_THAT(picture, testing::HasSubstr("900 ticks of 1000 us"));
  std::size_t areas = 0;
  for (std::size_t at = 0; (at = picture.find("class=\"area\"", at)) != std::string::npos; ++at)
    ++areas;
  EXPECT_EQ(areas, 2U);
  EXPECT_EQ(picture.find("nan"), std::string::npos);
}

}  // namespace
}  // namespace assay::cli
