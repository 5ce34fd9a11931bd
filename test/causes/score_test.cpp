// SPDX-License-Identifier: Apache-2.0
// The causes that assay names for the labelled programs, from their recordings on a real device:
// precision and recall, and docs/evidence/causes.md kept true to them. With ASSAY_WRITE_EVIDENCE=1
// the page is written anew.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <map>
#include <string>

#include "score.hpp"

namespace assay::labelled {
namespace {

const std::string kRoot = ASSAY_SOURCE_DIR;
const std::string kPage = kRoot + "/docs/evidence/causes.md";
constexpr std::string_view kBegin = "<!-- made by cause_score_test -->\n";
constexpr std::string_view kEnd = "<!-- end -->\n";

const std::vector<Seen>& set() {
  static const std::vector<Seen> kSet = [] {
    auto read = read_set(kRoot + "/test/causes/programs.toml", kRoot + "/test/causes/recordings");
    EXPECT_TRUE(read.ok()) << read.error().message;
    return read.ok() ? *std::move(read) : std::vector<Seen>{};
  }();
  return kSet;
}

Score all_of(Route route) {
  return score(set(), route, [](const Program&) { return true; });
}

Score scored_of(Route route) {
  return score(set(), route, [](const Program& program) { return !program.for_tuning; });
}

TEST(LabelledSet, IsLargeEnoughAndHalfOfItIsOnlyScored) {
  EXPECT_GE(set().size(), 45U);
  std::map<causes::Cause, int> programs;
  std::map<causes::Cause, int> scored;
  for (const Seen& seen : set()) {
    ++programs[seen.program.cause];
    scored[seen.program.cause] += seen.program.for_tuning ? 0 : 1;
    EXPECT_TRUE(seen.program.simulated || seen.device.job->kernels != nullptr)
        << seen.program.name << " was recorded without its trace";
  }
  int only_scored = 0;
  for (const causes::CauseInfo& cause : causes::all()) {
    EXPECT_GE(programs[cause.cause], cause.cause == causes::Cause::healthy ? 6 : 3) << cause.id;
    EXPECT_GE(scored[cause.cause], 1) << cause.id;
    only_scored += scored[cause.cause];
  }
  EXPECT_GE(only_scored * 2, static_cast<int>(set().size()));
}

// The bounds that were asked for; of what was only scored, too.
TEST(LabelledSet, CountersAlone) {
  for (const Score& score : {all_of(Route::gpm), scored_of(Route::gpm)}) {
    EXPECT_GE(score.overall.precision(), 0.85);
    EXPECT_GE(score.overall.recall(), 0.85);
  }
}

TEST(LabelledSet, WhatARunRecords) {
  for (const Score& score : {all_of(Route::run), scored_of(Route::run)}) {
    EXPECT_GE(score.overall.precision(), 0.95);
    EXPECT_GE(score.overall.recall(), 0.95);
  }
}

// It knows no names and no shapes: a product, a collective and a tail look like what they are not.
TEST(LabelledSet, TheMicroscopeAlone) {
  const Score score = all_of(Route::scope);
  EXPECT_GE(score.overall.asked, 45);
  EXPECT_GE(score.overall.recall(), 0.85);
}

// It looks where it has to, and takes nobody's counters elsewhere.
TEST(LabelledSet, DivergentLanesWereLookedAtAndMatrixUnitsWereNot) {
  for (const Seen& seen : set()) {
    const bool looked = seen.device.job->microscope.lanes.has_value();
    if (seen.program.cause == causes::Cause::divergent_lanes) {
      EXPECT_TRUE(looked) << seen.program.name;
    }
    if (seen.program.cause == causes::Cause::throttled) {
      EXPECT_FALSE(looked) << seen.program.name;
    }
  }
}

// What the trace can't see is which lanes of a warp were on: divergent lanes alone are missed.
TEST(LabelledSet, WithTheTraceOnlyDivergentLanesAreMissed) {
  const Score score = all_of(Route::trace);
  EXPECT_GE(score.overall.recall(), 0.93);
  for (const Miss& miss : score.misses)
    EXPECT_EQ(miss.cause, causes::Cause::divergent_lanes) << miss.program;
}

TEST(LabelledSet, TheTraceNeverMakesAnAnswerWorse) {
  EXPECT_GE(all_of(Route::trace).overall.precision(), all_of(Route::gpm).overall.precision());
}

TEST(LabelledSet, TheEvidencePageIsTrue) {
  std::ifstream file(kPage);
  std::string page{std::istreambuf_iterator<char>(file), {}};
  const std::size_t begin = page.find(kBegin);
  const std::size_t end = page.find(kEnd);
  ASSERT_TRUE(begin != std::string::npos && end != std::string::npos) << kPage;
  const std::size_t from = begin + kBegin.size();
  const std::string made = "\n" + evidence(set()) + "\n";
  if (std::getenv("ASSAY_WRITE_EVIDENCE") != nullptr) {
    page.replace(from, end - from, made);
    std::ofstream(kPage) << page;
    return;
  }
  EXPECT_TRUE(page.substr(from, end - from) == made)
      << "docs/evidence/causes.md is not what the rules say now; ASSAY_WRITE_EVIDENCE=1 "
         "build/release/bin/cause_score_test writes it anew";
}

}  // namespace
}  // namespace assay::labelled
