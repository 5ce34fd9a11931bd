// SPDX-License-Identifier: Apache-2.0
// `assay scope` beside known work on a real device. No figure of a certain chip is expected.
#include <fmt/format.h>
#include <gmock/gmock.h>

#include <nlohmann/json.hpp>
#include <string>

#include "gpu/beside.hpp"
#include "gpu/table.hpp"

namespace assay::test {
namespace {

using nlohmann::json;

class ScopeOnDevice : public testing::Test {
 protected:
  void SetUp() override {
    if (const std::string why = no_device(); !why.empty()) GTEST_SKIP() << why;
  }

  // One look while `work` runs in the background, which is ended afterwards. What another profiler
  // or the driver forbids is a skip, and says so. `meanwhile`: what to do with the process $look.
  static json beside(const std::string& work, const std::string& options,
                     const std::string& meanwhile = ":") {
    const std::string out =
        output_of(work + " >/dev/null 2>&1 & work=$!; sleep 1.5; " + quoted("assay") +
                  " scope --json " + options + " 2>&1 & look=$!; " + meanwhile +
                  "; wait $look; kill $work 2>/dev/null; wait $work 2>/dev/null");
    const std::size_t at = out.find("{\"schema\":\"assay.scope/1\"");
    EXPECT_NE(at, std::string::npos) << out;
    return at == std::string::npos ? json() : json::parse(out.substr(at));
  }
  static void note(const std::string& what, const json& look, const std::string& wanted) {
    Table::of_this_program().add(
        {what,
         fmt::format("{} ticks, {} lost; SM active {:.3f} %: on {:.2f} % x fill {:.2f} %",
                     look["ticks"].get<int>(), look["lost"].get<int>(),
                     look["mean"]["sm_active"].get<double>() * 100,
                     look["duty"]["on"].get<double>() * 100,
                     look["duty"]["fill"].get<double>() * 100),
         wanted});
  }
};

const std::string kHalf = quoted("assay-lab-one") + " half-sms 20";

TEST_F(ScopeOnDevice, HalfTheSms) {
  const json look = beside(kHalf, "--interval 20us --for 200ms --burst");
  ASSERT_FALSE(look.is_null());
  note("half the SMs; burst of 200 ms at 20 us, all channels", look, "50.0 %, none lost");
  EXPECT_NEAR(look["mean"]["sm_active"], 0.5, 0.001);
  EXPECT_EQ(look["duty"]["shape"], "part-of-the-sms");
  EXPECT_EQ(look["lost"], 0);
  EXPECT_GE(look["ticks"], 9'990);
}

TEST_F(ScopeOnDevice, HalfTheSmsAt12us) {
  const json look = beside(kHalf, "--interval 12us --for 1s --burst --channels sm_active");
  ASSERT_FALSE(look.is_null());
  note("half the SMs; burst of 1 s at 12 us, SM active alone", look, "50.0 %, none lost");
  EXPECT_NEAR(look["mean"]["sm_active"], 0.5, 0.001);
  EXPECT_EQ(look["lost"], 0);
  EXPECT_GE(look["ticks"], 83'000);
}

TEST_F(ScopeOnDevice, AStreamAsLongAsAsked) {
  const json look = beside(kHalf, "--interval 100us --for 5s");
  ASSERT_FALSE(look.is_null());
  note("half the SMs; 5 s at 100 us, all channels", look, "50.0 %, none lost");
  EXPECT_EQ(look["lost"], 0);
  EXPECT_NEAR(look["ticks"], 50'000, 1);
  // No tick is torn where one fetch ends and the next begins.
  EXPECT_THAT(look["timeline"]["sm_active"],
              testing::Each(testing::ResultOf([](const json& share) { return share.get<double>(); },
                                              testing::DoubleNear(0.5, 0.005))));
}

TEST_F(ScopeOnDevice, GoesOnAfterTheDevicesBufferRanOver) {
  const json look = beside(kHalf, "--interval 100us --for 8s",
                           "sleep 2; kill -STOP $look; sleep 3; kill -CONT $look");
  ASSERT_FALSE(look.is_null());
  note("half the SMs; 8 s at 100 us, all channels, the reader stopped for 3 s", look,
       "50.0 %, all of 80,000 there or lost");
  EXPECT_EQ(look["overflows"], 1);
  EXPECT_EQ(look["ended"], nullptr);
  EXPECT_NEAR(look["mean"]["sm_active"], 0.5, 0.001);
  EXPECT_NEAR(look["ticks"].get<int>() + look["lost"].get<int>(), 80'000, 20);
  EXPECT_NEAR(look["lost"], 30'000, 10'000);
}

TEST_F(ScopeOnDevice, AllSmsAPartOfTheTime) {
  for (const auto& [on_us, share] : {std::pair{300, 0.3}, {500, 0.5}, {800, 0.8}}) {
    const std::string duty = fmt::format("{} 20 1000 {}", quoted("assay-duty"), on_us);
    for (const char* options : {"--interval 20us --for 200ms --burst", "--for 500ms"}) {
      const json look = beside(duty, options);
      ASSERT_FALSE(look.is_null());
      note(fmt::format("all SMs for {} us of each ms; {}", on_us, options), look,
           fmt::format("{:.0f} % within 1 point", share * 100));
      EXPECT_NEAR(look["mean"]["sm_active"], share, 0.01);
      EXPECT_NE(look["duty"]["shape"], "part-of-the-sms");
    }
  }
}

}  // namespace
}  // namespace assay::test
