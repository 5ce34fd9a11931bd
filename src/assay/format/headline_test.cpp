// SPDX-License-Identifier: Apache-2.0
#include "assay/format/headline.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace assay::format {
namespace {

using metric::Id;
using sample::Reading;
using sample::Source;
using testing::HasSubstr;
using testing::StartsWith;

Reading<Ratio> of(double share, Seconds window) {
  return Reading<Ratio>::measured(Ratio::fraction(share), Source::nvml, window);
}

std::string said_of(const sample::Sample& sample) {
  return headline(gpu_util_said(sample), sample.window, of(0.833, sample.window), {});
}

sample::Sample window_of(Seconds window) {
  sample::Sample sample;
  sample.window = window;
  sample.set<Id::gpu_util>(of(0, Seconds(0.2)));
  return sample;
}

TEST(Headline, OfASecondIsNvidiaSmisOwnWord) {
  EXPECT_THAT(said_of(window_of(Seconds(1))), StartsWith("nvidia-smi says 0 %; really 83.3 %"));
}

TEST(Headline, OfLongerIsTheMeanOfTheDriversSamples) {
  sample::Sample sample = window_of(Seconds(6));
  sample.set<Id::gpu_util_samples>(of(0.83, Seconds(5.8)));
  EXPECT_THAT(said_of(sample), StartsWith("nvidia-smi says 83.0 % on average; really 83.3 %"));
}

TEST(Headline, WithoutThatMeanItSaysOfWhenItIs) {
  sample::Sample sample = window_of(Seconds(6));
  EXPECT_THAT(said_of(sample), StartsWith("nvidia-smi says 0 % at the end of these 6 s; really"));
  for (const double window : {2.0, 24.0}) {  // of a part, or of before
    sample.set<Id::gpu_util_samples>(of(0.83, Seconds(window)));
    EXPECT_THAT(said_of(sample), HasSubstr("at the end of these 6 s")) << window;
  }
}

TEST(Headline, WindowsMadeIntoOneAreAMeanAlready) {
  sample::Sample sample = window_of(Seconds(60));
  sample.set<Id::gpu_util>(
      Reading<Ratio>::derived(Ratio::fraction(0.5), Source::nvml, Seconds(12)));
  EXPECT_THAT(said_of(sample), StartsWith("nvidia-smi says 50.0 %; really"));
}

}  // namespace
}  // namespace assay::format
