// SPDX-License-Identifier: Apache-2.0
#include "assay/sample/reading.hpp"

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <set>
#include <string>

namespace assay::sample {
namespace {

using R = Reading<double>;

rc::Gen<R> any_reading() {
  return rc::gen::map(
      rc::gen::tuple(rc::gen::maybe(rc::gen::arbitrary<double>()), rc::gen::inRange(0, 6),
                     rc::gen::inRange(0, static_cast<int>(kReasonCount)), rc::gen::inRange(0, 9),
                     rc::gen::arbitrary<double>()),
      [](const auto& parts) {
        const auto& [raw, state, reason, source, window] = parts;
        std::optional<double> value;
        if (raw) value = *raw;
        return R::restored(value, static_cast<State>(state), static_cast<Reason>(reason),
                           static_cast<Source>(source), Seconds(window));
      });
}

TEST(Reading, IsUnknownUntilSomebodyReads) {
  const R reading;
  EXPECT_EQ(reading.state(), State::unknown);
  EXPECT_EQ(reading.reason(), Reason::not_read);
  EXPECT_EQ(reading.value(), std::nullopt);
  EXPECT_EQ(reading.raw(), std::nullopt);
  EXPECT_FALSE(reading.usable());
}

TEST(Reading, MeasuredDerivedAndEstimatedCanBeUsed) {
  for (const R& reading :
       {R::measured(0.5, Source::gpm, Seconds(1)), R::derived(0.5, Source::gpm, Seconds(1)),
        R::estimated(0.5, Reason::no_gpm, Source::gpm, Seconds(1))}) {
    EXPECT_EQ(reading.value(), 0.5);
    EXPECT_EQ(reading.source(), Source::gpm);
    EXPECT_EQ(reading.window(), Seconds(1));
  }
  EXPECT_EQ(R::measured(1, Source::gpm).reason(), Reason::none);
  EXPECT_EQ(R::estimated(1, Reason::no_gpm, Source::nvml).reason(), Reason::no_gpm);
}

TEST(Reading, StaleAndInvalidAreShownButNeverUsed) {
  const R stale = R::stale(0.5, Reason::timeout, Source::nvml);
  EXPECT_EQ(stale.raw(), 0.5);
  EXPECT_EQ(stale.value(), std::nullopt);
  const R invalid = R::invalid(1.04, Reason::out_of_range, Source::gpm);
  EXPECT_EQ(invalid.raw(), 1.04);
  EXPECT_EQ(invalid.value(), std::nullopt);
}

TEST(Reading, AStaleOneMayHaveNothingToShow) {
  EXPECT_EQ(R::stale(std::nullopt, Reason::timeout, Source::nvml).raw(), std::nullopt);
}

TEST(Reading, AMeasuredZeroIsAValue) {
  EXPECT_EQ(R::measured(0, Source::gpm).value(), 0.0);
  EXPECT_NE(R::measured(0, Source::gpm), R::unknown(Reason::no_gpm, Source::gpm));
}

TEST(Reading, OnlySoundStatesGiveAValue) {
  EXPECT_TRUE(rc::check([] {
    const R reading = *any_reading();
    const bool sound = reading.state() == State::measured || reading.state() == State::derived ||
                       reading.state() == State::estimated;
    RC_ASSERT(reading.value().has_value() == (sound && reading.raw().has_value()));
    RC_ASSERT(reading.usable() == reading.value().has_value());
    if (reading.value()) RC_ASSERT(reading.value() == reading.raw());
  }));
}

TEST(Reading, UnknownNeverHasAValueWhateverTheReason) {
  for (std::size_t i = 0; i < kReasonCount; ++i) {
    const R reading = R::unknown(static_cast<Reason>(i), Source::nvml, Seconds(1));
    EXPECT_EQ(reading.value(), std::nullopt);
    EXPECT_EQ(reading.raw(), std::nullopt);
  }
}

TEST(Reading, RestoredGivesBackWhatWasStored) {
  EXPECT_TRUE(rc::check([] {
    const R reading = *any_reading();
    RC_ASSERT(R::restored(reading.raw(), reading.state(), reading.reason(), reading.source(),
                          reading.window()) == reading);
  }));
}

TEST(Reading, IsSmall) { EXPECT_LE(sizeof(R), 40U); }

TEST(Words, StatesRoundTrip) {
  for (int i = 0; i <= static_cast<int>(State::invalid); ++i) {
    const auto state = static_cast<State>(i);
    EXPECT_EQ(parse_state(to_string(state)), state);
  }
  EXPECT_EQ(to_string(State::stale), "stale");
  EXPECT_EQ(parse_state("lost"), std::nullopt);
}

// The words are in recordings: this table may grow, but a word once given must not change.
TEST(Words, ReasonsRoundTripAndAreUnique) {
  std::set<std::string_view> words;
  for (std::size_t i = 0; i < kReasonCount; ++i) {
    const auto reason = static_cast<Reason>(i);
    EXPECT_EQ(parse_reason(to_string(reason)), reason);
    EXPECT_TRUE(words.insert(to_string(reason)).second) << to_string(reason);
  }
  EXPECT_EQ(to_string(Reason::no_gpm), "no-gpm");
  EXPECT_EQ(to_string(Reason::out_of_range), "out-of-range");
  EXPECT_EQ(to_string(Reason::no_workload), "no-workload");
  EXPECT_EQ(parse_reason("no gpm"), std::nullopt);
}

TEST(Words, EachReasonHasASentenceOfItsOwn) {
  EXPECT_EQ(sentence(Reason::none), "");
  std::set<std::string_view> sentences;
  for (std::size_t i = 1; i < kReasonCount; ++i) {
    const std::string_view text = sentence(static_cast<Reason>(i));
    EXPECT_GT(text.size(), 15U) << to_string(static_cast<Reason>(i));
    EXPECT_EQ(text.find('\n'), text.npos);
    EXPECT_FALSE(text.ends_with('.')) << text;
    EXPECT_TRUE(sentences.insert(text).second) << text;
  }
}

}  // namespace
}  // namespace assay::sample
